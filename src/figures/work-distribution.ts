import type { Figure } from "./figure.js";
import { colorBy, guideLine, quantity, styledFigure } from "./theme.js";

/**
 * Work of switching there and back, per leg: the forward work and minus the backward work straddle the free-energy
 * difference, and their distance is twice the dissipation.
 */
export function workDistributionFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly sets: readonly {
    /** `diamond 300 K`. */
    readonly label: string;
    /** eV/atom. */
    readonly forward: ArrayLike<number>;
    /** eV/atom. */
    readonly backward: ArrayLike<number>;
    /** eV/atom. */
    readonly difference: number;
  }[];
}): Figure {
  const FORWARD = "forward";
  const BACKWARD = "minus backward";
  const rows = options.sets.flatMap(({ label, forward, backward, difference }) => [
    ...Array.from(forward, (work) => ({ label, direction: FORWARD, work: 1000 * (work - difference) })),
    ...Array.from(backward, (work) => ({ label, direction: BACKWARD, work: 1000 * (-work - difference) })),
  ]);
  return styledFigure(options, {
    width: 440,
    height: 28 * options.sets.length,
    layer: [
      guideLine("x", 0),
      {
        data: { values: rows },
        mark: { type: "tick", thickness: 2, bandSize: 16, opacity: 1 },
        encoding: {
          x: quantity("work", "Work minus free-energy difference (meV/atom)"),
          y: { field: "label", type: "nominal", title: null, sort: options.sets.map(({ label }) => label) },
          color: { ...colorBy("direction", [FORWARD, BACKWARD]), legend: { orient: "top" } },
        },
      },
    ],
  });
}
