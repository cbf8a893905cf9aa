import type { PhaseWindow } from "../phase-diagram/phase-data.js";
import type { PhaseField } from "../phase-diagram/phase-fields.js";
import type { PhaseLine } from "../phase-diagram/phase-lines.js";
import type { TriplePoint } from "../phase-diagram/triple-points.js";
import { type DrawnMark, type LegendEntry, legendOf, SALTIRE } from "./diagram-legend.js";
import type { Figure } from "./figure.js";
import { bandAlong, type DiagramFrame } from "./line-band.js";
import { GUIDE_COLOR, quantity, styledFigure } from "./theme.js";

/** A place of a diagram; errors are one standard deviation. */
export interface DiagramPlace {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  readonly temperatureError?: number;
  readonly pressureError?: number;
}

interface PhasePlace {
  readonly phase: string;
  readonly temperature: number;
  readonly pressure: number;
}

/** What is drawn of a diagram; a `PhaseDiagram` is one. */
export interface DrawnDiagram {
  readonly window: PhaseWindow;
  readonly lines: readonly PhaseLine[];
  readonly triplePoints: readonly TriplePoint[];
  /** Where phases are named. */
  readonly fields?: readonly PhaseField[];
  /** Where G, and where volume and enthalpy were measured. */
  readonly points?: readonly PhasePlace[];
  readonly states?: readonly PhasePlace[];
  /** Where phases did not last. */
  readonly limits?: readonly PhasePlace[];
}

/** A second diagram in the same frame, of another potential say: its stable lines. */
export interface DiagramOverlay {
  readonly label: string;
  readonly diagram: Pick<DrawnDiagram, "lines" | "triplePoints">;
}

/** Points to compare with, from experiments say. */
export interface DiagramMarks {
  readonly label: string;
  readonly points: readonly DiagramPlace[];
}

