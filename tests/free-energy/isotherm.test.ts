import { describe, expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { gibbsAlongIsotherm, integrateVolume } from "../../src/free-energy/isotherm.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

describe("integrateVolume", () => {
  it("adds the integral of V dP, whatever lags behind", () => {
    const pressures = Float64Array.of(0, 1, 2);
    const lag = 0.01;
    const run = (noise: number) => ({
      pressures,
      forward: pressures.map((p) => (10 + noise + lag) * p),
      backward: pressures.map((p) => -(10 + noise - lag) * (2 - p)),
    });
    const points = integrateVolume({ value: -4, error: 1e-3 }, [{ atoms: 10, works: [run(0.1), run(-0.1)] }]);
    expect(points.map(({ gibbs }) => gibbs.value)).toEqual([-4, -3, -2].map((g) => expect.closeTo(g, 10)));
    // Two replicas: s / sqrt(2) = 0.1 * P / 10 per atom, widened by 1.84.
    expect(points[2]!.gibbs.error).toBeCloseTo(Math.hypot(1e-3, 0.02 * 1.837), 4);
  });
});

describe("gibbsAlongIsotherm", () => {
  it("arrives where switching at the final pressure does", async () => {
    const silicon = createPotential(stillingerWeberSilicon);
    const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [2, 2, 2], cell: "isotropic" } as const;
    const settings = { temperature: 600, pressure: 0, seed: 3, switching: 4000 };
    const { start, points } = await gibbsAlongIsotherm(silicon.spec, phase, {
      ...settings,
      finalPressure: 6,
      points: 6,
    });
    const direct = await gibbsEnergy(silicon.spec, phase, { ...settings, pressure: 6, seed: 4 });
    const last = points.at(-1)!;
    expect(points.map(({ pressure }) => pressure)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(points[0]!.gibbs.value).toBe(start.gibbs.value);
    expect(last.gibbs.error).toBeLessThan(3e-3);
    expect(Math.abs(last.gibbs.value - direct.gibbs.value)).toBeLessThan(
      3 * Math.hypot(last.gibbs.error, direct.gibbs.error),
    );
  });
});
