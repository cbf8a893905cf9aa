import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import type { CrystalPhase } from "../../src/free-energy/crystal-phase.js";
import { phaseBoundary } from "../../src/phase-diagram/boundaries.js";
import { staticBoundary } from "../../src/phase-diagram/static-boundary.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { PotentialSpec } from "../../src/potentials/potential.js";
import { enthalpyAtPressure, fitEquationOfState } from "../../src/properties/equation-of-state.js";
import { fitPotential } from "../../src/regression/fit.js";
import { cellVolume } from "../../src/structure/cell.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { betaTin, diamond } from "../../src/structure/lattices.js";

const file = path.resolve(import.meta.dirname, "../../data/silicon-pbe/train.xyz");
const train = parseExtxyz(fs.readFileSync(file, "utf8"));
const phases: readonly [CrystalPhase, CrystalPhase] = [
  { name: "diamond", structure: diamond("Si", 5.46), repeats: [2, 2, 2], cell: "isotropic" },
  { name: "beta-tin", structure: betaTin("Si", 4.82, 2.65), repeats: [2, 2, 4], cell: "tetragonal" },
];

/** Equation of state of the labels of one group, at each volume the lowest energy over c/a by a parabola. */
function labeledEquationOfState(group: string) {
  const byVolume = new Map<string, { volume: number; points: { shape: number; energy: number }[] }>();
  for (const { structure, energy } of train.filter((frame: LabeledStructure) => frame.group === group)) {
    const count = structure.numbers.length;
    const volume = cellVolume(structure.cell) / count;
    const key = volume.toFixed(3);
    const entry = byVolume.get(key) ?? { volume, points: [] };
    const lengths = [0, 3, 6].map((row) => Math.hypot(...structure.cell.subarray(row, row + 3)));
    entry.points.push({ shape: lengths[2]! / lengths[0]!, energy: energy! / count });
    byVolume.set(key, entry);
  }
  const lowest = [...byVolume.values()].map(({ volume, points }) => ({ volume, energy: relaxedEnergy(points) }));
  const bottom = Math.min(...lowest.map(({ energy }) => energy));
  const near = lowest.filter(({ energy }) => energy < bottom + 0.35);
  return fitEquationOfState(
    near.map(({ volume }) => volume),
    near.map(({ energy }) => energy),
  );
}

/** Minimum over c/a: the parabola through the lowest point and its neighbors. */
function relaxedEnergy(points: { shape: number; energy: number }[]): number {
  const sorted = points.toSorted((a, b) => a.shape - b.shape);
  const at = sorted.reduce((best, point, i) => (point.energy < sorted[best]!.energy ? i : best), 0);
  if (at === 0 || at === sorted.length - 1) return sorted[at]!.energy;
  const [a, b, c] = [sorted[at - 1]!, sorted[at]!, sorted[at + 1]!];
  const left = (b.energy - a.energy) / (b.shape - a.shape);
  const right = (c.energy - b.energy) / (c.shape - b.shape);
  const curvature = (right - left) / (c.shape - a.shape);
  const slope = left + curvature * (b.shape - a.shape);
  return b.energy - slope ** 2 / (4 * curvature);
}

let potential: PotentialSpec;

beforeAll(async () => {
  ({ potential } = await fitPotential({ model: "snap", seed: 0 }, train));
});

describe("silicon, fitted to silicon-pbe", () => {
  it("static diamond to beta-tin boundary is within 0.5 GPa of the labels' own equations of state, in 8 to 12 GPa", async () => {
    const [one, two] = [labeledEquationOfState("eos-diamond"), labeledEquationOfState("eos-beta-tin")];
    let [low, high] = [0, 30];
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (enthalpyAtPressure(two, middle) > enthalpyAtPressure(one, middle)) low = middle;
      else high = middle;
    }
    const { pressure } = await staticBoundary(createPotential(potential), phases, { start: 10 });
    console.log(`labels ${low.toFixed(2)} GPa, potential ${pressure.toFixed(2)} GPa`);
    expect(low).toBeGreaterThan(8);
    expect(low).toBeLessThan(12);
    expect(Math.abs(pressure - low)).toBeLessThan(0.5);
  });

  it("from 100 to 800 K, or to where beta-tin stops lasting: crossings and line agree within 2 sigma, sigma 0.2 GPa at most", async () => {
    const boundary = await phaseBoundary(potential, phases, { temperatures: [100, 275, 450, 625, 800], seed: 1 });
    const { crossings, line, limits, worstDisagreement } = boundary;
    console.log(crossings, line, limits, worstDisagreement);
    for (const { temperature } of limits) expect(temperature).toBeGreaterThan(450);
    expect(crossings.length + new Set(limits.map(({ temperature }) => temperature)).size).toBeGreaterThanOrEqual(5);
    for (const { pressure } of [...crossings, ...line]) expect(pressure.error).toBeLessThan(0.2);
    expect(worstDisagreement).toBeLessThan(2);
  });
});
