import { describe, expect, it } from "vitest";
import { fitGibbsSurface, readSurface } from "../../src/phase-diagram/gibbs-surface.js";
import { convexHull, isInDomain } from "../../src/phase-diagram/phase-domain.js";
import { phaseFields } from "../../src/phase-diagram/phase-fields.js";
import { helmholtzCurve, hullAlongPressure, stablePhase } from "../../src/phase-diagram/stability.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";
import { madeUpSurface, unitWindow } from "../support/made-up-surface.js";
import { modelMetal, modelWindow } from "../support/model-metal.js";
import { grid, measureModel } from "../support/model-phase.js";

const places = grid([200, 800, 1400, 2300], [0, 5, 10, 15]);
const noise = { gibbs: 1e-6, volume: 1e-5, enthalpy: 1e-6 };
const surfaces = modelMetal.map((phase, i) =>
  fitGibbsSurface(phase.name, measureModel(phase, { gibbs: places, states: places }, noise, i), {
    window: modelWindow,
  }),
);
const cold = madeUpSurface(
  "cold",
  {},
  {
    hull: [
      [0, 0],
      [400, 0],
      [400, 10],
      [0, 10],
    ],
  },
);

describe("stablePhase", () => {
  it("names the phase of lowest G and how far the next one is", () => {
    const found = stablePhase(surfaces, 600, 2)!;
    const gibbs = modelMetal.map((phase) => ({ name: phase.name, value: phase.gibbs(600, 2) }));
    const [lowest, next] = gibbs.toSorted((a, b) => a.value - b.value);
    expect([found.phase, found.next!.phase]).toEqual([lowest!.name, next!.name]);
    expect(found.next!.difference.value).toBeCloseTo(next!.value - lowest!.value, 4);
    expect(found.next!.difference.error).toBeGreaterThan(0);
  });

  it("asks only phases that are trusted there", () => {
    const high = madeUpSurface("high", { t0q0: 1 });
    expect(stablePhase([cold, high], 300, 5)!.phase).toBe("cold");
    expect(stablePhase([cold, high], 600, 5)).toEqual({ phase: "high" });
    expect(stablePhase([cold], 600, 5)).toBeUndefined();
  });
});

