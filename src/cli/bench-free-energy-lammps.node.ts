import fs from "node:fs";
import path from "node:path";
import { formatLammpsData } from "../formats/format-lammps-data.js";
import { einsteinFreeEnergy, springConstantsOf } from "../free-energy/einstein-crystal.js";
import { idealGasFreeEnergy } from "../free-energy/ideal-gas.js";
import { analyzeSwitching, type SwitchingWork } from "../free-energy/switching.js";
import { reducedDensity, uhlenbeckFordExcess } from "../free-energy/uhlenbeck-ford-model.js";
import { mean } from "../math/statistics.js";
import { latticeTranslations } from "../properties/lattice-sites.js";
import { atCell } from "../structure/at-cell.js";
import { cellVolume } from "../structure/cell.js";
import { atomicNumber, massOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN } from "../units.js";
import {
  type FreeEnergyCase,
  type FreeEnergyLengths,
  latticeOf,
  type SwitchedEnergy,
} from "./bench-free-energy-cases.js";
import { lammpsPotentialFile } from "./bench-peers.node.js";

/*
 * LAMMPS as calphy 1.x drives it (S. Menon, Y. Lysogorskiy, J. Rogal, R. Drautz, Phys. Rev. Materials 5, 103801 (2021)): one run
 * for the averages, one for each replica; thermodynamics every 10 steps of the averages, energies of every step of a
 * switching printed to a file. Kinder than calphy in that lengths are fixed (it goes on until the pressure has converged) and that
 * springs are tied to the lattice (it ties them to a snapshot). Displacements are counted from a snapshot, too, so that springs are half
 * as stiff as ours; with its bath of 0.1 ps this dissipates four times as much, and there and back less alike. Of 13 meV/atom in silicon
 * at 3 ps half the difference keeps 0.9, in closed form for harmonic modes; measured 1.1(3), gone with ten times the length.
 */

/** Of the Uhlenbeck-Ford model, calphy's. */
const SCALING = 50;
const SIGMA = 1.5;

/** What the averages of LAMMPS say: where switching happens. */
export interface SwitchingPlace {
  readonly structure: Structure;
  /** eV/A^2, of a crystal. */
  readonly springConstant: number;
}

export const isLiquid = ({ phase }: FreeEnergyCase): boolean => phase.state === "liquid";

/** Commands that read the atoms of a data file and their potential. */
export function lammpsHeader({ pairStyle, file, element }: FreeEnergyCase, data: string): string[] {
  return [
    "units metal",
    "boundary p p p",
    "atom_style atomic",
    "timestep 0.001",
    `pair_style ${pairStyle}`,
    `read_data ${data}`,
    `pair_coeff * * ${lammpsPotentialFile(file)} ${element}`,
    `mass 1 ${massOf(atomicNumber(element))}`,
  ];
}

/** Commands that put the atoms into the cubic cell of a structure. */
export function toCubicCell({ cell }: Structure): string[] {
  const ends = ["x", "y", "z"].map((axis) => `${axis} final 0 ${cell[0]!}`);
  return ["run 0", `change_box all ${ends.join(" ")} remap units box`];
}

/** Writes `averages`: zero pressure, then means of the cell, then of the displacements; a liquid is melted before. */
export function writeAverages(folder: string, one: FreeEnergyCase, lengths: FreeEnergyLengths, seed: number): void {
  const { temperature } = one;
  const half = lengths.sampling / 2;
  const npt = (kelvin: number): string => `fix nh all npt temp ${kelvin} ${kelvin} 0.1 iso 0 0 0.1`;
  const lines = [
    ...lammpsHeader(one, "data"),
    ...(isLiquid(one)
      ? [`velocity all create ${2 * temperature} ${seed}`, npt(2 * temperature), `run ${half}`, "unfix nh"]
      : []),
    `velocity all create ${temperature} ${seed}`,
    npt(temperature),
    "thermo_style custom step pe press vol etotal temp lx ly lz",
    "thermo 10",
    `run ${lengths.equilibration}`,
    "variable mlx equal lx",
    "variable mpress equal press",
    "fix av all ave/time 10 10 100 v_mlx v_mpress file avg.dat",
    `run ${isLiquid(one) ? lengths.sampling : half}`,
    "unfix av",
    "unfix nh",
    ...(isLiquid(one)
      ? []
      : [
          `fix nvt all nvt temp ${temperature} ${temperature} 0.1`,
          "compute msd all msd com yes",
          "variable msd equal c_msd[4]",
          "fix av all ave/time 10 10 100 v_msd file msd.dat",
          `run ${half}`,
        ]),
    "write_data conf.equilibration.data",
  ];
  fs.writeFileSync(path.join(folder, "data"), formatLammpsData([{ structure: latticeOf(one), group: "" }]));
  fs.writeFileSync(path.join(folder, "averages"), `${lines.join("\n")}\n`);
}

/** The mean cell, and springs from the mean square displacement after its first fifth. */
export function readAverages(folder: string, one: FreeEnergyCase): SwitchingPlace {
  const length = mean(column(path.join(folder, "avg.dat"), 1));
  const structure = atCell(latticeOf(one), Float64Array.of(length, 0, 0, 0, length, 0, 0, 0, length));
  if (isLiquid(one)) return { structure, springConstant: 0 };
  const squares = column(path.join(folder, "msd.dat"), 1);
  const [springConstant] = springConstantsOf([mean(squares.slice(Math.floor(squares.length / 5)))], one.temperature);
  return { structure, springConstant: springConstant! };
}