export interface DiagramFigureOptions {
  readonly name: string;
  readonly caption: string;
  readonly diagram: DrawnDiagram;
  /** What the legend calls it; "stable" by default. */
  readonly label?: string;
  /** Draw metastable lines; true by default. */
  readonly metastable?: boolean;
  /** Draw where phases were measured and where they did not last; false by default. */
  readonly measured?: boolean;
  readonly overlays?: readonly DiagramOverlay[];
  readonly marks?: readonly DiagramMarks[];
  /** Pixels of the frame; 460 and 340 by default. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * A temperature-pressure diagram: stable lines solid with bands of 95% across them, metastable ones dashed, triple points
 * with error bars of 95%, phases named in their fields; measured places, other diagrams and points of experiments where
 * wanted. A diagram without lines draws too.
 */
export function diagramFigure(options: DiagramFigureOptions): Figure {
  const { diagram, label = "stable", overlays = [], marks = [], width = 460, height = 340 } = options;
  const frame: DiagramFrame = { window: diagram.window, width, height };
  const metastable = options.metastable === false ? [] : diagram.lines.filter(({ stable }) => !stable);
  const diagrams = [{ label, diagram }, ...overlays];
  // Marks on the frame are drawn whole, those outside not at all.
  const shown = (all: ReturnType<typeof rows>) => all.filter((one) => isInside(one, diagram.window));
  const { points = [], states = [] } = diagram;
  const measured = options.measured ? byPhase([...points, ...states]) : [];
  const limits = options.measured ? byPhase(diagram.limits ?? []) : [];
  const entries = legendOf([
    ...diagrams.map((one): DrawnMark => ({ label: one.label, kind: "line" })),
    ...(metastable.length > 0 ? [{ label: METASTABLE, kind: "dashes" } as const] : []),
    ...measured.map((one): DrawnMark => ({ label: one.label, kind: "place" })),
    ...(limits.length > 0 ? [{ label: "did not last", kind: "limit" } as const] : []),
    ...marks.map((one): DrawnMark => ({ label: one.label, kind: "mark" })),
  ]);
  const axes = { x: axis("pressure", frame), y: axis("temperature", frame) };
  const { color, shape } = scalesOf(entries, width);
  const colorOf = (of: string): string => entries.find((entry) => entry.label === of)?.color ?? GUIDE_COLOR;
  const line = {
    ...axes,
    color,
    order: { field: "order", type: "quantitative" },
    detail: { field: "piece", type: "nominal" },
  };
  const point = { ...axes, color, shape };
  return styledFigure(options, {
    width,
    height,
    layer: [
      // Has no points, and the symbols of the legend.
      { data: { values: [] }, mark: { type: "point", filled: true, opacity: 1 }, encoding: point },
      ...diagrams.flatMap((one) => bandLayers(one.diagram.lines, colorOf(one.label), frame)),
      ...layer(paths(METASTABLE, metastable), { type: "line", strokeWidth: 1, strokeDash: [5, 4], clip: true }, line),
      ...diagrams.flatMap((one) =>
        layer(paths(one.label, stableOf(one.diagram.lines)), { type: "line", strokeWidth: 1.8, clip: true }, line),
      ),
      ...measured.flatMap((set, k) => {
        // Phases are often measured at one place: outlines, each inside the one before.
        const mark = { type: "point", filled: false, size: 110 * 0.62 ** k, strokeWidth: 1.3, opacity: 0.9 };
        return layer(shown(rows(set)), mark, point);
      }),
      ...limits.flatMap((set) => {
        const mark = {
          type: "point",
          shape: SALTIRE,
          filled: true,
          size: 40,
          opacity: 0.9,
          color: colorOf(set.label),
        };
        return layer(shown(rows(set)), mark, axes);
      }),
      ...diagrams.flatMap((one) => {
        const set = rows({ label: one.label, points: tripleMarks(one.diagram.triplePoints) });
        const dot = { type: "point", shape: "circle", filled: true, size: 46, opacity: 1, clip: true };
        return [...barLayers(set, axes, color), ...layer(set, dot, { ...axes, color })];
      }),
      ...marks.flatMap((one) => {
        const set = shown(rows(one));
        const mark = { type: "point", filled: true, size: 64, opacity: 1 };
        return [...barLayers(set, axes, color), ...layer(set, mark, point)];
      }),
      ...(diagram.fields ?? []).flatMap((field) => fieldName(field, axes)),
    ],
  });
}

const isInside = (place: DiagramPlace, { temperature, pressure }: PhaseWindow): boolean =>
  place.temperature >= temperature[0] &&
  place.temperature <= temperature[1] &&
  place.pressure >= pressure[0] &&
  place.pressure <= pressure[1];

const METASTABLE = "metastable";

const axis = (field: "temperature" | "pressure", { window }: DiagramFrame) =>
  quantity(field, field === "temperature" ? "Temperature (K)" : "Pressure (GPa)", {
    scale: { domain: [...window[field]], nice: false, zero: false },
  });

/** Color and shape by the same names, so that the legend is one. */
function scalesOf(entries: readonly LegendEntry[], width: number) {
  const domain = entries.map(({ label }) => label);
  // About 7 pixels to a letter, and the symbol.
  const needed = Math.max(...domain.map((label) => 7 * label.length + 40));
  const columns = Math.max(1, Math.min(4, entries.length, Math.floor(width / needed)));
  const legend = entries.length > 1 ? { orient: "top", columns, symbolStrokeWidth: 1, labelLimit: width } : null;
  const by = (range: readonly string[]) => ({
    ...{ field: "label", type: "nominal", title: null, legend, scale: { domain, range } },
  });
  return { color: by(entries.map((entry) => entry.color)), shape: by(entries.map((entry) => entry.shape)) };
}

const stableOf = (lines: readonly PhaseLine[]): PhaseLine[] => lines.filter(({ stable }) => stable);

const paths = (label: string, lines: readonly PhaseLine[]) =>
  lines.flatMap(({ points }, piece) =>
    points.map(({ temperature, pressure }, order) => ({
      ...{ label, piece, order, temperature: temperature.value, pressure: pressure.value },
    })),
  );

const bandLayers = (lines: readonly PhaseLine[], color: string, frame: DiagramFrame) =>
  stableOf(lines).map((line) => ({
    data: { values: bandAlong(line, frame) },
    mark: { type: "trail", color, opacity: 0.17, clip: true },
    encoding: {
      x: axis("pressure", frame),
      y: axis("temperature", frame),
      size: { field: "across", type: "quantitative", scale: null, legend: null },
      order: { field: "order", type: "quantitative" },
    },
  }));

const tripleMarks = (points: readonly TriplePoint[]): DiagramPlace[] =>
  points
    .filter(({ stable }) => stable)
    .map(({ temperature, pressure }) => ({
      temperature: temperature.value,
      pressure: pressure.value,
      temperatureError: temperature.error,
      pressureError: pressure.error,
    }));

const rows = ({ label, points }: DiagramMarks) =>
  points.map(({ temperature, pressure, temperatureError = 0, pressureError = 0 }) => ({
    label,
    temperature,
    pressure,
    coldest: temperature - 1.96 * temperatureError,
    hottest: temperature + 1.96 * temperatureError,
    lowest: pressure - 1.96 * pressureError,
    highest: pressure + 1.96 * pressureError,
  }));

/** Error bars both ways, of those that have errors. */
function barLayers(
  set: ReturnType<typeof rows>,
  { x, y }: { readonly x: ReturnType<typeof axis>; readonly y: ReturnType<typeof axis> },
  color: object,
) {
  const mark = { type: "rule", strokeWidth: 1.3, clip: true };
  return [
    ...layer(
      set.filter(({ coldest, hottest }) => hottest > coldest),
      mark,
      { x, y: { ...y, field: "coldest" }, y2: { field: "hottest" }, color },
    ),
    ...layer(
      set.filter(({ lowest, highest }) => highest > lowest),
      mark,
      { y, x: { ...x, field: "lowest" }, x2: { field: "highest" }, color },
    ),
  ];
}

const layer = (values: readonly unknown[], mark: object, encoding: object) =>
  values.length > 0 ? [{ data: { values }, mark, encoding }] : [];

/** A name with a white rim, which keeps it legible on dashed lines. */
function fieldName({ phase, place: [temperature, pressure], share }: PhaseField, axes: object) {
  const mark = { type: "text", fontSize: share > 0.04 ? 15 : 12, fontStyle: "italic", clip: true };
  const encoding = { ...axes, text: { field: "phase" } };
  const data = { values: [{ temperature, pressure, phase }] };
  return [
    { data, mark: { ...mark, stroke: "white", strokeWidth: 4, strokeJoin: "round" }, encoding },
    { data, mark, encoding },
  ];
}

const byPhase = (places: readonly PhasePlace[]): DiagramMarks[] =>
  [...new Set(places.map(({ phase }) => phase))].map((label) => ({
    label,
    points: places.filter(({ phase }) => phase === label),
  }));
