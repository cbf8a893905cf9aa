import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { thermalVelocities } from "../../src/dynamics/velocities.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { massOf } from "../../src/structure/elements.js";
import { diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3, TIME_UNIT_FS } from "../../src/units.js";
import { lammpsOutput } from "../support/lammps.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

/** LAMMPS's metal units: amu (A/ps)^2 in eV, k in eV/K, eV/A^3 in bar. */
const LAMMPS_KINETIC = 1.0364269e-4;
const LAMMPS_BOLTZMANN = 8.617343e-5;
const LAMMPS_BAR = 1.6021765e6;

/** Thermodynamics of LAMMPS every 10 steps of 1 fs: step, T (K), potential and total energy (eV), pressure (bar). */
function lammpsRows({ cell, numbers, positions }: Structure, velocities: Float64Array, steps: number): number[][] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lammps-"));
  const triples = (values: Float64Array, scale: number): string[] =>
    Array.from(
      numbers,
      (_, i) => `${i + 1} ${Array.from(values.subarray(3 * i, 3 * i + 3), (x) => x * scale).join(" ")}`,
    );
  try {
    const data = [
      "# test",
      `${numbers.length} atoms`,
      "1 atom types",
      `0 ${cell[0]} xlo xhi`,
      `0 ${cell[4]} ylo yhi`,
      `0 ${cell[8]} zlo zhi`,
      "Masses\n",
      `1 ${massOf(14)}`,
      "Atoms\n",
      ...triples(positions, 1).map((line) => line.replace(" ", " 1 ")),
      "Velocities\n",
      // A/ps.
      ...triples(velocities, 1000),
    ];
    fs.writeFileSync(
      path.join(folder, "data"),
      `${data.join("\n").replaceAll(/\n(Masses|Atoms|Velocities)/g, "\n\n$1")}\n`,
    );
    const input = [
      "units metal",
      "read_data data",
      "pair_style sw",
      "pair_coeff * * /usr/share/lammps/potentials/Si.sw Si",
      "neigh_modify every 1 delay 0 check yes",
      "fix 1 all nve",
      "timestep 0.001",
      "thermo 10",
      "thermo_style custom step temp pe etotal press",
      "thermo_modify format float %.15g",
      `run ${steps}`,
    ];
    const stdout = lammpsOutput(folder, input.join("\n"));
    const [, table] = stdout.split(/^ *Step.*\n/m);
    return table!
      .split("\nLoop time")[0]!
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describeWith([requirePeer("lmp", "-help")], "LAMMPS", () => {
  it("goes the same way in 200 steps of Stillinger-Weber silicon at 1000 K", async () => {
    const crystal = supercell(diamond("Si", 5.431), [3, 3, 3]);
    // The same inertia in eV: LAMMPS's metal units are of older constants.
    const mass = (massOf(14) * LAMMPS_KINETIC) / (1e-6 * TIME_UNIT_FS ** 2);
    const values = new Float64Array(crystal.numbers.length).fill(mass);
    const structure = { ...crystal, arrays: { masses: { kind: "real", width: 1, values } } } as const;
    const velocities = thermalVelocities(structure, 2000, 6);
    const theirs = lammpsRows(structure, velocities, 200);
    const { rows } = await runDynamics({
      structure,
      velocities,
      potential: createPotential(stillingerWeberSilicon),
      ensemble: { kind: "nve" },
      steps: 200,
      seed: 1,
    });
    expect(rows.map((row) => row.step)).toEqual(theirs.map(([step]) => step));
    rows.forEach((row, k) => {
      const [, temperature, potential, total, pressure] = theirs[k]! as [number, number, number, number, number];
      // Rounding grows by about 1e3 in 200 fs.
      expect(Math.abs(row.potentialEnergy / potential - 1)).toBeLessThan(1e-11);
      expect(Math.abs(row.totalEnergy / total - 1)).toBeLessThan(1e-11);
      expect(Math.abs((row.temperature * BOLTZMANN) / (temperature * LAMMPS_BOLTZMANN) - 1)).toBeLessThan(1e-10);
      const bar = (row.pressure / GPA_PER_EV_A3) * LAMMPS_BAR;
      expect(Math.abs(bar - pressure)).toBeLessThan(1e-6);
    });
  });
});
