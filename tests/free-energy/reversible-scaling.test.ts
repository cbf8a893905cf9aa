import { describe, expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { gibbsAlongIsobar, scaleReversibly } from "../../src/free-energy/reversible-scaling.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { BOLTZMANN } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

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
    const points = scaleReversibly({ temperature: 400, gibbs: { value: exact(400), error: 1e-3 } }, [
      { atoms, works: [run, run] },
    ]);
    for (const { temperature, gibbs } of points) {
      expect(gibbs.value).toBeCloseTo(exact(temperature), 10);
      // The error of the start, and a tenth of what is dissipated on the way.
      const kept = (0.1 * lost(400 / temperature)) / atoms;
      expect(gibbs.error).toBeCloseTo((Math.hypot(1e-3, kept) * temperature) / 400, 9);
    }
    expect(points.at(-1)!.temperature).toBeCloseTo(800, 9);
  });
});

describe("gibbsAlongIsobar", () => {
  it("arrives where switching at the final temperature and pressure does", async () => {
    const silicon = createPotential(stillingerWeberSilicon);
    const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [2, 2, 2], cell: "isotropic" } as const;
    // An error bar of three replicas may be several times too small by chance.
    const settings = { temperature: 500, pressure: 4, seed: 3, switching: 8000, replicas: 8 };
    const { points } = await gibbsAlongIsobar(silicon.spec, phase, { ...settings, finalTemperature: 1000, points: 10 });
    const direct = await gibbsEnergy(silicon.spec, phase, { ...settings, temperature: 1000, seed: 4 });
    const last = points.at(-1)!;
    expect(points.map(({ temperature }) => Math.round(temperature))).toEqual([
      500, 550, 600, 650, 700, 750, 800, 850, 900, 950, 1000,
    ]);
    expect(last.gibbs.error).toBeLessThan(3e-3);
    expect(Math.abs(last.gibbs.value - direct.gibbs.value)).toBeLessThan(
      3 * Math.hypot(last.gibbs.error, direct.gibbs.error),
    );
  }, 120_000);
});
