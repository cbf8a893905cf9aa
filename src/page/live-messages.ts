import type { LiveDynamics } from "../figures/live-dynamics.js";
import type { FailureRecord } from "../host/messages.js";

/** Which engine a live run asks for; "automatic" takes what is likely to be the fastest. */
export type LiveEngine = "automatic" | "wasm" | "webgpu";

/** From the page to the worker of a live run. */
export type LiveOrder =
  | { readonly kind: "start"; readonly live: LiveDynamics; readonly engine: LiveEngine }
  /** K and GPa, from the next frame on. */
  | { readonly kind: "steer"; readonly temperature: number; readonly pressure: number }
  | { readonly kind: "pause"; readonly paused: boolean };

/** One picture of a live run. */
export interface LiveFrame {
  /** [3N] A, inside the cell. */
  readonly positions: Float32Array;
  /** [9] A, rows. */
  readonly cell: Float64Array;
  /** [2B] pairs of bonded atoms that no face of the cell divides. */
  readonly bonds: Uint32Array;
  /** [N] bonded neighbors of each atom. */
  readonly coordination: Uint8Array;
  /** ps. */
  readonly time: number;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** eV per atom. */
  readonly energy: number;
  /** A^3 per atom. */
  readonly volume: number;
  readonly stepsPerSecond: number;
}

/** From the worker to the page. */
export type LiveReport =
  /** What computes, and why. */
  | { readonly kind: "engine"; readonly text: string }
  | { readonly kind: "frame"; readonly frame: LiveFrame }
  | { readonly kind: "failed"; readonly failure: FailureRecord };
