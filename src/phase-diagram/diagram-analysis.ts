import type { Phase } from "../free-energy/phase.js";
import type { DiagramData } from "./diagram-record.js";
import type { DiagramPlan } from "./diagram-settings.js";
import type { Measurement } from "./measurement.js";
import type { PhaseLine, TriplePoint } from "./phase-diagram.js";

/** What the data of a diagram say. */
export interface DiagramAnalysis {
  readonly lines: readonly PhaseLine[];
  readonly triplePoints: readonly TriplePoint[];
  /** Every line is as sure as the target wants. */
  readonly settled: boolean;
  /** What would tell most, the best first, each given those before it. */
  propose(count: number): readonly Omit<Measurement, "repeat">[];
}

export function analyzeDiagram(_phases: readonly Phase[], _data: DiagramData, _plan: DiagramPlan): DiagramAnalysis {
  return { lines: [], triplePoints: [], settled: false, propose: () => [] };
}
