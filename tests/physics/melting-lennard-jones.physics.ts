import { describe, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
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
const cutoff = 4 * sigma;
const parameters = { epsilon, sigma, cutoff };
const potential = createPotential({ kind: "lennard-jones", ...parameters });
const kelvin = (reduced: number): number => (reduced * epsilon) / BOLTZMANN;

/** Reduced density and enthalpy per atom of the full potential at zero pressure: the truncated one feels the tail's. */
async function stateOf(
  start: Structure,
  temperature: number,
): Promise<{ density: number; enthalpy: number; end: Structure }> {
  const count = start.numbers.length;
  let structure = start;
  for (let round = 0; ; round++) {
    const tail = lennardJonesTail(parameters, structure);
    const { averages, state } = await runDynamics({
      structure,
      potential,
      ensemble: {
        ...{ kind: "npt", temperature, pressure: -tail.pressure * GPA_PER_EV_A3 },
        ...{ thermostat: "langevin", thermostatTime: 300, barostatTime: 300, compressibility: 0.05 },
      },
      timestep: 4,
      steps: round === 0 ? 3000 : 12_000,
      averages: { after: 1000 },
      seed: 5 + round,
    });
    structure = state.structure;
    if (round === 0) continue;
    return {
      density: (count / averages!.volume) * sigma ** 3,
      enthalpy: (averages!.potentialEnergy + lennardJonesTail(parameters, structure).energy) / count / epsilon,
      end: structure,
    };
  }
}

describe("the full Lennard-Jones potential at no pressure", () => {
  // E. A. Mastny, J. J. de Pablo, J. Chem. Phys. 127 (2007) 104504: T* = 0.694, their equations 20 and 21 at that T*.
  it("melts at T* = 0.694 between densities 0.845 and 0.961, within 1%", async () => {
    const crystal = fcc("Cu", sigma * Math.cbrt(4 / 0.97));
    const phase = { name: "fcc", structure: crystal, repeats: [5, 5, 5], cell: "isotropic" } as const;
    const { melting } = await directCoexistence(potential.spec, phase, {
      pressure: 0,
      temperature: [kelvin(0.62), kelvin(0.74)],
      tolerance: kelvin(0.004),
      ...{ runs: 20, width: 7, length: 20, timestep: 4, seed: 1 },
    });
    const truncated = melting.value / kelvin(1);
    const solid = await stateOf(supercell(crystal, [6, 6, 6]), melting.value);
    const hot = await runDynamics({
      structure: supercell(fcc("Cu", sigma * Math.cbrt(4 / 0.8)), [6, 6, 6]),
      potential,
      ensemble: { kind: "nvt", temperature: 3 * melting.value, thermostat: "langevin" },
      ...{ timestep: 4, steps: 2000, seed: 1 },
    });
    const liquid = await stateOf(hot.state.structure, melting.value);
    expect(isDisordered(solid.end)).toBe(false);
    expect(isDisordered(liquid.end)).toBe(true);
    // To first order each phase's G falls by its tail, and the melting point rises by the difference over the entropy.
    const tailOf = (density: number): number => ((8 * Math.PI) / 3) * density * (1 / (3 * 4 ** 9) - 1 / 4 ** 3);
    const entropy = (liquid.enthalpy - solid.enthalpy) / truncated;
    const full = truncated + (tailOf(liquid.density) - tailOf(solid.density)) / entropy;
    console.log({
      truncated,
      full,
      error: melting.error / kelvin(1),
      entropy,
      solid: solid.density,
      liquid: liquid.density,
    });
    expect(melting.error / kelvin(1)).toBeLessThan(0.006);
    expect(Math.abs(full / 0.694 - 1)).toBeLessThan(0.01);
    expect(Math.abs(solid.density / 0.961 - 1)).toBeLessThan(0.01);
    expect(Math.abs(liquid.density / 0.845 - 1)).toBeLessThan(0.01);
  });
});
