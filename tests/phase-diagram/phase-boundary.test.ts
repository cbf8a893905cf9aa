import { describe, expect, it } from "vitest";
import type { CrystalPhase } from "../../src/free-energy/crystal-phase.js";
import { phaseBoundary } from "../../src/phase-diagram/boundaries.js";
import { staticBoundary } from "../../src/phase-diagram/static-boundary.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { enthalpyAtPressure, fitEquationOfState, volumeAtPressure } from "../../src/properties/equation-of-state.js";
import { volumeScan } from "../../src/properties/volume-scan.js";
import { betaTin, diamond } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);
const phases: readonly [CrystalPhase, CrystalPhase] = [
  { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" },
  { name: "beta-tin", structure: betaTin("Si", 4.9, 2.8), repeats: [2, 1, 2], cell: "tetragonal" },
];

describe("staticBoundary", () => {
  it("is where equations of state, c/a relaxed, give both phases the same enthalpy", async () => {
    const { pressure, minima } = await staticBoundary(silicon, phases, { start: 15 });
    const [one, two] = await Promise.all(
      phases.map(async ({ structure, cell }, phase) => {
        // Around the volumes at the boundary, where curves are smooth.
        const ratios = Array.from({ length: 11 }, (_, i) => (phase === 0 ? 0.84 : 0.95) + 0.012 * i);
        const { volumes, energies } = await volumeScan(silicon, structure, { ratios, shape: cell });
        return fitEquationOfState(volumes, energies);
      }),
    );
    // A third-order Birch-Murnaghan curve leaves residuals of tenths of meV over this range; dV is 1 A^3 = 6 meV/GPa.
    expect(Math.abs(enthalpyAtPressure(one!, pressure) - enthalpyAtPressure(two!, pressure))).toBeLessThan(1e-3);
    expect(minima[0].volume / 8).toBeCloseTo(volumeAtPressure(one!, pressure), 1);
    expect(minima[1].volume / 4).toBeCloseTo(volumeAtPressure(two!, pressure), 1);
  });
});

describe("phaseBoundary", () => {
  const brief = { equilibration: 200, sampling: 1000, switching: 500, startPressure: 15, seed: 2 };

  it("gives crossings and line with error bars from the same runs, the same for the same seed", async () => {
    const settings = { ...brief, temperatures: [200, 300, 400] };
    const boundary = await phaseBoundary(silicon.spec, phases, settings);
    expect(boundary.staticPressure).toBeCloseTo(18.13, 1);
    expect(boundary.limits).toEqual([]);
    expect(boundary.crossings.map(({ temperature }) => temperature)).toEqual([200, 300, 400]);
    expect(boundary.anchor).toBe(300);
    expect(boundary.line[1]!.pressure.value).toBe(boundary.crossings[1]!.pressure.value);
    for (const { pressure } of [...boundary.crossings, ...boundary.line]) {
      expect(pressure.error).toBeGreaterThan(0);
      // Entropy brings some GPa, and the correction for the size of cells as small as these is 14 to 28 meV/atom larger for
      // one phase, which is 2 to 4 GPa.
      expect(Math.abs(pressure.value - 18.13)).toBeLessThan(8);
    }
    // Gibbs energies of both phases at each temperature, and a state on both sides of each crossing besides.
    expect(boundary.gibbs).toHaveLength(6);
    expect(boundary.states).toHaveLength(18);
    expect(await phaseBoundary(silicon.spec, phases, settings)).toEqual(boundary);
  });

  it("leaves out temperatures at which a phase does not last and says what was seen", async () => {
    const { crossings, limits } = await phaseBoundary(silicon.spec, phases, {
      ...brief,
      temperatures: [200, 300, 6000],
    });
    expect(crossings.map(({ temperature }) => temperature)).toEqual([200, 300]);
    expect(limits.length).toBeGreaterThan(0);
    for (const { temperature, evidence } of limits) {
      expect(temperature).toBe(6000);
      expect(evidence).toMatch(/off its site|off their sites|strained/);
    }
  });

  it("throws when nothing lasts", async () => {
    await expect(phaseBoundary(silicon.spec, phases, { ...brief, temperatures: [5000, 6000] })).rejects.toThrow(
      /phase boundary: .* at \d+ K and .* GPa: .*; expected two phases that last/,
    );
  });
});
