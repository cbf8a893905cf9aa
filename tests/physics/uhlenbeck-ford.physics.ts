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

/** fs. */
const TIMESTEP = 8;

/** erfc(3.5). */
const ERFC = 7.43e-7;

describe("Uhlenbeck-Ford model at x = 0.7 against the published fit", () => {
  /*
   * A stretch of p takes time in proportion to its thermodynamic length, the integral of sqrt(2 var(U/p) tau / N) dp with tau
   * the correlation time of U, as work fluctuates over short times there. All of it is 1.8 kT sqrt(ps), so that N atoms and a
   * total time t leave an error of 1.8 kT / sqrt(N t), however they are divided. Loose baths are better where atoms fly,
   * tight ones where they are crowded. Pairs beyond 3.5 sigma are added as if they were not correlated.
   * Found: 0.25(10) meV/atom, in a run of other lengths 0.24(13). The published fits are no closer than that: from p = 25 to 50 they
   * rise by 0.0047(8) kT, 0.41(7) meV at 1000 K, more than the fluid does (108 atoms, steps of 6 fs and of 16).
   */
  it("ideal gas to p = 50 by switching both ways, 256 atoms: within 0.3 meV/atom, with an error bar below 0.1", async () => {
    const start = atomsOf(4);
    const atoms = start.numbers.length;
    const cutoff = 3.5 * sigma;
    const potential = createPotential({
      format: "phasecell-potential",
      version: 1,
      terms: [{ kind: "uhlenbeck-ford", strength: kT, sigma, cutoff }],
    });
    /** p, and ps from the one before. */
    const stages = [
      [0.1, 25],
      [0.3, 34],
      [0.6, 44],
      [1, 36],
      [1.7, 38],
      [3, 62],
      [5, 60],
      [8, 68],
      [12, 63],
      [18, 74],
      [26, 63],
      [37, 92],
      [50, 82],
    ] as const;
    const works: SwitchingWork[][] = stages.map(() => []);
    for (let replica = 0; replica < 10; replica++) {
      let state: Pick<DynamicsResult["state"], "structure"> & { velocities?: Float64Array } = { structure: start };
      let runs = 0;
      const run = async (from: number, to: number, time: number): Promise<number> => {
        const steps = Math.ceil((1000 * time) / TIMESTEP);
        const end = await runDynamics({
          ...state,
          potential,
          ensemble: {
            ...{ kind: "nvt", temperature, thermostat: "langevin" },
            thermostatTime: Math.max(from, to) > 3 ? 60 : 300,
          },
          switching: { potential: [from, to] },
          timestep: TIMESTEP,
          steps,
          sampleEvery: steps,
          seed: seedOf(1, replica, runs++),
          // Atoms of an ideal gas overlap.
          forceLimit: 1e9,
          moveLimit: 5,
        });
        state = end.state;
        return end.rows.at(-1)!.potentialWork;
      };
      const startOf = (stage: number): number => stages[stage - 1]?.[0] ?? 0;
      await run(0, 0, 5);
      const forward: number[] = [];
      for (const [k, [to, time]] of stages.entries()) forward.push(await run(startOf(k), to, time));
      await run(50, 50, 4);
      for (const [k, [from, time]] of [...stages.entries()].reverse())
        works[k]!.push({ forward: forward[k]!, backward: await run(from, startOf(k), time) });
    }
    const found = works.map((stage) => analyzeSwitching(stage, kT));
    const sum = (of: (stage: (typeof found)[number]) => number) => found.reduce((total, stage) => total + of(stage), 0);
    const error = Math.sqrt(sum(({ difference }) => difference.error ** 2)) / atoms;
    const beyond = (3.5 / 2) * Math.exp(-(3.5 ** 2)) + (Math.sqrt(Math.PI) / 4) * ERFC;
    const tail = 50 * kT * 2 * Math.PI * density * sigma ** 3 * beyond;
    const value = sum(({ difference }) => difference.value) / atoms + tail - finiteSize(50, atoms);
    const off = value - kT * uhlenbeckFordExcess(50, x);
    console.log(off, error, sum(({ dissipation }) => dissipation.value) / atoms, tail);
    expect(error).toBeLessThan(1e-4);
    expect(Math.abs(off)).toBeLessThan(3e-4);
  });

  it("p = 25 to 50 as legs of liquids do, 108 atoms: error bars of three replicas cover the difference in about 68% of 40 runs", async () => {
    const structure = atomsOf(3);
    const atoms = structure.numbers.length;
    // kT/atom by slow switching of 108 atoms (2.9 ns, 6 and 16 fs), +- 0.0008: the published fits say 7.9208.
    const exact = 7.9161 * kT;
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
            slowness: 1,
            seed: seedOf(2, run, replica),
          }),
        );
      const { difference } = analyzeSwitching(works, kT);
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
