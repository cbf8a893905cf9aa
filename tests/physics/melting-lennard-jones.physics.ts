import { describe, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { mean } from "../../src/math/statistics.js";
import { directCoexistence } from "../../src/phase-diagram/direct-coexistence.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { lennardJonesTail } from "../../src/potentials/lennard-jones-tail.js";
import { isDisordered } from "../../src/properties/phase-order.js";
import { fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";

/** A Lennard-Jones atom as heavy and stiff as a metal's, so that times and pressures are those of metals. */
const [epsilon, sigma] = [0.1, 2.3];
const short = { epsilon, sigma, cutoff: 4 * sigma };
const long = { epsilon, sigma, cutoff: 7 * sigma };
const potential = createPotential({ kind: "lennard-jones", ...short });
const kelvin = (reduced: number): number => (reduced * epsilon) / BOLTZMANN;

async function energyOf(structure: Structure, parameters: typeof short): Promise<number> {
  const session = await createPotential({ kind: "lennard-jones", ...parameters }).open(structure);
  const { energy } = await session.evaluate();
  session.dispose();
  return energy;
}

/** A phase of the full potential at zero pressure, in reduced units per atom. */
interface State {
  readonly density: number;
  readonly enthalpy: number;
  /** What the truncation leaves out of G, to first order: the mean energy beyond the cutoff. */
  readonly beyond: number;
  readonly end: Structure;
}

/** The truncated potential under the pressure that the missing attraction would exert. */
async function stateOf(start: Structure, temperature: number): Promise<State> {
  const count = start.numbers.length;
  const run = (structure: Structure, steps: number, seed: number) =>
    runDynamics({
      structure,
      potential,
      ensemble: {
        ...{ kind: "npt", temperature, pressure: -lennardJonesTail(short, structure).pressure * GPA_PER_EV_A3 },
        ...{ thermostat: "langevin", thermostatTime: 300, barostatTime: 300, compressibility: 0.05 },
      },
      ...{ timestep: 4, steps, seed, sampleEvery: 100, frameEvery: 1000, averages: { after: 1000 } },
    });
  const settled = await run(start, 3000, 5);
  const { averages, frames, state } = await run(settled.state.structure, 12_000, 6);
  const beyond: number[] = [];
  for (const { structure } of frames.slice(2)) {
    const full = (await energyOf(structure, long)) + lennardJonesTail(long, structure).energy;
    beyond.push((full - (await energyOf(structure, short))) / count / epsilon);
  }
  return {
    density: (count / averages!.volume) * sigma ** 3,
    enthalpy: averages!.potentialEnergy / count / epsilon + mean(beyond),
    beyond: mean(beyond),
    end: state.structure,
  };
}

describe("the full Lennard-Jones potential at no pressure", () => {
  // E. A. Mastny, J. J. de Pablo, J. Chem. Phys. 127 (2007) 104504: T* = 0.694, their equations 20 and 21 at that T*.
  it("melts at T* = 0.694 between densities 0.845 and 0.961, within 1%", async () => {
    const crystal = fcc("Cu", sigma * Math.cbrt(4 / 0.97));
    const phase = { name: "fcc", structure: crystal, repeats: [5, 5, 5], cell: "isotropic" } as const;
    const { melting } = await directCoexistence(potential.spec, phase, {
      pressure: 0,
      temperature: [kelvin(0.62), kelvin(0.74)],
      tolerance: kelvin(0.0025),
      // Measured with 1300 atoms (width 7, length 20): T* 0.687 +- 0.002 for the full potential.
      ...{ runs: 20, width: 10, length: 26, timestep: 4, seed: 2 },
    });
    const truncated = melting.value / kelvin(1);
    const hot = await runDynamics({
      structure: supercell(fcc("Cu", sigma * Math.cbrt(4 / 0.8)), [6, 6, 6]),
      potential,
      ensemble: { kind: "nvt", temperature: 3 * melting.value, thermostat: "langevin" },
      ...{ timestep: 4, steps: 2000, seed: 1 },
    });
    const phases = (temperature: number) =>
      Promise.all([
        stateOf(supercell(crystal, [6, 6, 6]), temperature),
        stateOf(hot.state.structure, temperature),
      ] as const);
    const [cold, melt] = await phases(melting.value);
    // The melting point rises by what truncation takes from the liquid less than from the crystal, over the entropy.
    const entropy = (melt.enthalpy - cold.enthalpy) / truncated;
    const full = truncated + (melt.beyond - cold.beyond) / entropy;
    const [solid, liquid] = await phases(kelvin(full));
    expect(isDisordered(solid.end)).toBe(false);
    expect(isDisordered(liquid.end)).toBe(true);
    console.log({ truncated, full, error: melting.error / kelvin(1), entropy, solid, liquid });
    expect(melting.error / kelvin(1)).toBeLessThan(0.004);
    expect(Math.abs(full / 0.694 - 1)).toBeLessThan(0.01);
    expect(Math.abs(solid.density / 0.961 - 1)).toBeLessThan(0.01);
    expect(Math.abs(liquid.density / 0.845 - 1)).toBeLessThan(0.01);
  });
});
