import { beforeAll, describe, expect, it } from "vitest";
import type { Phase } from "../../src/free-energy/phase.js";
import { meanOfIndependent } from "../../src/math/statistics.js";
import { type DiagramPoint, pooled } from "../../src/phase-diagram/diagram-record.js";
import { type PhaseDiagramSettings, toDiagramPlan } from "../../src/phase-diagram/diagram-settings.js";
import { growDiagram } from "../../src/phase-diagram/grow-diagram.js";
import type { Measurement } from "../../src/phase-diagram/measurement.js";
import type { PhaseDiagram } from "../../src/phase-diagram/phase-diagram.js";
import { randomStream } from "../../src/random.js";
import { fcc } from "../../src/structure/lattices.js";
import { type FragilePhase, modelMeasure, modelMetal } from "../support/model-diagram.js";

const settings: PhaseDiagramSettings = {
  temperature: [200, 2400],
  pressure: [0, 15],
  target: { temperature: 20, pressure: 0.3 },
  budget: 2000,
  seed: 1,
};

async function grow(metal: readonly FragilePhase[], change: Partial<PhaseDiagramSettings> = {}, seed = 3) {
  const phases = metal.map(({ phase }) => phase);
  const diagrams: PhaseDiagram[] = [];
  const batches: (readonly Measurement[])[] = [];
  const measure = modelMeasure(metal, seed, (batch) => batches.push(batch));
  for await (const diagram of growDiagram(phases, toDiagramPlan(phases, { ...settings, ...change }), measure))
    diagrams.push(diagram);
  return { diagrams, batches, last: diagrams.at(-1)! };
}

const named = (...names: string[]): FragilePhase[] => modelMetal.filter(({ phase }) => names.includes(phase.name));

/** K or GPa: where two model phases have the same Gibbs energy along one axis, by bisection. */
function crossing(a: FragilePhase, b: FragilePhase, at: (x: number) => [number, number], low: number, high: number) {
  const difference = (x: number): number => a.model.gibbs(...at(x)) - b.model.gibbs(...at(x));
  const rising = difference(high) > difference(low);
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (difference(middle) > 0 === rising) to = middle;
    else from = middle;
  }
  return (from + to) / 2;
}

