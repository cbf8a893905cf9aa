import { GUIDE_COLOR, PALETTE, SHAPES } from "./theme.js";

/** What a name stands for: a solid or dashed line, a measured place of a phase, one where a phase did not last, or a mark. */
export interface DrawnMark {
  readonly label: string;
  readonly kind: "line" | "dashes" | "place" | "limit" | "mark";
}

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  /** A shape of Vega, or a path within +-1.4. */
  readonly shape: string;
}

const DASH = "M-1.4,-0.18H1.4V0.18H-1.4Z";
const DASHES = "M-1.4,-0.14H-0.7V0.14H-1.4ZM-0.35,-0.14H0.35V0.14H-0.35ZM0.7,-0.14H1.4V0.14H0.7Z";
/** Where a phase did not last. */
export const SALTIRE =
  "M-0.9,-0.6L-0.3,0L-0.9,0.6L-0.6,0.9L0,0.3L0.6,0.9L0.9,0.6L0.3,0L0.9,-0.6L0.6,-0.9L0,-0.3L-0.6,-0.9Z";

/** Lines take the first colors; measured places of phases the others, paler by their opacity; marks are black. */
export function legendOf(marks: readonly DrawnMark[]): LegendEntry[] {
  const lines = marks.filter(({ kind }) => kind === "line").length;
  const places = marks.filter(({ kind }) => kind === "place");
  const others = marks.filter(({ kind }) => kind === "mark");
  return marks.map((mark, n) => {
    const { label, kind } = mark;
    if (kind === "line") return { label, color: PALETTE[n % 6]!, shape: DASH };
    if (kind === "dashes") return { label, color: GUIDE_COLOR, shape: DASHES };
    if (kind === "limit") return { label, color: GUIDE_COLOR, shape: SALTIRE };
    if (kind === "place") {
      const k = places.indexOf(mark);
      return { label, color: PALETTE[(lines + k) % 6]!, shape: SHAPES[k % SHAPES.length]! };
    }
    const k = others.indexOf(mark);
    return { label, color: "#000000", shape: MARKS[k % MARKS.length]! };
  });
}

const MARKS = ["diamond", "square", "triangle-up", "circle", "triangle-down", "cross"] as const;
