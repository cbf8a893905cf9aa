/** Small files of each format that use its features; hand-made, so that tests know what is in them. */

export const EXTXYZ = `2
Lattice="4 0 0.5 0 5 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3:id:I:1:move_mask:L:1:name:S:1 energy=-3.5 stress="1 6 5 6 2 4 5 4 3" config_type="liquid quench" weight=2 note="a \\"b\\" = c" flags="T F" list="1 2.5" count=3 provenance="_JSON {\\"code\\": \\"pw.x\\"}" pbc="T F T"
Si 0.0 0.0 0.0 1 2 3 7 T one
Si 1.5 -1.5 1.5D0 -1 -2 -3e-1 8 F two
1
Properties=species:S:1:pos:R:3:Z:I:1 virial="1 0 0 0 1 0 0 0 1" free_energy=-1.25
O 0 0 0 8

1
plain words
he 1 2 3
VEC1 5 0 0
`;

export const POSCAR = `Si and O
 2.0
 2.0 0.0 0.25
 0.0 2.5 0.0
 0.0 0.0 3.0
 Si_pv O
 2 1
Selective dynamics
Direct
 0.0 0.0 0.0 T T F
 0.5 0.5 0.5 F F F
 0.25 0.25 0.75 T T T

 0.001 0.0 -0.002
 0.0 0.0 0.0
 0.5E-03 0.0 0.0
`;

export const POSCAR_VASP_4 = `Si O
-30.0
1 0 0
0 1 0
0 0 1
1 1
Cartesian
0 0 0
0.5 0.5 0.5
`;

export const VASPRUN = `<?xml version="1.0" encoding="ISO-8859-1"?>
<modeling>
 <generator><i name="program" type="string">vasp </i><i name="version" type="string">5.4.4  </i></generator>
 <incar><i type="int" name="NELM">3</i></incar>
 <kpoints><generation param="Gamma"><v type="int" name="divisions">1 1 1</v></generation></kpoints>
 <parameters><separator name="electronic"><i type="int" name="NELM">     3</i></separator></parameters>
 <atominfo>
  <atoms>       2 </atoms>
  <types>       2 </types>
  <array name="atoms" ><dimension dim="1">ion</dimension><field type="string">element</field><field type="int">atomtype</field>
   <set><rc><c>Si</c><c>   1</c></rc><rc><c>O </c><c>   2</c></rc></set>
  </array>
  <array name="atomtypes" ><dimension dim="1">type</dimension><set><rc><c>   1</c><c>Si</c></rc></set></array>
 </atominfo>
 <structure name="initialpos" >
  <crystal><varray name="basis" ><v> 4.0 0.0 0.0 </v><v> 0.0 5.0 0.0 </v><v> 0.0 0.0 6.0 </v></varray></crystal>
  <varray name="positions" ><v> 0.0 0.0 0.0 </v><v> 0.5 0.5 0.5 </v></varray>
  <varray name="selective" ><v type="logical"> T T T </v><v type="logical"> F F T </v></varray>
 </structure>
 <calculation>
  <scstep><energy><i name="e_fr_energy"> -9.0 </i></energy></scstep>
  <scstep><energy><i name="e_fr_energy"> -10.0 </i><i name="e_wo_entrp"> -9.9 </i><i name="e_0_energy"> -9.95 </i></energy></scstep>
  <structure>
   <crystal>
    <varray name="basis" ><v> 4.0 0.0 0.0 </v><v> 0.0 5.0 0.0 </v><v> 0.0 0.5 6.0 </v></varray>
    <i name="volume"> 120.0 </i>
   </crystal>
   <varray name="positions" ><v> 0.0 0.0 0.0 </v><v> 0.5 0.5 0.5 </v></varray>
  </structure>
  <varray name="forces" ><v> 0.1 0.2 0.3 </v><v> -0.1 -0.2 -0.3 </v></varray>
  <varray name="stress" ><v> 10.0 4.0 5.0 </v><v> 4.0 20.0 6.0 </v><v> 5.0 6.0 30.0 </v></varray>
  <energy><i name="e_fr_energy"> -10.0 </i><i name="e_wo_entrp"> -9.9 </i><i name="e_0_energy"> -9.95 </i></energy>
  <dos><i name="efermi"> 1.0 </i></dos>
 </calculation>
 <calculation>
  <scstep><energy><i name="e_fr_energy"> -1.0 </i></energy></scstep>
  <scstep><energy><i name="e_fr_energy"> -2.0 </i></energy></scstep>
  <scstep><energy><i name="e_fr_energy"> -11.0 </i><i name="e_wo_entrp"> -11.0 </i><i name="e_0_energy"> -11.0 </i></energy></scstep>
  <structure>
   <crystal><varray name="basis" ><v> 4.1 0.0 0.0 </v><v> 0.0 5.0 0.0 </v><v> 0.0 0.0 6.0 </v></varray></crystal>
   <varray name="positions" ><v> 0.1 0.0 0.0 </v><v> 0.5 0.5 0.5 </v></varray>
  </structure>
  <varray name="forces" ><v> 0.0 0.0 0.0 </v><v> 0.0 0.0 0.0 </v></varray>
  <energy><i name="e_fr_energy"> -11.0 </i><i name="e_wo_entrp"> -11.0 </i><i name="e_0_energy"> -11.0 </i></energy>
 </calculation>
</modeling>
`;

