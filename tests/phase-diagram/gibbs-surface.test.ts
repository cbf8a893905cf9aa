import { describe, expect, it } from "vitest";
import { fitGibbsSurface, readSurface } from "../../src/phase-diagram/gibbs-surface.js";
import { randomStream } from "../../src/random.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { grid, measureModel, modelPhase } from "../support/model-phase.js";

/** Like copper, and like its liquid, over 20 GPa (volumes change by 13%); neither is a polynomial. */
const solid = modelPhase("fcc", {
  ...{ energy: -3.54, volume: 11.8, bulk: 138, slope: 5, theta: 240, gruneisen: 2, anharmonic: 1.5e-9 },
});
const liquid = modelPhase("liquid", {
  ...{ energy: -3.4, volume: 12.6, bulk: 105, slope: 5.2, theta: 165, gruneisen: 2, liquid: 2e-4 },
});
const window = { temperature: [130, 1950], pressure: [0, 20] } as const;
const places = grid([130, 700, 1300, 1950], [0, 5, 10, 15, 20]);
const between = grid([130, 400, 1000, 1600, 1950], [0, 2.5, 7.5, 12.5, 20]);
const noise = { gibbs: 5e-4, volume: 5e-3, enthalpy: 1e-3 };
const quantities = ["gibbs", "volume", "enthalpy"] as const;

const warm = grid([700, 1100, 1500, 1950], [0, 5, 10, 15, 20]);
const betweenWarm = grid([700, 900, 1300, 1700, 1950], [0, 2.5, 7.5, 12.5, 20]);

/** Deviations from the truth over the errors, of many fits to fresh noise. */
function standardized(
  measure: (seed: number) => ReturnType<typeof measureModel>,
  draws: number,
  phase = solid,
  tests = between,
) {
  const scores: Record<(typeof quantities)[number], number[]> = { gibbs: [], volume: [], enthalpy: [] };
  for (let seed = 1; seed <= draws; seed++) {
    const surface = fitGibbsSurface("x", measure(seed), { window });
    for (const [t, p] of tests)
      for (const quantity of quantities) {
        const { value, error } = readSurface(surface, quantity, t, p);
        scores[quantity].push((value - phase[quantity](t, p)) / error);
      }
  }
  return scores;
}
const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
const within = (values: readonly number[], sigmas: number): number =>
  values.filter((x) => Math.abs(x) <= sigmas).length / values.length;

