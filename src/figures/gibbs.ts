import type { Figure } from "./figure.js";
import { colorBy, guideLine, quantity, styledFigure } from "./theme.js";

/** One line of Gibbs energy (or enthalpy) over pressure. */
export interface GibbsCurve {
  /** `300 K`. */
  readonly label: string;
  /** GPa and eV/atom: the difference between two phases. */
  readonly points: readonly { readonly pressure: number; readonly difference: number }[];
}

/** The difference of G of two phases over pressure: where a line crosses zero the phases coexist. */
export function gibbsDifferenceFigure(options: {
  readonly name: string;
  readonly caption: string;
  /** `G(beta-tin) − G(diamond)`. */
  readonly difference: string;
  readonly curves: readonly GibbsCurve[];
}): Figure {
  const names = options.curves.map(({ label }) => label);
  return styledFigure(options, {
    width: 460,
    height: 260,
    layer: [
      guideLine("y", 0),
      {
        data: {
          values: options.curves.flatMap(({ label, points }) =>
            points.map(({ pressure, difference }) => ({ label, pressure, difference: 1000 * difference })),
          ),
        },
        mark: { type: "line", strokeWidth: 1.6 },
        encoding: {
          x: quantity("pressure", "Pressure (GPa)", { scale: { nice: false, zero: false } }),
          y: quantity("difference", `${options.difference} (meV/atom)`),
          color: colorBy("label", names),
        },
      },
    ],
  });
}
