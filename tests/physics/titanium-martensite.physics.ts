import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { identifyPhase } from "../../src/properties/phase-order.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { dataFile, lammpsOutput, lammpsPotential } from "../support/lammps.js";
import { describeWith, requireLammpsPotentials, requirePeer } from "../support/requirements.js";
import { scratchFolder } from "../support/scratch-folder.js";

const file = lammpsPotential("Ti.meam.sw.spline");

/** bcc in the cell that hcp grows from by Burgers's path: [001], [1-10], [110]. */
function burgersCell(a: number) {
  const s = a * Math.SQRT2;
  const fractions = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0.5, 0, 0.5];
  return toStructure({
    cell: Float64Array.of(a, 0, 0, 0, s, 0, 0, 0, s),
    numbers: [22, 22, 22, 22],
    positions: Float64Array.from(fractions, (x, i) => x * [a, s, s][i % 3]!),
  });
}

/**
 * Gibbs energies put alpha to beta of this potential near 1550 K at 0 GPa, the paper's molecular dynamics at 1200 K
 * (R. G. Hennig et al., Phys. Rev. B 78 (2008) 054121). No free energy is needed to see which way it goes: where a crystal
 * in a free cell turns into another on its own, the other one is the more stable.
 */
describeWith([requireLammpsPotentials()], "bcc titanium (Hennig, from lammps-data) at 0 GPa", () => {
  it("turns into hcp on its own at 1200 K", async () => {
    const spec = parsePotentialExpression(file, (name) => readFileSync(name, "utf8"));
    const start = supercell(burgersCell(3.32), [6, 4, 4]);
    const { state, averages } = await runDynamics({
      structure: start,
      potential: createPotential(spec),
      ensemble: {
        kind: "npt",
        temperature: 1200,
        thermostat: "langevin",
        thermostatTime: 200,
        pressure: 0,
        cell: "any",
      },
      timestep: 2,
      steps: 50_000,
      averages: { after: 45_000 },
      sampleEvery: 1000,
      seed: 3,
    });
    const found = identifyPhase({ ...start, cell: averages!.cell, positions: state.structure.positions });
    console.log(found.phase, found.fractions);
    expect(found.phase).toBe("hcp");
  });
});

describeWith([requireLammpsPotentials(), requirePeer("lmp", "-h")], "the same in LAMMPS", () => {
  const folder = scratchFolder("martensite");
  it("turns into hcp, too", () => {
    const start = supercell(burgersCell(3.32), [4, 3, 4]);
    folder.write("data", dataFile(start, [22]));
    const cell = ["lx", "ly", "lz", "xy", "xz", "yz"];
    // It starts with twice the heat, half of which becomes potential energy.
    lammpsOutput(
      folder.path,
      `units metal
atom_style atomic
box tilt large
read_data data
pair_style meam/sw/spline
pair_coeff * * ${file} Ti
timestep 0.002
velocity all create 2400 17
fix m all npt temp 1200 1200 0.2 tri 0 0 2
run 3000
compute u all property/atom xu yu zu
fix p all ave/atom 20 50 1000 c_u[1] c_u[2] c_u[3]
${cell.map((name) => `variable ${name} equal ${name}`).join("\n")}
fix b all ave/time 20 50 1000 ${cell.map((name) => `v_${name}`).join(" ")} file box
dump d all custom 1000 mean id f_p[1] f_p[2] f_p[3]
dump_modify d sort id first no
run 1000`,
    );
    const rows = (name: string) =>
      readFileSync(folder.at(name), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/).map(Number));
    const [lx, ly, lz, xy, xz, yz] = rows("box").at(-1)!.slice(1) as [number, number, number, number, number, number];
    const positions = rows("mean")
      .slice(-start.numbers.length)
      .flatMap(([, x, y, z]) => [x!, y!, z!]);
    const found = identifyPhase({
      ...start,
      cell: Float64Array.of(lx, 0, 0, xy, ly, 0, xz, yz, lz),
      positions: Float64Array.from(positions),
    });
    console.log(found.phase, found.fractions);
    expect(found.phase).toBe("hcp");
  });
});
