import { describe, expect, it } from "vitest";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import type { CrystalPhase } from "../../src/free-energy/crystal-phase.js";
import type { GibbsEnergy } from "../../src/free-energy/gibbs-energy.js";
import { type Estimate, mean, variance } from "../../src/math/statistics.js";
import { directCoexistence } from "../../src/phase-diagram/direct-coexistence.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { lennardJonesTail } from "../../src/potentials/lennard-jones-tail.js";
import { isDisordered } from "../../src/properties/phase-order.js";
import { atCell } from "../../src/structure/at-cell.js";
import { cellVolume } from "../../src/structure/cell.js";
import { fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { apart, meltingByGibbs, shown } from "../support/melting.js";

/** A Lennard-Jones atom as heavy, wide and stiff as one of copper, so that all times are those of metals. */
const [epsilon, sigma] = [0.4, 2.3];
/** Runs have pairs up to 3.5 sigma, shifted to end at zero: what they leave out is summed to 12 sigma, and beyond by g(r) = 1. */
const near = { epsilon, sigma, cutoff: 3.5 * sigma };
const far = { epsilon, sigma, cutoff: 12 * sigma };
const potential = createPotential({ kind: "lennard-jones", ...near, shifted: true });

/** K, GPa and A^3 of a reduced unit. */
const KELVIN = epsilon / BOLTZMANN;
const VOLUME = sigma ** 3;
const PRESSURE = (epsilon / VOLUME) * GPA_PER_EV_A3;

/** About what the left-out attraction pulls with; the rest differs from phase to phase and counts in second order. */
const MISSING = 0.32;
/** Of the triple point, P*: that of the vapor. */
const VAPOR = 0.0013;

const crystal: CrystalPhase = {
  ...{ name: "fcc", structure: fcc("Cu", sigma * Math.cbrt(4 / 0.961)), repeats: [6, 6, 6], cell: "isotropic" },
};

/** Energy and pressure that the runs' potential leaves out of the full one, whole cell, reduced. */
async function leftOut(structure: Structure): Promise<{ energy: number; pressure: number }> {
  const volume = cellVolume(structure.cell);
  const of = async (terms: object) => {
    const session = await createPotential({ kind: "lennard-jones", ...terms }).open(structure);
    const { energy, virial } = await session.evaluate();
    session.dispose();
    return { energy, pressure: (virial[0]! + virial[4]! + virial[8]!) / (3 * volume) };
  };
  const [wide, cut, tail] = [await of(far), await of({ ...near, shifted: true }), lennardJonesTail(far, structure)];
  return {
    energy: (wide.energy + tail.energy - cut.energy) / epsilon,
    pressure: (wide.pressure + tail.pressure - cut.pressure) * (VOLUME / epsilon),
  };
}

/** A phase of the full potential at no pressure, reduced: where it differs from the runs, by perturbation theory. */
interface FullPhase {
  /** G(full, no pressure) - G(runs, their pressure), per atom. */
  readonly change: number;
  readonly density: Estimate;
}

async function fullPhase({ averages, state }: GibbsEnergy, temperature: number): Promise<FullPhase> {
  const start = atCell(supercell(crystal.structure, crystal.repeats), averages.meanCell);
  const count = start.numbers.length;
  const run = (from: Pick<DynamicsSpec, "structure" | "velocities">, at: number, steps: number) =>
    runDynamics({
      ...from,
      potential,
      ensemble: { kind: "nvt", temperature: at, thermostat: "langevin" },
      ...{ timestep: 2, steps, seed: 9, sampleEvery: steps / 10, frameEvery: steps / 10 },
    });
  const hot =
    state === "liquid" ? (await run({ structure: start }, 3 * temperature, 3000)).state : { structure: start };
  const settled = await run(hot, temperature, 3000);
  const { frames } = await run(settled.state, temperature, 6000);
  expect(isDisordered(frames.at(-1)!.structure)).toBe(state === "liquid");
  const parts = await Promise.all(frames.map(({ structure }) => leftOut(structure)));
  const energies = parts.map(({ energy }) => energy);
  const volume = averages.volume.value / VOLUME;
  const modulus = averages.bulkModulus / PRESSURE;
  const energy = (mean(energies) - variance(energies) / (2 * (temperature / KELVIN))) / count;
  const pressure = MISSING + mean(parts.map((part) => part.pressure));
  return {
    change: energy - MISSING * volume - (volume * pressure ** 2) / (2 * modulus),
    density: {
      value: 1 / (volume * (1 + pressure / modulus)),
      error: averages.volume.error / averages.volume.value / volume,
    },
  };
}

/** By G, with what takes a melting point [K] of the runs' potential to the triple point T* of the full one. */
async function crossing() {
  const temperature = 0.69 * KELVIN;
  const { melting, heat, solid, liquid } = await meltingByGibbs(potential.spec, crystal, {
    ...{ temperature, pressure: MISSING * PRESSURE, seed: 1, sampling: 20_000, switching: 15_000, replicas: 6 },
  });
  const [cold, molten] = [await fullPhase(solid, temperature), await fullPhase(liquid, temperature)];
  const entropy = heat / epsilon / (temperature / KELVIN);
  const expansion = 1 / molten.density.value - 1 / cold.density.value;
  const shift = (molten.change - cold.change + VAPOR * expansion) / entropy;
  const triplePoint = ({ value, error }: Estimate): Estimate => ({
    value: value / KELVIN + shift,
    error: error / KELVIN,
  });
  return { melting, triplePoint, densities: [cold.density, molten.density] as const, shift, entropy };
}

// E. A. Mastny, J. J. de Pablo, J. Chem. Phys. 127 (2007) 104504: T* = 0.694, and 0.9606, 0.8454 by their equations 20
// and 21 at that T*. Newer: A. J. Schultz, D. A. Kofke, J. Chem. Phys. 149 (2018) 204508.
describe("the full Lennard-Jones potential has its triple point at T* = 0.694, densities 0.961 and 0.845, within 1%", () => {
  let found: ReturnType<typeof crossing> | undefined;
  const byGibbs = () => (found ??= crossing());

  it("by G of both phases, 864 atoms", async () => {
    const { melting, triplePoint, densities, shift, entropy } = await byGibbs();
    const point = triplePoint(melting);
    console.log(
      `T* by G: ${shown(point, 4)}, of which ${shift.toFixed(4)} beyond the cutoff; entropy ${entropy.toFixed(3)}`,
    );
    console.log(`densities ${densities.map((density) => shown(density, 4)).join(", ")}`);
    // Error bars are below a third of the percent that is asked for; beside the melt below half of it.
    expect(point.error).toBeLessThan(0.002);
    expect(Math.abs(point.value / 0.694 - 1)).toBeLessThan(0.01);
    for (const [k, published] of [0.961, 0.845].entries()) {
      expect(densities[k]!.error).toBeLessThan(0.003);
      expect(Math.abs(densities[k]!.value / published - 1)).toBeLessThan(0.01);
    }
  });

  // Three runs half as long, in which melts of some layers lie between crystals, ended at 0.698: 0.6% too high.
  it("beside its melt, 2600 atoms, within two error bars of G", async () => {
    const { melting, triplePoint } = await byGibbs();
    const beside = await directCoexistence(potential.spec, crystal, {
      pressure: MISSING * PRESSURE,
      temperature: [0.62 * KELVIN, 0.74 * KELVIN],
      ...{ tolerance: 0.0025 * KELVIN, runs: 20, width: 7, length: 40, seed: 2 },
    });
    const point = triplePoint(beside.melting);
    const sigma = apart(melting, beside.melting);
    console.log(`T* side by side: ${shown(point, 4)}, ${beside.runs.length} runs, ${sigma.toFixed(1)} sigma from G`);
    expect(point.error).toBeLessThan(0.0035);
    expect(Math.abs(point.value / 0.694 - 1)).toBeLessThan(0.01);
    expect(sigma).toBeLessThan(2);
  });
});