export const LAMMPS_TRICLINIC = `a title

3 atoms
2 atom types

-1.0 4.0 xlo xhi
0.0 5.0 ylo yhi
0.0 6.0 zlo zhi
0.5 -0.25 0.125 xy xz yz

Masses

1 28.0855
2 15.999 # O

Atoms # charge

3 2 -0.5 0.1 0.2 0.3 0 0 1
1 1 1.0 1.1 1.2 1.3 0 -1 0
4 1 0.0 2.1 2.2 2.3 0 0 0

Velocities

1 1.5 0 0
3 0 -2.5e-1 0
4 0 0 3
`;

export const LAMMPS_ATOMIC = `LAMMPS data file

2 atoms
1 atom types
0 4 xlo xhi
0 4 ylo yhi
0 4 zlo zhi

Atoms

2 1 2 2 2
1 1 0 0 0
`;

export const FITSNAP = `# a comment
{"Dataset": {"Data": [{"Stress": [[48457.11, -1136.2, -2351.65], [-1136.2, 49582.49, -508.5], [-2351.65, -508.5, 49591.75]],
 "Positions": [[0.1, 0.2, 0.3], [1.5, 1.6, 1.7]], "Energy": -23.5, "AtomTypes": ["Ta", "W"], "Charges": [0.5, -0.5],
 "Lattice": [[3.3, 0.0, 0.0], [0.0, 3.3, 0.0], [0.1, 0.0, 3.3]], "NumAtoms": 2, "computation_code": "VASP",
 "Forces": [[0.1, 0.2, 0.3], [-0.1, -0.2, -0.3]]}],
 "PositionsStyle": "angstrom", "AtomTypeStyle": "chemicalsymbol", "Label": "two atoms", "StressStyle": "bar",
 "LatticeStyle": "angstrom", "EnergyStyle": "electronvolt", "ForcesStyle": "electronvoltperangstrom"}}
`;

const mlearnEntry = (shift: number, shear: readonly number[]) =>
  `{"structure": {"lattice": {"matrix": [[3.2, 0.0, 0.0], [0.0, 3.2, ${shift}], [0.0, 0.0, 3.2]]}, "sites": [
 {"species": [{"element": "Mo", "occu": 1}], "abc": [0, 0, 0], "xyz": [${shift}, 0.0, 0.0], "label": "Mo"},
 {"species": [{"element": "Mo", "occu": 1}], "abc": [0.5, 0.5, 0.5], "xyz": [1.6, 1.6, 1.6], "label": "Mo"}]},
 "num_atoms": 2, "element": "Mo", "group": "Elastic", "description": "number ${shift}", "tag": "test",
 "outputs": {"energy": -21.8, "forces": [[0.1, 0.0, ${shift}], [-0.1, 0.0, 0.0]], "virial_stress": [1.0, 2.0, 3.0, ${shear.join(", ")}]}}`;

export const MLEARN = `[${[mlearnEntry(0.1, [0, 0.5, -5]), mlearnEntry(0.2, [0, 0, -10]), mlearnEntry(-0.3, [0, 0.2, 15])].join(",\n")}]\n`;

export const SNAPCOEFF = `# a comment

2 5
Ta 0.5 1
-2.92477 # B[0]
-0.01137
 0.5D-1
1e-3
0
W 0.6 -0.9
1
2
3
4
5
`;

export const SNAPPARAM = `# required
rcutfac 4.67637
twojmax 6
# optional
rfac0 0.99363
rmin0 0
bzeroflag 0
quadraticflag 0
switchinnerflag 1
sinner 1.0 1.5
dinner 0.25 0.5
diagonalstyle 3
chunksize 4096
`;

export const SETFL_ALLOY = `comment one
comment two
comment three
2 Cu Ni
6 0.1 5 0.5 2.0
29 63.546 3.615 fcc
0 -0.1 -0.2 -0.3 -0.4
-0.5
1 0.9 0.8 0.5 0
28 58.693 3.52 FCC
0.0 -0.15 -0.25 -0.35 -0.45 -0.55
1.1 0.95 0.85 0.55 0
0 1 2 1 0
0 1.5 2.5 1.5 0
0 2 3 2 0E0
`;

export const SETFL_FINNIS_SINCLAIR = `a
b
c
1 Fe
5 0.1 5 0.5 2.0
26 55.845 2.87 bcc
0 -0.1 -0.2 -0.3 -0.4
1 0.9 0.8 0.5 0
0 1 2 1 0
`;

