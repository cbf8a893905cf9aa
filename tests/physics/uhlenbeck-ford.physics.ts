import { describe, expect, it } from "vitest";
import { type DynamicsResult, runDynamics } from "../../src/dynamics/run-dynamics.js";
import { switchToUhlenbeckFord } from "../../src/free-energy/liquid-switching-leg.js";
import { seedOf } from "../../src/free-energy/seeds.js";
import { analyzeSwitching, type SwitchingWork } from "../../src/free-energy/switching.js";
import {
  sigmaAtReducedDensity,
  uhlenbeckFordCompressibility,
  uhlenbeckFordExcess,
  uhlenbeckFordPotential,
} from "../../src/free-energy/uhlenbeck-ford-model.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN } from "../../src/units.js";

const temperature = 1000;
const kT = BOLTZMANN * temperature;
const density = 0.08;
const x = 0.7;
const sigma = sigmaAtReducedDensity(x, density);
const atomsOf = (n: number) => supercell(fcc("Cu", Math.cbrt(4 / density)), [n, n, n]);

/** What N atoms have more than the model in the limit, per atom: see LiquidGibbsParts.finiteSize. */
const finiteSize = (scaling: number, atoms: number): number =>
  (kT * Math.log(uhlenbeckFordCompressibility(scaling, x))) / (2 * atoms);

describe("Uhlenbeck-Ford model at x = 0.7 against the published fit", () => {
  it("ideal gas to p = 50 by switching both ways, 256 atoms: within three error bars, which are below 0.3 meV/atom", async () => {
    const start = atomsOf(4);
    const atoms = start.numbers.length;
    const potential = createPotential(uhlenbeckFordPotential({ scaling: 1, sigma }, temperature));
    // p runs linearly within stages that dissipate alike.
    const stages = [0, 0.3, 1, 4, 12, 25, 50];
    let [value, variance] = [0, 0];
    for (let k = 0; k + 1 < stages.length; k++) {
      const [from, to] = [stages[k]!, stages[k + 1]!];
      const works: SwitchingWork[] = [];
      for (let replica = 0; replica < 6; replica++) {
        let state: Pick<DynamicsResult["state"], "structure"> & { velocities?: Float64Array } = { structure: start };
        const run = async (a: number, b: number, time: number, part: number): Promise<number> => {
          const steps = time / 5;
          const end = await runDynamics({
            ...state,
            potential,
            ensemble: { kind: "nvt", temperature, thermostat: "langevin", thermostatTime: 200 },
            switching: { potential: [a, b] },
            timestep: 5,
            steps,
            sampleEvery: steps,
            seed: seedOf(1, k, replica, part),
            // Atoms of an ideal gas overlap.
            forceLimit: 1e9,
            moveLimit: 5,
          });
          state = end.state;
          return end.rows.at(-1)!.potentialWork;
        };
        await run(from, from, 4000, 0);
        const forward = await run(from, to, 30_000, 1);
        await run(to, to, 2000, 2);
        works.push({ forward, backward: await run(to, from, 30_000, 3) });
      }
      const { difference } = analyzeSwitching(works);
      value += difference.value / atoms;
      variance += (difference.error / atoms) ** 2;
    }
    const off = value - finiteSize(50, atoms) - kT * uhlenbeckFordExcess(50, x);
    console.log(off, Math.sqrt(variance));
    expect(Math.sqrt(variance)).toBeLessThan(3e-4);
    expect(Math.abs(off)).toBeLessThan(3 * Math.sqrt(variance));
  });

  it("p = 25 to 50 as legs of liquids do, 108 atoms: error bars of three replicas cover the difference in about 68% of 40 runs", async () => {
    const structure = atomsOf(3);
    const atoms = structure.numbers.length;
    const exact =
      kT * (uhlenbeckFordExcess(50, x) - uhlenbeckFordExcess(25, x)) + finiteSize(50, atoms) - finiteSize(25, atoms);
    const runs = [];
    for (let run = 0; run < 40; run++) {
      const works: SwitchingWork[] = [];
      for (let replica = 0; replica < 3; replica++)
        works.push(
          await switchToUhlenbeckFord({
            potential: uhlenbeckFordPotential({ scaling: 25, sigma }, temperature),
            phase: "fluid",
            structure,
            reference: { scaling: 50, sigma },
            temperature,
            timestep: 4,
            equilibration: 1000,
            switching: 4000,
            seed: seedOf(2, run, replica),
          }),
        );
      const { difference } = analyzeSwitching(works);
      runs.push({ off: difference.value / atoms - exact, error: difference.error / atoms });
    }
    const covered = runs.filter(({ off, error }) => Math.abs(off) < error).length / runs.length;
    const bias = runs.reduce((sum, { off }) => sum + off, 0) / runs.length;
    const scatter = Math.sqrt(runs.reduce((sum, { off }) => sum + (off - bias) ** 2, 0) / (runs.length - 1));
    console.log(covered, bias, scatter, scatter / Math.sqrt(runs.length));
    // Binomial sigma of 40 runs is 0.074.
    expect(Math.abs(covered - 0.683)).toBeLessThan(0.18);
    expect(Math.abs(bias)).toBeLessThan((3 * scatter) / Math.sqrt(runs.length));
  });
});
