import type { MimeBundle } from "../jupyter-notebook.js";
import { composeOutput } from "./compose-output.js";
import type { CellReport, OutputPart, ShownControl } from "./executor-protocol.js";

/** Where the output of a cell stands in the front end. */
export interface Place<Origin> {
  readonly displayId: string;
  /** The request that ran the cell. */
  readonly origin: Origin;
  /** The front end shows what follows from a request when that is over, too. */
  readonly takesMore: boolean;
}

interface Slot<Origin> extends Place<Origin> {
  /** Its failure goes out as an `error` message, not in the bundle. */
  direct: boolean;
  /** An `error` message stands below the bundle. */
  erred: boolean;
  shown: string | undefined;
  shownInputs: string | undefined;
  /** Of the last run that was not replaced before it showed anything. */
  parts: readonly OutputPart[];
}

export type Display = "display_data" | "update_display_data" | "clear_output";

/** Sends one message about the display of a cell. */
export type Publish<Origin> = (type: Display, origin: Origin, bundle: MimeBundle, displayId: string) => void;

/**
 * Outputs of all cells in place: each has one bundle, under an id of its own for each time that it was run by the
 * reader, because nbclient fails on an id used twice. Updates carry the request in progress as their parent, because
 * nbclient drops all others; JupyterLab routes by id.
 */
export class CellOutputs<Origin> {
  readonly #slots = new Map<number, Slot<Origin>>();
  /** The request in progress. */
  current: Origin | undefined;

  constructor(
    readonly publish: Publish<Origin>,
    readonly inputs: (cell: number, run: number, controls: readonly ShownControl[]) => MimeBundle,
  ) {}

  /** The reader runs a cell: its output starts anew. */
  begin(cell: number, place: Place<Origin>): void {
    const slot = { ...place, direct: true, erred: false, shown: undefined, shownInputs: undefined, parts: [] };
    this.#slots.set(cell, slot);
  }

  /** The run that the reader asked for is over; from now on the cell may fail or show something on account of others. */
  end(cell: number, failed: boolean): void {
    const slot = this.#slots.get(cell);
    if (!slot) return;
    slot.direct = false;
    // Only progress was shown: not even an empty line stays.
    if (slot.shown === "{}" && slot.takesMore && slot.shownInputs === undefined) {
      this.publish("clear_output", slot.origin, {}, slot.displayId);
      slot.shown = undefined;
    }
    // A place in the notebook for what the cell may show later.
    if (slot.shown === undefined && !slot.takesMore) this.#show(slot, {});
    slot.erred = failed;
  }

  remove(cell: number): void {
    this.#slots.delete(cell);
  }

  report({ id, run, state, parts, progress, waiting, failure }: CellReport): void {
    const slot = this.#slots.get(id);
    if (!slot) return;
    const controls = parts.flatMap((part) => (part.kind === "control" ? [part.control] : []));
    if (controls.length) this.#showInputs(slot, this.inputs(id, run, controls));
    const stale = parts.length === 0 && (state === "running" || failure?.input !== undefined);
    // A run that has nothing to show yet leaves what the one before it showed.
    if (stale && state === "running" && progress.length + waiting.length === 0) return;
    if (!stale) slot.parts = parts;
    if (slot.erred && state === "fulfilled") this.#clearError(slot);
    const shownFailure = slot.direct || slot.erred ? undefined : failure;
    this.#show(
      slot,
      composeOutput({
        parts: slot.parts,
        progress,
        waiting,
        stale,
        ...(shownFailure ? { failure: shownFailure } : {}),
      }),
    );
  }

  /** JupyterLab takes messages for the old request: the area is emptied, so that the error goes too. */
  #clearError(slot: Slot<Origin>): void {
    slot.erred = false;
    if (slot.origin === this.current) return;
    this.publish("clear_output", slot.origin, {}, slot.displayId);
    this.publish("display_data", slot.origin, {}, slot.displayId);
    slot.shown = "{}";
  }

  #show(slot: Slot<Origin>, bundle: MimeBundle): void {
    const text = JSON.stringify(bundle);
    if (text === slot.shown || (slot.shown === undefined && text === "{}" && (slot.direct || slot.takesMore))) return;
    const first = slot.shown === undefined;
    slot.shown = text;
    if (first) this.publish("display_data", slot.origin, bundle, slot.displayId);
    else this.publish("update_display_data", this.current ?? slot.origin, bundle, slot.displayId);
  }

  #showInputs(slot: Slot<Origin>, bundle: MimeBundle): void {
    const text = JSON.stringify(bundle);
    if (text === slot.shownInputs) return;
    const first = slot.shownInputs === undefined;
    slot.shownInputs = text;
    const id = `${slot.displayId}-inputs`;
    if (first) this.publish("display_data", slot.origin, bundle, id);
    else this.publish("update_display_data", this.current ?? slot.origin, bundle, id);
  }
}