export const STILLINGER_WEBER = `# comments
Si Si Si 2.1683 2.0951 1.80 21.0 1.20
         -0.333333333333 7.049556277 0.6022245584 4.0 0.0 0.0
C Si C 2.0 2.0 1.80 21.0 1.20 -0.3 7.0 0.6 4.0 0.0 1.0E-2 # note
`;

export const TERSOFF = `# m, gamma, lambda3, c, d, costheta0, n, beta, lambda2, B, R, D, lambda1, A
Si(D) Si(D) Si(D) 3.0 1.0 0.0 1.0039e5 16.217 -0.59825 0.78734 1.1000e-6
        1.7322  471.18    2.85    0.15   2.4799  1830.8 # first variant
Si(B) Si(B) Si(B) 3.0 1.0 1.3258 4.8381 2.0417 0.0000 22.956 0.33675  1.3258  95.373  3.0  0.2  3.2394  3264.7
C Si(D) C 1 1.0 0.0 3.8049e4 4.3484 -0.57058 0 0 0 0 1.95 0.15 0 0
`;

export const SPLINE_MEAM = `Ti, of one element
2
-20.0 0.0
1 0 1 0
1.5 0.0 0.0e+00
2.0 0.1 0.0e+00
3
-20.0 0.0
1 0 1 0
1.5 1.0 0.0e+00
2.0 1.1 0.0e+00
2.5 1.2 0.0e+00
4
-20.0 0.0
1 0 1 0
1.5 2.0 0.0e+00
2.0 2.1 0.0e+00
2.5 2.2 0.0e+00
3.0 2.3 0.0e+00
5
-20.0 0.0
1 0 1 0
1.5 3.0 0.0e+00
2.0 3.1 0.0e+00
2.5 3.2 0.0e+00
3.0 3.3 0.0e+00
3.5 3.4 0.0e+00
6
-20.0 0.0
1 0 1 0
1.5 4.0 0.0e+00
2.0 4.1 0.0e+00
2.5 4.2 0.0e+00
3.0 4.3 0.0e+00
3.5 4.4 0.0e+00
4.0 4.5 0.0e+00
`;

export const SPLINE_MEAM_OF_TWO = `# Ti and O
meam/spline 2 Ti O
spline3eq
2
0 1
1.5 0.0 0.0e+00
2.0 0.1 0.0e+00
spline3eq
3
0 1
1.5 1.0 0.0e+00
2.0 1.1 0.0e+00
2.5 1.2 0.0e+00
spline3eq
2
0 1
1.5 2.0 0.0e+00
2.0 2.1 0.0e+00
spline3eq
3
0 1
1.5 3.0 0.0e+00
2.0 3.1 0.0e+00
2.5 3.2 0.0e+00
spline3eq
2
0 1
1.5 4.0 0.0e+00
2.0 4.1 0.0e+00
spline3eq
3
0 1
1.5 5.0 0.0e+00
2.0 5.1 0.0e+00
2.5 5.2 0.0e+00
spline3eq
2
0 1
1.5 6.0 0.0e+00
2.0 6.1 0.0e+00
spline3eq
3
0 1
1.5 7.0 0.0e+00
2.0 7.1 0.0e+00
2.5 7.2 0.0e+00
spline3eq
2
0 1
1.5 8.0 0.0e+00
2.0 8.1 0.0e+00
spline3eq
3
0 1
1.5 9.0 0.0e+00
2.0 9.1 0.0e+00
2.5 9.2 0.0e+00
spline3eq
2
0 1
1.5 10.0 0.0e+00
2.0 10.1 0.0e+00
spline3eq
3
0 1
1.5 11.0 0.0e+00
2.0 11.1 0.0e+00
2.5 11.2 0.0e+00
`;

export const SPLINE_MEAM_THREE_BODY = `Ti with three bodies
2
-1D1 0
1 0 1 0
1.5 0.0 0.0e+00
2.0 0.1 0.0e+00
3
-1D1 0
1 0 1 0
1.5 1.0 0.0e+00
2.0 1.1 0.0e+00
2.5 1.2 0.0e+00
4
-1D1 0
1 0 1 0
1.5 2.0 0.0e+00
2.0 2.1 0.0e+00
2.5 2.2 0.0e+00
3.0 2.3 0.0e+00
2
-1D1 0
1 0 1 0
1.5 3.0 0.0e+00
2.0 3.1 0.0e+00
3
-1D1 0
1 0 1 0
1.5 4.0 0.0e+00
2.0 4.1 0.0e+00
2.5 4.2 0.0e+00
4
-1D1 0
1 0 1 0
1.5 5.0 0.0e+00
2.0 5.1 0.0e+00
2.5 5.2 0.0e+00
3.0 5.3 0.0e+00
2
-1D1 0
1 0 1 0
1.5 6.0 0.0e+00
2.0 6.1 0.0e+00
`;
