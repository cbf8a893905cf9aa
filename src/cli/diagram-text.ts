import type { Estimate } from "../math/statistics.js";
import type { PhaseDiagram } from "../phase-diagram/phase-diagram.js";
import type { PhaseLine } from "../phase-diagram/phase-lines.js";

/** A diagram as a table for people: triple points, lines, and where phases did not last. */
export function describeDiagram(diagram: PhaseDiagram): string {
  const { phases, window, runs, spent, budget, end, triplePoints, lines, limits, target } = diagram;
  const stable = lines.filter(({ stable }) => stable);
  return [
    `${phases.map(({ name, atoms }) => `${name} (${atoms} atoms)`).join(", ")}`,
    `${range(window.temperature)} K, ${range(window.pressure)} GPa; ${runs} measurements, ${spent.toFixed(0)} of ${budget} ps${end ? `, ended by: ${end}` : ""}`,
    "",
    ...(triplePoints.length ? ["triple points"] : []),
    ...triplePoints.map((point) => `  ${point.phases.join(", ")}: ${place(point)}`),
    ...stable.flatMap((line) => ["", ...describeLine(line)]),
    ...(stable.length ? [] : ["no two phases have the same Gibbs energy in this window"]),
    ...(limits.length ? ["", "where phases did not last"] : []),
    ...limits.map((l) => `  ${l.phase} at ${l.temperature} K, ${l.pressure} GPa: ${l.evidence}`),
    ...(end === "budget"
      ? ["", `the target (${target.temperature} K or ${target.pressure} GPa) was not reached within the budget`]
      : []),
  ].join("\n");
}

const range = ([from, to]: readonly [number, number]): string => `${from} to ${to}`;

const place = ({ temperature, pressure }: { readonly temperature: Estimate; readonly pressure: Estimate }): string =>
  `${temperature.value.toFixed(1)} +- ${temperature.error.toFixed(1)} K, ${pressure.value.toFixed(3)} +- ${pressure.error.toFixed(3)} GPa`;

const describeLine = ({ phases, points }: PhaseLine): string[] => [
  phases.join(" to "),
  ...points.map((point) => `  ${place(point)}`),
];
