import type { ShorterSteps } from "./shorter-steps.js";
import type { SwitchingWork } from "./switching.js";

/** What the legs have alike that switch a phase to its reference and back at constant volume: plain data. */
export interface SwitchingRun {
  /** Name of the phase. */
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** fs. */
  readonly timestep: number;
  readonly equilibration: number;
  readonly switching: number;
  readonly seed: number;
}

/** What they find. */
export interface SwitchingLegResult extends SwitchingWork, ShorterSteps {
  /** GPa, of the equilibrated phase in its cell. */
  readonly pressure: number;
  /** What says that the phase did not last. */
  readonly transformed?: string;
}
