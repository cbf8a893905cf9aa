import type { CompiledCell } from "../cell.js";
import type { InputControl } from "../input-control.js";
import type { MimeBundle } from "../jupyter-notebook.js";

/** Why a cell cannot run, or failed: what Jupyter calls ename, evalue and traceback. */
export interface CellFailure {
  readonly name: string;
  readonly message: string;
  /** JavaScript's, of a cell that ran. */
  readonly stack?: string;
  /** The name that a cell waits for in vain, when the failure is another cell's. */
  readonly input?: string;
  /** Lines of the cell that the message is about. */
  readonly lines?: readonly number[];
}

/** A change of the graph. A cell with a failure throws it instead of running. */
export type GraphChange =
  | { readonly kind: "define"; readonly compiled: CompiledCell; readonly failure?: CellFailure }
  | { readonly kind: "remove"; readonly id: number };

/** From the kernel's thread to that of the cells. */
export type ExecutorRequest =
  | { readonly kind: "apply"; readonly changes: readonly GraphChange[] }
  /** Answered when nothing runs any more; stages of `demanded` that wait for the reader start. */
  | { readonly kind: "settle"; readonly token: number; readonly demanded?: number }
  /** The value of an input, or which of its choices. */
  | { readonly kind: "input"; readonly name: string; readonly value: unknown }
  | { readonly kind: "interrupt" };

/** An input of the reader as the front end needs it: choices by their place. */
export type ShownControl = Omit<InputControl, "values" | "value"> & {
  readonly name?: string;
  /** Of choices, places in `options`. */
  readonly value: unknown;
};

/** One thing that a cell shows. */
export type OutputPart =
  | { readonly kind: "printed"; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "bundle"; readonly data: MimeBundle }
  | { readonly kind: "control"; readonly control: ShownControl };

/** What a running stage says. */
export interface ShownProgress {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  readonly note?: string;
}

export interface CellReport {
  readonly id: number;
  /** Counts the runs of all cells. */
  readonly run: number;
  readonly state: "running" | "fulfilled" | "rejected";
  readonly parts: readonly OutputPart[];
  readonly progress: readonly ShownProgress[];
  /** Stages that wait for the reader. */
  readonly waiting: readonly string[];
  readonly failure?: CellFailure;
}

/** From the thread of the cells to the kernel's. */
export type ExecutorEvent =
  | { readonly kind: "ready" }
  | { readonly kind: "cell"; readonly report: CellReport }
  | { readonly kind: "settled"; readonly token: number }
  | { readonly kind: "interrupted" }
  /** Printed by nobody's run. */
  | { readonly kind: "printed"; readonly stream: "stdout" | "stderr"; readonly text: string };

/** How the thread of the cells starts. */
export interface ExecutorSetup {
  /** Not zero: loops are to end. */
  readonly flag: Int32Array;
  /** Where the notebook lies. */
  readonly folder: string;
  readonly cacheFolder: string;
  /** Values of inputs as text, as `--set` gives them. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly version: string;
  /** URL of the module that cells import as `phasecell`. */
  readonly library: string;
}
