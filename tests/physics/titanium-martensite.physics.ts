import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { identifyPhase } from "../../src/properties/phase-order.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { isPresent } from "../support/requirements.js";

const file = "/usr/share/lammps/potentials/Ti.meam.sw.spline";

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
describe.skipIf(!isPresent(file))("bcc titanium (Hennig, from lammps-data) at 0 GPa", () => {
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
