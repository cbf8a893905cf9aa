import { describe, expect, it } from "vitest";
import { quasiHarmonic } from "../../src/free-energy/quasi-harmonic.js";
import { readSurface } from "../../src/phase-diagram/gibbs-surface.js";
import { quasiHarmonicSurface } from "../../src/phase-diagram/quasi-harmonic-surface.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { BOLTZMANN } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);
const structure = diamond("Si", 5.431);
const settings = { divisions: [4, 4, 4], ratios: [0.86, 0.89, 0.92, 0.95, 0.98, 1.01, 1.04] } as const;

describe("quasiHarmonicSurface", () => {
  it.each(["quantum", "classical"] as const)("meets the %s grid between its points", async (statistics) => {
    const at = (temperatures: readonly number[], pressures: readonly number[]) =>
      quasiHarmonic(silicon, structure, { ...settings, statistics, temperatures, pressures });
    const grid = await at([20, 60, 120, 200, 300, 450, 650, 900, 1200], [0, 3, 6, 9, 12]);
    const surface = quasiHarmonicSurface("diamond", grid);
    const { points } = await at([40, 90, 250, 550, 1050], [1, 5, 11]);
    expect(points).toHaveLength(15);
    // A crystal of two groups of branches, 4 to 18 THz, from where hardly any are excited to where all are.
    const [energy, levels] = statistics === "quantum" ? [3e-5, 0.02] : [2e-6, 1e-4];
    for (const { temperature, pressure, gibbs, volume, entropy, heatCapacity } of points) {
      const off = (quantity: Parameters<typeof readSurface>[1], value: number): number =>
        Math.abs(readSurface(surface, quantity, temperature, pressure).value - value);
      expect(off("gibbs", gibbs)).toBeLessThan(energy);
      expect(off("volume", volume)).toBeLessThan(1e-3);
      expect(off("entropy", entropy) / BOLTZMANN).toBeLessThan(levels);
      expect(off("heatCapacity", heatCapacity) / BOLTZMANN).toBeLessThan(levels);
    }
  });

  it("has the thermodynamics of its oscillators: S = -dG/dT, H = G + T S, C_P = dH/dT, zero-point energy at 0 K", async () => {
    const grid = await quasiHarmonic(silicon, structure, {
      ...{ ...settings, temperatures: [0, 100, 300, 600], pressures: [0, 5] },
    });
    const surface = quasiHarmonicSurface("diamond", grid);
    const at = (quantity: Parameters<typeof readSurface>[1], t: number): number =>
      readSurface(surface, quantity, t, 2).value;
    expect(at("entropy", 250)).toBeCloseTo(-(at("gibbs", 250.5) - at("gibbs", 249.5)), 9);
    expect(at("enthalpy", 250)).toBeCloseTo(at("gibbs", 250) + 250 * at("entropy", 250), 9);
    expect(at("heatCapacity", 250)).toBeCloseTo(at("enthalpy", 250.5) - at("enthalpy", 249.5), 8);
    const rest = grid.points.find(({ temperature, pressure }) => temperature === 0 && pressure === 0)!;
    expect(readSurface(surface, "gibbs", 0, 0).value).toBeCloseTo(rest.gibbs, 4);
  });

  it("refuses an empty grid", async () => {
    const grid = await quasiHarmonic(silicon, structure, { ...settings, temperatures: [300], pressures: [500] });
    expect(() => quasiHarmonicSurface("diamond", grid)).toThrow(
      "quasi-harmonic grid of diamond: no points; expected at least one",
    );
  });
});
