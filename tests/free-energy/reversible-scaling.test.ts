import { describe, expect, it } from "vitest";
import { scaleReversibly } from "../../src/free-energy/reversible-scaling.js";
import { BOLTZMANN } from "../../src/units.js";

describe("scaleReversibly", () => {
  // Classical oscillators: F/N = u + 3 kT ln(theta / T); <U>/N = u + 3/2 kT0 / a under the potential a U at T0.
  const exact = (t: number): number => -4 + 3 * BOLTZMANN * t * Math.log(300 / t);
  const factors = Float64Array.from({ length: 11 }, (_, i) => 1 / (1 + i / 10));
  const atoms = 10;
  const work = (a: number): number => atoms * (-4 * (a - 1) + 1.5 * BOLTZMANN * 400 * Math.log(a));

  it("gives the exact free energy of oscillators over temperature, whatever the dissipation", () => {
    const lost = (a: number): number => 0.02 * (1 - a);
    const last = factors.at(-1)!;
    const run = {
      factors,
      forward: factors.map((a) => work(a) + lost(a)),
      backward: factors.map((a) => work(a) - work(last) + lost(last) - lost(a)),
    };
    const points = scaleReversibly({ temperature: 400, gibbs: { value: exact(400), error: 1e-3 } }, [run, run], atoms);
    for (const { temperature, gibbs } of points) {
      expect(gibbs.value).toBeCloseTo(exact(temperature), 10);
      expect(gibbs.error).toBeCloseTo((1e-3 * temperature) / 400, 9);
    }
    expect(points.at(-1)!.temperature).toBeCloseTo(800, 9);
  });
});