describe("fitGibbsSurface", () => {
  it.each([
    ["solid from 0.1 to 1.5 of its melting point", solid, places, between],
    ["liquid from half to 1.5 of its melting point", liquid, warm, betweenWarm],
  ] as const)("describes a %s and to 20 GPa within 0.1 meV", (_, phase, measured, tests) => {
    const errors = { gibbs: 1e-5, volume: 1e-4, enthalpy: 1e-5 };
    const data = measureModel(phase, { gibbs: measured, states: measured }, errors, 1);
    const surface = fitGibbsSurface("x", data, { window });
    for (const [t, p] of tests) {
      const off = quantities.map((q) => Math.abs(readSurface(surface, q, t, p).value - phase[q](t, p)));
      expect(off[0]).toBeLessThan(1e-4);
      expect(off[1]).toBeLessThan(2e-3);
      expect(off[2]).toBeLessThan(2.5e-4);
    }
  });

  it("gives one thermodynamics: V = dG/dP, S = -dG/dT, H = G + T S, C_P = dH/dT", () => {
    const surface = fitGibbsSurface("x", measureModel(solid, { gibbs: places, states: places }, noise, 1), { window });
    const at = (q: Parameters<typeof readSurface>[1], t = 900, p = 7): number => readSurface(surface, q, t, p).value;
    expect(at("volume")).toBeCloseTo(((at("gibbs", 900, 7.01) - at("gibbs", 900, 6.99)) / 0.02) * GPA_PER_EV_A3, 6);
    expect(at("entropy")).toBeCloseTo(-(at("gibbs", 901) - at("gibbs", 899)) / 2, 8);
    expect(at("enthalpy")).toBeCloseTo(at("gibbs") + 900 * at("entropy"), 10);
    expect(at("heatCapacity")).toBeCloseTo((at("enthalpy", 901) - at("enthalpy", 899)) / 2, 8);
    expect(at("heatCapacity") / BOLTZMANN).toBeGreaterThan(2.9);
  });

  it.each([
    ["20 places", places, places, solid, between],
    ["20 places of a liquid", warm, warm, liquid, betweenWarm],
    ["four G and nine states", grid([300, 1700], [2, 18]), grid([300, 1000, 1700], [1, 10, 19]), solid, between],
  ] as const)("covers the truth: %s", (_, gibbs, states, phase, tests) => {
    const scores = standardized((seed) => measureModel(phase, { gibbs, states }, noise, seed), 40, phase, tests);
    for (const quantity of quantities) {
      // 1000 deviations, of which those of one fit hang together. Errors are a little too large, since phases are tamer
      // than the prior has them; they must not be too small.
      expect(rms(scores[quantity])).toBeGreaterThan(0.6);
      expect(rms(scores[quantity])).toBeLessThan(1.1);
      expect(within(scores[quantity], 1)).toBeGreaterThan(0.62);
      expect(within(scores[quantity], 2)).toBeGreaterThan(0.93);
    }
  });

  it("needs one Gibbs energy, and says how little it knows away from it", () => {
    const one = { gibbs: [[1000, 5]], states: [[1000, 5]] } as const;
    const surface = fitGibbsSurface("x", measureModel(solid, one, noise, 3), { window });
    const error = (t: number, p: number): number => readSurface(surface, "gibbs", t, p).error;
    expect(error(1000, 5)).toBeLessThan(6e-4);
    expect(error(1300, 5)).toBeGreaterThan(5e-3);
    expect(error(1000, 10)).toBeGreaterThan(5e-3);
    expect(Math.abs(readSurface(surface, "gibbs", 1300, 10).value - solid.gibbs(1300, 10))).toBeLessThan(
      3 * error(1300, 10),
    );
  });

  it("joins isobars by the differences of G/T, whatever the start was off by", () => {
    const random = randomStream(9, "rattle");
    const start = { value: solid.gibbs(400, 0) + 0.004, error: 0.004 };
    // Steps of G/T with independent errors, as reversible scaling has them.
    let walk = 0;
    let variance = 0;
    const points = [400, 600, 800, 1000, 1200, 1400].map((temperature, i) => {
      if (i > 0) walk += 1e-7 * random.normal();
      if (i > 0) variance += 1e-14;
      const value = solid.gibbs(temperature, 0) + temperature * (0.004 / 400 + walk);
      return { temperature, gibbs: { value, error: temperature * Math.hypot(0.004 / 400, Math.sqrt(variance)) } };
    });
    const states = measureModel(solid, { states: grid([400, 900, 1400], [0]) }, noise, 4).states!;
    const known = { temperature: 1400, pressure: 0, gibbs: { value: solid.gibbs(1400, 0), error: 1e-4 } };
    const surface = fitGibbsSurface("x", {
      gibbs: [{ temperature: 400, pressure: 0, gibbs: start }, known],
      states,
      isobars: [{ pressure: 0, points }],
    });
    const cold = readSurface(surface, "gibbs", 400, 0);
    // G at 1400 K fixes G at 400 K through the isobar: 400 K (1e-4 / 1400 K, and sqrt(5) 1e-7).
    expect(cold.error).toBeLessThan(1.3e-4);
    expect(Math.abs(cold.value - solid.gibbs(400, 0))).toBeLessThan(3 * cold.error);
  });

  it("joins isotherms and crystals at rest", () => {
    const surface = fitGibbsSurface("x", {
      ...measureModel(solid, { gibbs: [[800, 0]], states: grid([400, 800], [0]) }, noise, 5),
      isotherms: [
        {
          temperature: 800,
          points: [0, 5, 10, 15, 20].map((pressure, i) => ({
            ...{ pressure, gibbs: { value: solid.gibbs(800, pressure) + 0.01, error: Math.hypot(0.01, 1e-4 * i) } },
          })),
        },
      ],
      static: [0, 5, 10, 15, 20].map((pressure) => ({
        ...{ pressure, enthalpy: solid.gibbs(1e-9, pressure), volume: solid.volume(1e-9, pressure) },
      })),
    });
    const { value, error } = readSurface(surface, "gibbs", 400, 20);
    expect(Math.abs(value - solid.gibbs(400, 20))).toBeLessThan(3 * error);
    // Between two known temperatures at 20 GPa, where nothing says how G bends with temperature.
    expect(error).toBeLessThan(4e-3);
    expect(readSurface(surface, "gibbs", 0, 10).value).toBeCloseTo(solid.gibbs(1e-9, 10), 3);
    expect(readSurface(surface, "volume", 0, 12).value).toBeCloseTo(solid.volume(1e-9, 12), 2);
  });

  it("widens errors of a kind that scatters more than they say, and then covers the truth", () => {
    const scatter = (seed: number) => {
      const data = measureModel(solid, { gibbs: places, states: places }, { ...noise, volume: 0.02 }, seed);
      return { ...data, states: data.states!.map((s) => ({ ...s, volume: { ...s.volume, error: 0.005 } })) };
    };
    const { quality } = fitGibbsSurface("x", scatter(1), { window });
    const widening = Object.fromEntries(quality.map((q) => [q.kind, q.widening]));
    expect(widening.volume).toBeGreaterThan(2.5);
    expect(widening.volume).toBeLessThan(5.5);
    expect(widening.gibbs).toBeLessThan(1.5);
    const scores = standardized(scatter, 30);
    for (const quantity of quantities) expect(rms(scores[quantity])).toBeLessThan(1.2);
  });

  it("trusts no series that happened to look quiet: its error counts half the median", () => {
    const data = measureModel(solid, { gibbs: places, states: places }, noise, 6);
    const quiet = (error: number) => ({
      ...data,
      states: data.states!.map((s, i) => (i === 7 ? { ...s, volume: { value: s.volume.value, error } } : s)),
    });
    const [one, two] = [1e-6, 2.5e-3].map((error) => fitGibbsSurface("x", quiet(error), { window }));
    expect(one!.coefficients).toEqual(two!.coefficients);
  });

  it("names the number that it misses most", () => {
    const data = measureModel(solid, { gibbs: places, states: places }, noise, 7);
    const gibbs = data.gibbs!.map((g, i) =>
      i === 12 ? { ...g, gibbs: { value: g.gibbs.value + 0.01, error: g.gibbs.error } } : g,
    );
    const { worst } = fitGibbsSurface("x", { ...data, gibbs }, { window });
    expect([worst!.kind, worst!.temperature, worst!.pressure]).toEqual(["gibbs", ...places[12]!]);
    expect(worst!.deviation).toBeGreaterThan(5);
  });

  it("keeps digits of energies of thousands of eV", () => {
    const shifted = (data: ReturnType<typeof measureModel>, by: number) => ({
      gibbs: data.gibbs!.map((g) => ({ ...g, gibbs: { ...g.gibbs, value: g.gibbs.value + by } })),
      states: data.states!.map((s) => ({ ...s, enthalpy: { ...s.enthalpy, value: s.enthalpy.value + by } })),
    });
    const data = measureModel(solid, { gibbs: places, states: places }, noise, 8);
    const [here, there] = [0, -45_000].map((by) => fitGibbsSurface("x", shifted(data, by), { window }));
    const [a, b] = [here!, there!].map((s) => readSurface(s, "gibbs", 777, 7.7));
    expect(b!.value + 45_000).toBeCloseTo(a!.value, 8);
    expect(b!.error).toBeCloseTo(a!.error, 10);
  });

  it("is plain data", () => {
    const surface = fitGibbsSurface("x", measureModel(solid, { gibbs: places, states: places }, noise, 1));
    const copy = structuredClone(surface);
    expect(readSurface(copy, "gibbs", 500, 5)).toEqual(readSurface(surface, "gibbs", 500, 5));
  });

  it("refuses a phase of which nothing is known at temperature", () => {
    expect(() => fitGibbsSurface("bcc", { static: [{ pressure: 0, enthalpy: -3, volume: 12 }] })).toThrow(
      "data of bcc: nothing at temperature; expected a G, V, H or isobar",
    );
  });
});
