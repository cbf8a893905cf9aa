import type { Figure } from "./figure.js";
import { colorBy, quantity, shapeBy, styledFigure } from "./theme.js";

/** Energies of one phase over volume: the labels, and the potential's curve. */
export interface PhaseCurve {
  readonly phase: string;
  /** A^3/atom and eV/atom, from first principles. */
  readonly points: readonly { readonly volume: number; readonly energy: number }[];
  /** A^3/atom and eV/atom, from the potential. */
  readonly curve: readonly { readonly volume: number; readonly energy: number }[];
}

/** Energy against volume: symbols are first principles, lines the potential. Energies are drawn above `zero`. */
export function equationOfStateFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly phases: readonly PhaseCurve[];
  /** eV/atom that the axis counts from; the lowest reference energy by default. */
  readonly zero?: number;
  /** Largest energy shown above zero [eV/atom]. */
  readonly top?: number;
}): Figure {
  const { phases } = options;
  const names = phases.map(({ phase }) => phase);
  const energies = phases.flatMap(({ points }) => points.map(({ energy }) => energy));
  const zero = options.zero ?? Math.min(...energies);
  const rows = (kind: "points" | "curve") =>
    phases.flatMap((entry) =>
      entry[kind]
        .map(({ volume, energy }) => ({ phase: entry.phase, volume, energy: energy - zero }))
        .filter(({ energy }) => options.top === undefined || energy <= options.top),
    );
  const x = quantity("volume", "Volume (Å³/atom)");
  const y = quantity("energy", "Energy (eV/atom)");
  return styledFigure(options, {
    width: 460,
    height: 300,
    layer: [
      {
        data: { values: rows("curve") },
        mark: { type: "line", strokeWidth: 1.6 },
        encoding: { x, y, color: colorBy("phase", names) },
      },
      {
        data: { values: rows("points") },
        mark: { type: "point", filled: true, size: 48, opacity: 1 },
        encoding: { x, y, color: colorBy("phase", names), shape: shapeBy("phase", names) },
      },
    ],
  });
}
