import { expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { mean } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { EngineName } from "../../src/potentials/potential.js";
import { bcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { lammpsPotential } from "../support/lammps.js";
import { describeWith, isPresent, requireShared, shared } from "../support/requirements.js";
import { rattled } from "../support/structures.js";

const file = shared("data/fitsnap_Ta/reference/Ta06A.snapcoeff");

describeWith([requireShared("fitsnap_Ta")], "Ta06A + ZBL in mixed precision", () => {
  // Read inside of tests: vitest runs the body of a skipped suite, too.
  const tantalum = () => createPotential(parsePotentialExpression(`${file}+zbl(4.0,4.8)`, readText));
  const crystal = supercell(bcc("Ta", 3.316), [3, 0, 0, 0, 3, 0, 0, 0, 3]);

  it("has forces as exact as snap-mixed.as.ts says", async () => {
    const potential = tantalum();
    for (const amplitude of [0.05, 0.3]) {
      const moved = rattled(crystal, amplitude);
      const forcesOf = async (engine: EngineName): Promise<Float64Array> => {
        const session = await potential.open(moved, {}, engine);
        const { forces } = await session.evaluate();
        session.dispose();
        return forces;
      };
      const exact = await forcesOf("reference");
      const difference = (await forcesOf("wasm-mixed")).map((force, k) => force - exact[k]!);
      expect(Math.hypot(...difference) / Math.hypot(...exact)).toBeLessThan(1e-5);
      expect(Math.max(...difference.map(Math.abs))).toBeLessThan(2e-5);
    }
  });

  it("drifts no more than f64 does: by less than 1e-6 eV/atom in 20 ps from it", async () => {
    const potential = tantalum();
    const drifts = [];
    for (const engine of ["wasm", "wasm-mixed"] as const) {
      const { rows } = await runDynamics({
        ...{ structure: crystal, potential, ensemble: { kind: "nve" }, engine },
        ...{ initialTemperature: 2000, steps: 20_000, seed: 3 },
      });
      const energies = rows.slice(20).map(({ totalEnergy }) => totalEnergy / crystal.numbers.length);
      const half = energies.length >> 1;
      // The means of the halves are half a run apart.
      drifts.push(2 * (mean(energies.slice(half)) - mean(energies.slice(0, half))));
    }
    expect(Math.abs(drifts[1]! - drifts[0]!)).toBeLessThan(1e-6);
  });
});

const quadratic = lammpsPotential("Mo_Zuo_JPCA2020.quadratic.snapcoeff");

describeWith([isPresent(quadratic) ? undefined : `no ${quadratic}`], "quadratic Mo in mixed precision", () => {
  it("shifts a free energy by less than 1e-3 meV/atom", async () => {
    // F(f64) - F(mixed) = <U(f64) - U(mixed)> where mixed runs, but for its variance over 2 kT, which is far smaller.
    const potential = createPotential(parsePotentialExpression(quadratic, readText));
    const crystal = supercell(bcc("Mo", 3.17), [3, 0, 0, 0, 3, 0, 0, 0, 3]);
    const { frames } = await runDynamics({
      ...{ structure: crystal, potential, engine: "wasm-mixed", steps: 2000, timestep: 2, frameEvery: 100, seed: 5 },
      ensemble: { kind: "nvt", temperature: 2000, thermostat: "langevin" },
    });
    const differences = [];
    for (const { structure } of frames.slice(5)) {
      const energies = [];
      for (const engine of ["wasm", "wasm-mixed"] as const) {
        const session = await potential.open(structure, {}, engine);
        energies.push((await session.evaluate()).energy / crystal.numbers.length);
        session.dispose();
      }
      differences.push(energies[0]! - energies[1]!);
    }
    expect(differences.length).toBeGreaterThan(10);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(1e-6);
  });
});
