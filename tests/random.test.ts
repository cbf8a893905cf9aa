import { describe, expect, it } from "vitest";
import { philox, randomStream } from "../src/random.js";

describe("philox", () => {
  // Known answers published with the Random123 library (kat_vectors, philox4x32 10).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("gives the published words for %j", (counter, key, words) => {
    expect(philox(counter as never, key as never)).toEqual(words);
  });

  it("draws the same stream for the same seed and another for another site, step or seed", () => {
    const first = (seed: number, site: "rattle" | "langevin", step: number) => randomStream(seed, site, step).uniform();
    expect(first(1, "rattle", 0)).toBe(first(1, "rattle", 0));
    expect(
      new Set([first(1, "rattle", 0), first(2, "rattle", 0), first(1, "langevin", 0), first(1, "rattle", 1)]).size,
    ).toBe(4);
  });

  it("is standard normal within six standard errors", () => {
    const stream = randomStream(7, "rattle");
    const count = 100_000;
    let [sum, squares, fourths] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const x = stream.normal();
      sum += x;
      squares += x * x;
      fourths += x ** 4;
    }
    expect(Math.abs(sum / count)).toBeLessThan(6 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(6 * Math.sqrt(2 / count));
    expect(Math.abs(fourths / count - 3)).toBeLessThan(6 * Math.sqrt(96 / count));
  });
});
