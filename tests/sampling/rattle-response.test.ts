import { expect, test } from "vitest";
import type { DescriptorSession } from "../../src/descriptors/descriptor.js";
import { rattleResponse } from "../../src/sampling/rattle-response.js";
import { diamond } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

test("the response of the coordinates themselves is the amplitude, within its error", () => {
  // A stand-in whose descriptor of an atom is its x and twice its y.
  const session: DescriptorSession = {
    engine: "reference",
    values: ({ positions }) =>
      Float64Array.from({ length: (2 * positions.length) / 3 }, (_, k) =>
        k % 2 === 0 ? positions[3 * (k / 2)]! : 2 * positions[3 * ((k - 1) / 2) + 1]!,
      ),
    designBlock: () => {
      throw new Error("not used");
    },
    dispose: () => {},
  };
  const crystal = supercell(diamond("Si", 5.43), [2, 2, 2]);
  const [small, large] = rattleResponse(session, crystal, { amplitudes: [0.05, 0.2], snapshots: 40, seed: 3 });
  for (const [response, amplitude] of [
    [small!, 0.05],
    [large!, 0.2],
  ] as const) {
    expect(response.amplitude).toBe(amplitude);
    // 64 atoms x 40 snapshots: the error of a standard deviation is 1/sqrt(2 n) = 1.4%.
    for (const [k, factor] of [1, 2].entries()) {
      const { value, error } = response.changes[k]!;
      expect(error / value).toBeGreaterThan(0.008);
      expect(error / value).toBeLessThan(0.022);
      expect(Math.abs(value - factor * amplitude)).toBeLessThan(4 * error);
    }
  }
});
