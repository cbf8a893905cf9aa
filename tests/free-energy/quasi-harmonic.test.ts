import { describe, expect, it } from "vitest";
import { quasiHarmonic } from "../../src/free-energy/quasi-harmonic.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc, hcp } from "../../src/structure/lattices.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

const argon = createPotential({ kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 8, shifted: true });
const structure = fcc("Ar", 5.25, { primitive: true });
const divisions = [6, 6, 6] as const;

describe("quasiHarmonic", () => {
  it("keeps the identities of thermodynamics: S = -dG/dT, V = dG/dP, C_P = T dS/dT, B = -V dP/dV", async () => {
    const [h, p] = [0.5, 0.001];
    const { points, missing, residual } = await quasiHarmonic(argon, structure, {
      temperatures: [40 - h, 40, 40 + h],
      pressures: [0.1 - p, 0.1, 0.1 + p],
      ratios: [0.88, 0.91, 0.94, 0.97, 1, 1.03, 1.06, 1.09],
      divisions,
    });
    expect(missing).toEqual([]);
    expect(residual).toBeLessThan(1e-5);
    const at = (t: number, pressure: number) =>
      points.find((point) => point.temperature === 40 + t * h && point.pressure === 0.1 + pressure * p)!;
    const middle = at(0, 0);
    const slope = (of: (point: typeof middle) => number): number => (of(at(1, 0)) - of(at(-1, 0))) / (2 * h);
    // Central differences over half a kelvin at 40 K miss (h/T)^2 / 6 of a cubic term: some 3e-5.
    expect(Math.abs(-slope((s) => s.gibbs) / middle.entropy - 1)).toBeLessThan(1e-4);
    expect((40 * slope((s) => s.entropy)) / middle.heatCapacity).toBeCloseTo(1, 3);
    expect(slope((s) => s.volume) / middle.volume / middle.thermalExpansion).toBeCloseTo(1, 3);
    const over = (of: (point: typeof middle) => number): number => (of(at(0, 1)) - of(at(0, -1))) / (2 * p);
    expect((over((s) => s.gibbs) * GPA_PER_EV_A3) / middle.volume).toBeCloseTo(1, 4);
    expect(-middle.volume / over((s) => s.volume) / middle.bulkModulus).toBeCloseTo(1, 3);
  });

  it("at 0 K is the static crystal and its zero-point motion, which does not expand", async () => {
    const settings = { temperatures: [0], divisions };
    const { points, static: state } = await quasiHarmonic(argon, structure, settings);
    const { entropy, thermalExpansion, heatCapacity } = points[0]!;
    expect([entropy, thermalExpansion, heatCapacity].map(Math.abs)).toEqual([0, 0, 0]);
    expect(points[0]!.volume).toBeGreaterThan(state.volume);
    expect(points[0]!.gibbs).toBeGreaterThan(state.energy);
  });

  it("leaves out, with the reason, what lies beyond the scanned volumes", async () => {
    const { points, missing } = await quasiHarmonic(argon, structure, {
      temperatures: [30],
      pressures: [0, 20],
      divisions,
    });
    expect(points).toHaveLength(1);
    expect(missing).toMatchObject([{ temperature: 30, pressure: 20 }]);
    expect(missing[0]!.reason).toMatch(/no stable volume between .* A\^3\/atom/);
  });

  it("relaxes the shape where it may: hcp argon is as stiff and large as fcc within a percent", async () => {
    const settings = { temperatures: [40], divisions };
    const [cubic, hexagonal] = await Promise.all([
      quasiHarmonic(argon, structure, settings),
      quasiHarmonic(argon, hcp("Ar", 3.71, 6.06), { ...settings, shape: "tetragonal", divisions: [6, 6, 4] }),
    ]);
    const [a, b] = [cubic.points[0]!, hexagonal.points[0]!];
    expect(b.volume / a.volume).toBeCloseTo(1, 2);
    expect(b.bulkModulus / a.bulkModulus).toBeCloseTo(1, 1);
    expect(Math.abs(b.gibbs - a.gibbs)).toBeLessThan(2e-4);
  });

  it("names the volume at which the crystal is unstable", async () => {
    await expect(
      quasiHarmonic(argon, structure, { temperatures: [30], ratios: [0.94, 0.97, 1, 1.03, 1.06, 1.6], divisions }),
    ).rejects.toThrow(/quasi-harmonic crystal at .* A\^3\/atom: .*imaginary.*try ratios that leave this volume out/);
  });
});
