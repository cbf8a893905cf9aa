import { describe, expect, it } from "vitest";
import { findCopies } from "../../src/regression/copies.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { hcp } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";

const frame = (a: number, energy: number, force: number): LabeledStructure => ({
  structure: hcp("Ti", a, 4.65),
  energy,
  forces: Float64Array.of(force, 0, 0, -force, 0, 0),
  group: "hcp",
});

/** The same arrangement seen from elsewhere: axes permuted, atoms in the other order. */
function turned({ structure, energy, forces }: LabeledStructure): LabeledStructure {
  const turn = (x: Float64Array) => x.map((_, k) => x[3 * Math.floor(k / 3) + ((k + 1) % 3)]!);
  const swap = (x: Float64Array) => Float64Array.of(...x.subarray(3), ...x.subarray(0, 3));
  const { cell, numbers, positions } = structure;
  return {
    structure: toStructure({ cell: turn(cell), numbers, positions: swap(turn(positions)) }),
    ...(energy === undefined ? {} : { energy }),
    ...(forces ? { forces: swap(turn(forces)) } : {}),
    group: "other",
  };
}

describe("findCopies", () => {
  it("finds an arrangement again in another orientation and order", () => {
    const frames = [frame(2.94, -15.5, 0.1), frame(2.96, -15.5, 0.1)];
    expect([...findCopies([...frames, ...frames.map(turned)])]).toEqual([0, 1, 0, 1]);
  });

  it("keeps frames apart that differ in volume, energy or forces", () => {
    const frames = [
      frame(2.94, -15.5, 0.1),
      frame(2.941, -15.5, 0.1),
      frame(2.94, -15.4995, 0.1),
      frame(2.94, -15.5, 0.12),
    ];
    expect([...findCopies(frames)]).toEqual([0, 1, 2, 3]);
    expect([...findCopies(frames, { energy: 1e-3 })]).toEqual([0, 1, 0, 3]);
  });

  it("never calls structures copies that lack labels", () => {
    const { energy: _, ...bare } = frame(2.94, -15.5, 0.1);
    expect([...findCopies([bare, bare])]).toEqual([0, 1]);
  });

  it("refuses a tolerance that is no number", () => {
    expect(() => findCopies([], { energy: Number.NaN })).toThrow("tolerance of energy");
  });
});