describe("hullAlongPressure", () => {
  it("is the convex hull of F(V): every common tangent, no chord below it", () => {
    const { pieces, ties } = hullAlongPressure(surfaces, 1145, modelWindow);
    expect(pieces.map(({ phase }) => phase)).toEqual(["alpha", "beta", "omega"]);
    expect(pieces[0]!.pressure[0]).toBe(0);
    expect(pieces[2]!.pressure[1]).toBe(15);
    expect(ties.map(({ phases }) => phases)).toEqual([
      ["alpha", "beta"],
      ["beta", "omega"],
    ]);
    // The lower convex hull of all F(V), sampled finely, by brute force.
    const cloud = surfaces.flatMap((surface) =>
      helmholtzCurve(surface, 1145, [0, 15], 1500).map(({ volume, energy }) => ({
        phase: surface.phase,
        volume,
        energy,
      })),
    );
    const corners = convexHull(cloud.map(({ volume, energy }) => [volume, energy] as const));
    const least = corners.findIndex(([v]) => v === Math.min(...corners.map(([x]) => x)));
    const lower = [...corners.slice(least), ...corners.slice(0, least)];
    for (const { phases, pressure, volumes } of ties) {
      // The hull's longest edge between these volumes is the tangent.
      const middle = (volumes[0].value + volumes[1].value) / 2;
      const n = lower.findIndex(([v], k) => v <= middle && lower[k + 1] !== undefined && lower[k + 1]![0] > middle);
      const [a, b] = [lower[n]!, lower[n + 1]!];
      const ends = [a, b].map(([v, f]) => cloud.find((one) => one.volume === v && one.energy === f)!.phase);
      expect(ends.toSorted()).toEqual([...phases].toSorted());
      expect(-((b[1] - a[1]) / (b[0] - a[0])) * GPA_PER_EV_A3).toBeCloseTo(pressure.value, 2);
      expect(a[0]).toBeCloseTo(Math.min(volumes[0].value, volumes[1].value), 1);
      expect(b[0]).toBeCloseTo(Math.max(volumes[0].value, volumes[1].value), 1);
    }
  });

  it("says how sure a tie line is", () => {
    const [tie] = hullAlongPressure(surfaces, 600, modelWindow).ties;
    const volumes = surfaces.map((surface) => readSurface(surface, "volume", 600, tie!.pressure.value));
    expect(tie!.volumes.map(({ value }) => value)).toEqual([volumes[0]!.value, volumes[2]!.value]);
    const errors = [0, 2].map((k) => readSurface(surfaces[k]!, "gibbs", 600, tie!.pressure.value).error);
    const slope = Math.abs(volumes[0]!.value - volumes[2]!.value) / GPA_PER_EV_A3;
    expect(tie!.pressure.error).toBeCloseTo(Math.hypot(...errors) / slope, 12);
  });

  it("leaves a gap where no phase is trusted, and finds a phase between two others", () => {
    const domain = madeUpSurface(
      "a",
      {},
      {
        hull: [
          [0, 0],
          [1000, 0],
          [1000, 3],
          [0, 3],
        ],
      },
    );
    expect(hullAlongPressure([domain], 500, unitWindow).pieces).toEqual([
      { phase: "a", pressure: [0, expect.closeTo(3, 5)] },
    ]);
    // G of the middle one is below both for 0.02 GPa around 5 GPa: less than the steps of the search.
    const three = [
      madeUpSurface("left", { t0q1: 0.1 }),
      madeUpSurface("right", { t0q1: -0.1 }),
      madeUpSurface("middle", { t0q0: -2e-4 }),
    ];
    const { pieces, ties } = hullAlongPressure(three, 500, unitWindow);
    expect(pieces.map(({ phase }) => phase)).toEqual(["left", "middle", "right"]);
    expect(ties.map(({ pressure }) => pressure.value)).toEqual([expect.closeTo(4.99, 9), expect.closeTo(5.01, 9)]);
  });
});

describe("phaseFields", () => {
  it("names every field at a place well inside", () => {
    const fields = phaseFields(surfaces, modelWindow);
    expect(fields.map(({ phase }) => phase).toSorted()).toEqual(["alpha", "beta", "liquid", "omega"]);
    expect(fields.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2);
    for (const { phase, place } of fields)
      for (const [dt, dp] of grid([-100, 100], [-1, 1]))
        expect(stablePhase(surfaces, place[0] + dt, place[1] + dp)!.phase).toBe(phase);
  });

  it("names a phase twice that has two fields", () => {
    // Lower than 0 where q^2 > 0.16: on both sides.
    const fields = phaseFields([madeUpSurface("out", { t0q2: -1, t0q0: 0.16 }), madeUpSurface("in", {})], unitWindow);
    expect(fields.map(({ phase }) => phase).toSorted()).toEqual(["in", "out", "out"]);
  });
});

describe("isInDomain", () => {
  it("takes the hull and an ellipse around it", () => {
    const domain = { hull: convexHull(grid([300, 600, 900], [0, 5])), margin: [100, 1] } as const;
    expect(domain.hull).toHaveLength(4);
    const inside = [
      [500, 2],
      [999, 3],
      [500, 5.99],
      [960, 5.7],
    ] as const;
    const outside = [
      [1001, 3],
      [500, 6.01],
      [980, 5.8],
    ] as const;
    for (const [temperature, pressure] of inside) expect(isInDomain(domain, temperature, pressure)).toBe(true);
    for (const [temperature, pressure] of outside) expect(isInDomain(domain, temperature, pressure)).toBe(false);
    expect(isInDomain({ hull: [[300, 1]], margin: [10, 1] }, 305, 1)).toBe(true);
    expect(
      isInDomain(
        {
          hull: [
            [300, 1],
            [300, 4],
          ],
          margin: [10, 1],
        },
        311,
        2,
      ),
    ).toBe(false);
  });
});