describe("growDiagram", () => {
  let metal: Awaited<ReturnType<typeof grow>>;
  beforeAll(async () => {
    metal = await grow(modelMetal);
  });

  it("finds lines and triple point of a metal whose phases last in parts of the window only", () => {
    const { last, diagrams } = metal;
    expect(last).toMatchObject({ complete: true, end: "target" });
    expect(diagrams.slice(0, -1).every(({ complete }) => !complete)).toBe(true);
    const stable = last.lines.filter((line) => line.stable).map(({ phases }) => phases.join(" "));
    expect(stable).toEqual(["hcp bcc", "hcp omega", "bcc omega", "bcc liquid"]);
    const triple = last.triplePoints.filter((point) => point.stable);
    expect(triple.map(({ phases }) => phases)).toEqual([["hcp", "bcc", "omega"]]);
    const [hcp, bcc, omega, liquid] = modelMetal as [FragilePhase, FragilePhase, FragilePhase, FragilePhase];
    // The places where the lines are, within three of their own errors.
    const truth: [FragilePhase, FragilePhase][] = [
      [hcp, bcc],
      [bcc, omega],
      [bcc, liquid],
    ];
    for (const [a, b] of truth) {
      const line = last.lines.find((one) => one.stable && one.phases.join() === `${a.phase.name},${b.phase.name}`)!;
      for (const { temperature, pressure } of line.points) {
        const t = crossing(a, b, (x) => [x, pressure.value], temperature.value - 300, temperature.value + 300);
        expect(Math.abs(temperature.value - t)).toBeLessThan(3 * temperature.error);
        expect(Math.min(temperature.error / 20, pressure.error / 0.3)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  it("moves anchors to where a phase lasts, and reports where it does not", () => {
    const { last } = metal;
    const coldest = (name: string): number =>
      Math.min(...last.points.filter(({ phase }) => phase === name).map(({ temperature }) => temperature));
    expect(coldest("bcc")).toBeGreaterThan(700);
    expect(coldest("liquid")).toBeGreaterThan(1200);
    for (const { phase, model: _, lasts } of modelMetal) {
      const lost = last.limits.filter((limit) => limit.phase === phase.name);
      expect(lost.length).toBeGreaterThan(0);
      expect(lost.every(({ temperature, pressure }) => !lasts(temperature, pressure))).toBe(true);
    }
    // At rest bcc is no minimum: its curve is measured, and says so, but not used where bcc does not last when cold.
    expect(last.static.filter(({ phase }) => phase === "bcc")).toHaveLength(3);
  });

  it("is the same for the same seed, and a larger budget goes on where a smaller one ended", async () => {
    const target = { temperature: 1, pressure: 0.01 };
    const [one, two, more] = await Promise.all([
      grow(modelMetal, { budget: 600, target }),
      grow(modelMetal, { budget: 600, target }),
      grow(modelMetal, { budget: 900, target }),
    ]);
    expect(two.last).toEqual(one.last);
    expect(one.last).toMatchObject({ complete: true, end: "budget" });
    expect(one.last.spent).toBeLessThanOrEqual(600);
    const asked = one.batches.flat();
    expect(more.batches.flat().slice(0, asked.length)).toEqual(asked);
    expect(more.last.runs).toBeGreaterThan(one.last.runs);
  }, 180_000);

  it("never asks twice for the same numbers", () => {
    const asked = metal.batches.flat().map((measurement) => JSON.stringify(measurement));
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("one phase alone has a diagram without lines", async () => {
    const { last } = await grow(named("hcp"));
    expect(last).toMatchObject({ complete: true, end: "nothing left to measure", lines: [], triplePoints: [] });
    expect(last.points).toHaveLength(1);
  });

  it("two phases that do not meet in the window are left at that", async () => {
    const { last } = await grow(named("hcp", "liquid"), { temperature: [200, 1000] });
    expect(last).toMatchObject({ complete: true, end: "nothing left to measure", lines: [] });
    expect(last.limits.filter(({ phase }) => phase === "liquid")).toHaveLength(12);
  });

  it("runs that fail are no limits: they are listed, not asked for again, and the diagram goes on", async () => {
    const phases = modelMetal.map(({ phase }) => phase);
    const fails = ({ phase, temperature, pressure }: Measurement): boolean =>
      phase === "hcp" && temperature > 1000 && pressure > 8;
    const asked: Measurement[] = [];
    const measure = modelMeasure(modelMetal, 3, (batch) => asked.push(...batch));
    let last: PhaseDiagram | undefined;
    for await (const diagram of growDiagram(phases, toDiagramPlan(phases, settings), async (batch) => {
      const found = await measure(batch.filter((one) => !fails(one)));
      const failures = batch.filter(fails).map(({ phase, temperature, pressure }) => {
        return { phase, temperature, pressure, message: "it blew up" };
      });
      return failures.length > 0 ? { ...found, failures } : found;
    }))
      last = diagram;
    expect(last).toMatchObject({ complete: true, end: "target" });
    const { failures = [], limits } = last!;
    expect(failures.length).toBeGreaterThan(0);
    expect(
      limits.filter(({ phase, temperature, pressure }) => phase === "hcp" && temperature > 1000 && pressure > 8),
    ).toEqual([]);
    const places = failures.map(({ temperature, pressure }) => `${temperature} ${pressure}`);
    expect(new Set(places).size).toBe(places.length);
    expect(asked.filter(fails)).toHaveLength(0);
  });

  it("phases none of which lasts leave an empty diagram with the reasons", async () => {
    const nowhere = named("hcp").map((phase) => ({ ...phase, lasts: () => false }));
    const { last } = await grow(nowhere);
    expect(last).toMatchObject({ complete: true, end: "nothing left to measure", points: [], states: [] });
    expect(last.limits).toHaveLength(12);
  });
});

describe("settings of a diagram", () => {
  const phases = modelMetal.map(({ phase }) => phase);
  const other: Phase = { name: "copper", structure: fcc("Cu", 3.6), repeats: [4, 4, 4], cell: "isotropic" };
  it.each([
    ["no phase", [], {}, /^phases: 0; expected at least one phase$/],
    ["a name twice", [phases[0]!, phases[0]!], {}, /^phases: hcp; expected each name once$/],
    ["another composition", [phases[0]!, other], {}, /^composition of copper: Cu; expected Ti, that of hcp/],
    [
      "a window upside down",
      phases,
      { temperature: [900, 300] },
      /^temperature window: 900 to 300 K; expected from below to/,
    ],
    ["a window below zero", phases, { temperature: [-10, 300] }, /^temperature window: -10 to 300 K/],
    ["an absurd pressure", phases, { pressure: [0, 1e6] }, /^pressure window: 0 to 1000000 GPa/],
    ["a pressure that is none", phases, { pressure: [0, Number.NaN] }, /^pressure window: 0 to NaN GPa/],
    [
      "no budget for a survey",
      phases,
      { budget: 100 },
      /^budget: 100 ps; expected at least \d+ ps, for a survey of 4 phases/,
    ],
    ["a target of zero", phases, { target: { temperature: 0 } }, /^target temperature: 0; expected a number above 0/],
  ] as const)("%s is one clear line", (_, given, change, message) => {
    expect(() => toDiagramPlan(given, { ...settings, ...(change as Partial<PhaseDiagramSettings>) })).toThrow(message);
  });
});

describe("pooled", () => {
  it("gives all points of a phase the scatter that all their replicas have, as a share of T", () => {
    const random = randomStream(5, "replica");
    const points = Array.from({ length: 200 }, (_, n): DiagramPoint => {
      const temperature = 300 + 10 * n;
      const replicas = Array.from({ length: 2 }, () => -4 + 1e-6 * temperature * random.normal());
      const gibbs = meanOfIndependent(replicas);
      return { phase: "x", temperature, pressure: 0, gibbs, atoms: 1, replicas: 2, dissipation: gibbs, parts: {} };
    });
    // 200 degrees of freedom know a standard deviation to 5%.
    for (const { gibbs, temperature } of pooled(points))
      expect(Math.abs(gibbs.error / temperature / (1e-6 / Math.SQRT2) - 1)).toBeLessThan(0.15);
    const [one] = points;
    expect(pooled([one!])[0]!.gibbs.error).toBeCloseTo(one!.gibbs.error, 15);
  });
});
