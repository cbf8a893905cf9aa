import type { Estimate } from "../math/statistics.js";
import type { MeasurementFailure, StabilityLimit } from "../phase-diagram/finding.js";
import type { PhaseDiagram } from "../phase-diagram/phase-diagram.js";
import type { LinePoint, PhaseLine } from "../phase-diagram/phase-lines.js";

/** A diagram as a table for people: triple points, stable lines, and where phases did not last. */
export function describeDiagram(diagram: PhaseDiagram): string {
  const { phases, window, runs, spent, budget, end, target } = diagram;
  const triple = diagram.triplePoints.filter(({ stable }) => stable);
  const lines = diagram.lines.filter(({ stable }) => stable);
  const order = phases.map(({ name }) => name);
  const listed = <Lost extends MeasurementFailure | StabilityLimit>(lost: readonly Lost[], why: (of: Lost) => string) =>
    lost
      .toSorted(
        (a, b) =>
          order.indexOf(a.phase) - order.indexOf(b.phase) || a.pressure - b.pressure || a.temperature - b.temperature,
      )
      .map((one) => [`  ${one.phase}`, `${one.temperature} K`, `${one.pressure} GPa`, why(one)]);
  const limits = listed(diagram.limits, ({ evidence }) => evidence);
  const failures = listed(diagram.failures ?? [], ({ message }) => message);
  const repeated = [...diagram.points, ...diagram.states].filter(({ timestep }) => timestep !== undefined).length;
  return [
    phases.map(({ name, atoms }) => `${name} (${atoms} atoms)`).join(", "),
    `${window.temperature.join(" to ")} K, ${window.pressure.join(" to ")} GPa: ${runs} measurements, ${Math.round(spent)} of ${budget} ps`,
    ...(end === undefined ? [] : [endings[end](target)]),
    ...(triple.length
      ? ["", "triple points", ...aligned(triple.map((p) => [`  ${p.phases.join(", ")}`, ...place(p, diagram)]))]
      : []),
    ...lines.flatMap((line) => [
      "",
      line.phases.join(" to "),
      ...aligned(atRoundPlaces(line, diagram).map((p) => ["", ...place(p, diagram)])),
    ]),
    ...(lines.length ? [] : ["", "no two phases have the same Gibbs energy where both were measured"]),
    ...(limits.length ? ["", "where phases did not last", ...aligned(limits)] : []),
    ...(failures.length ? ["", "where runs failed, which says nothing of the phases", ...aligned(failures)] : []),
    ...(repeated > 0 ? ["", `results of runs that blew up and were repeated with shorter steps: ${repeated}`] : []),
  ].join("\n");
}

const endings: Readonly<Record<NonNullable<PhaseDiagram["end"]>, (target: PhaseDiagram["target"]) => string>> = {
  target: ({ temperature, pressure }) => `every stable line is known to ${temperature} K or ${pressure} GPa`,
  budget: ({ temperature, pressure }) =>
    `the budget was spent before every stable line was known to ${temperature} K or ${pressure} GPa`,
  "nothing left to measure": () => "there is nothing left to measure",
};

const place = ({ temperature, pressure }: LinePoint, { window }: PhaseDiagram): string[] => [
  estimate(temperature, 0, "K", window.temperature),
  estimate(pressure, 2, "GPa", window.pressure),
];

/** Along a line that is level there is no error to speak of: it is as large as the window. */
const estimate = ({ value, error }: Estimate, digits: number, unit: string, [from, to]: readonly [number, number]) =>
  error < to - from
    ? `${value.toFixed(digits)} +- ${error.toFixed(digits)} ${unit}`
    : `${value.toFixed(digits)} ${unit}`;

/** Columns of equal width, flush right but for the first and the last. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => {
        if (column === 0) return text.padEnd(widths[0]!);
        return column === row.length - 1 && !/[KGPa]$/.test(text) ? text : text.padStart(widths[column]!);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A line at its ends and at round values of that coordinate in which it is longer, as a share of the window. */
function atRoundPlaces({ points }: PhaseLine, { window }: PhaseDiagram): LinePoint[] {
  const [first, last] = [points[0]!, points[points.length - 1]!];
  const extent = (of: "temperature" | "pressure"): number =>
    Math.abs(last[of].value - first[of].value) / (window[of][1] - window[of][0]);
  const along = extent("temperature") > extent("pressure") ? "temperature" : "pressure";
  const step = roundStep((window[along][1] - window[along][0]) / 12);
  const inner: LinePoint[] = [];
  points.slice(1).forEach((to, n) => {
    const from = points[n]!;
    const [a, b] = [from[along].value, to[along].value];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const found: LinePoint[] = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++)
      if (k * step > low) found.push(between(from, to, (k * step - a) / (b - a)));
    inner.push(...(b > a ? found : found.reverse()));
  });
  const apart = (p: LinePoint, end: LinePoint): boolean => Math.abs(p[along].value - end[along].value) > step / 4;
  return [first, ...inner.filter((p) => apart(p, first) && apart(p, last)), last];
}

function between(from: LinePoint, to: LinePoint, share: number): LinePoint {
  const mix = (a: number, b: number): number => a + share * (b - a);
  const both = (a: Estimate, b: Estimate): Estimate => ({ value: mix(a.value, b.value), error: mix(a.error, b.error) });
  return { temperature: both(from.temperature, to.temperature), pressure: both(from.pressure, to.pressure) };
}

/** 1, 2 or 5 times a power of ten, not below a number. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= least * (1 - 1e-9))!;
}
