import type { DiagramData } from "./diagram-record.js";
import type { DiagramTarget } from "./diagram-settings.js";
import type { PhaseWindow } from "./phase-data.js";
import type { PhaseField } from "./phase-fields.js";
import type { PhaseLine } from "./phase-lines.js";
import type { TriplePoint } from "./triple-points.js";

/** Why a diagram is complete. */
export type DiagramEnd = "target" | "budget" | "nothing left to measure";

/** A phase of a diagram. */
export interface DiagramPhase {
  readonly name: string;
  readonly state: "solid" | "liquid";
  /** Atoms in the runs. */
  readonly atoms: number;
}

/** A temperature-pressure diagram as far as it is known: plain data. */
export interface PhaseDiagram extends DiagramData {
  readonly format: "phasecell-phase-diagram";
  readonly phases: readonly DiagramPhase[];
  readonly window: PhaseWindow;
  readonly target: DiagramTarget;
  readonly lines: readonly PhaseLine[];
  readonly triplePoints: readonly TriplePoint[];
  /** Where each phase is stable, the largest fields first. */
  readonly fields: readonly PhaseField[];
  /** Rounds of refinement so far; 0 after the survey. */
  readonly round: number;
  /** Measurements so far. */
  readonly runs: number;
  /** ps of dynamics. */
  readonly spent: number;
  readonly budget: number;
  readonly seed: number;
  readonly complete: boolean;
  /** Of a complete diagram. */
  readonly end?: DiagramEnd;
}