/** Numbers of one column of a file with comments. */
export function column(file: string, index: number): number[] {
  const lines = fs.readFileSync(file, "utf8").trim().split("\n");
  return lines.filter((line) => !line.startsWith("#")).map((line) => Number(line.trim().split(/\s+/)[index]));
}

/** Writes `switching-k`. */
export function writeSwitching(
  folder: string,
  one: FreeEnergyCase,
  { structure, springConstant }: SwitchingPlace,
  { equilibration, switching }: FreeEnergyLengths,
  replica: number,
): void {
  const { temperature } = one;
  const seed = 1000 + replica;
  const bath = [
    "fix f1 all nve",
    `fix f2 all langevin ${temperature} ${temperature} 0.1 ${seed} zero yes`,
    "fix_modify f2 temp Tcm",
  ];
  const draw = `velocity all create ${temperature} ${seed} mom yes rot yes dist gaussian`;
  const data = isLiquid(one) ? "conf.equilibration.data" : "data";
  const place = [...lammpsHeader(one, data), ...toCubicCell(structure), "compute Tcm all temp/com"];
  const record = (columns: string, name: string): string =>
    `fix pr all print 1 "${columns}" title "#" screen no file ${name}_${replica}.dat`;
  const crystal = [
    ...place,
    `fix ti all ti/spring ${springConstant} ${switching} ${equilibration} function 2`,
    ...bath,
    "variable dU1 equal pe/atoms",
    "variable dU2 equal f_ti/atoms",
    "variable lambda equal f_ti[1]",
    "thermo_style custom step pe c_Tcm",
    "thermo 10000",
    draw,
    ...["forward", "backward"].flatMap((name) => [
      `run ${equilibration}`,
      record(`\${dU1} \${dU2} \${lambda}`, name),
      `run ${switching}`,
      "unfix pr",
    ]),
  ];
  const epsilon = SCALING * BOLTZMANN * temperature;
  const coefficients = `pair_coeff * * ${one.pairStyle} ${lammpsPotentialFile(one.file)} ${one.element}`;
  const leg = (name: string, first: number, last: number): string[] => [
    `variable lambda equal ramp(${first},${last})`,
    "variable rest equal 1.0-v_lambda",
    `pair_style hybrid/scaled v_rest ${one.pairStyle} v_lambda ufm ${5 * SIGMA}`,
    coefficients,
    `pair_coeff * * ufm ${epsilon} ${SIGMA}`,
    `compute c1 all pair ${one.pairStyle}`,
    "compute c2 all pair ufm",
    "variable dU1 equal c_c1/atoms",
    "variable dU2 equal c_c2/atoms",
    "thermo_style custom step v_dU1 v_dU2",
    "thermo 1000",
    draw,
    ...bath,
    record(`\${dU1} \${dU2} \${lambda}`, name),
    `run ${switching}`,
    ...["fix f1", "fix f2", "fix pr", "compute c1", "compute c2"].map((what) => `un${what}`),
  ];
  const liquid = [
    ...place,
    draw,
    ...bath,
    `run ${equilibration}`,
    "unfix f1",
    "unfix f2",
    ...leg("forward", 0, 1),
    `pair_style ufm ${5 * SIGMA}`,
    `pair_coeff * * ${epsilon} ${SIGMA}`,
    "thermo_style custom step pe",
    ...bath,
    `run ${equilibration}`,
    "unfix f1",
    "unfix f2",
    ...leg("backward", 1, 0),
  ];
  const lines = isLiquid(one) ? liquid : crystal;
  fs.writeFileSync(path.join(folder, `switching-${replica}`), `${lines.join("\n")}\n`);
}

/** eV: the integral of (U_reference - U) d lambda along both ways of a replica, by trapezoids. */
export function readWork(folder: string, atoms: number, replica: number): SwitchingWork {
  const along = (name: string): number => {
    const file = path.join(folder, `${name}_${replica}.dat`);
    const [system, reference, lambda] = [0, 1, 2].map((index) => column(file, index)) as [number[], number[], number[]];
    let sum = 0;
    for (let k = 1; k < lambda.length; k++)
      sum += ((reference[k]! - system[k]! + reference[k - 1]! - system[k - 1]!) / 2) * (lambda[k]! - lambda[k - 1]!);
    return atoms * sum;
  };
  return { forward: along("forward"), backward: along("backward") };
}

/** eV/atom: F of so many atoms from the work that LAMMPS did. */
export function lammpsFreeEnergy(
  { temperature }: FreeEnergyCase,
  { structure, springConstant }: SwitchingPlace,
  works: readonly SwitchingWork[],
): SwitchedEnergy {
  const atoms = structure.numbers.length;
  const volume = cellVolume(structure.cell);
  const { difference, dissipation } = analyzeSwitching(works, BOLTZMANN * temperature);
  const masses = Array.from(structure.numbers, massOf);
  const translations = latticeTranslations(structure);
  let reference: number;
  if (springConstant > 0) {
    const springConstants = new Float64Array(atoms).fill(springConstant);
    const parts = einsteinFreeEnergy({ masses, springConstants, volume, translations }, temperature);
    reference = (parts.oscillators + parts.centerOfMass) / atoms;
  } else {
    const x = reducedDensity(SIGMA, atoms / volume);
    reference = idealGasFreeEnergy(structure, temperature) + BOLTZMANN * temperature * uhlenbeckFordExcess(SCALING, x);
  }
  return {
    value: reference - difference.value / atoms,
    error: difference.error / atoms,
    dissipation: dissipation.value / atoms,
  };
}
