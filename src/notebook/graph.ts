import { Runtime, type Variable } from "@observablehq/runtime";
import { InputError } from "../errors.js";
import type { Progress } from "../progress.js";
import { type Cell, type CompiledCell, cellLabel } from "./cell.js";
import { type InputControl, isInputControl, parseInput } from "./input-control.js";
import { createStage, type StageDemand, type StageHost, type StageReport, untilAborted } from "./stage.js";

/** What one cell shows and how it fares. */
export interface CellState {
  readonly compiled: CompiledCell;
  state: "running" | "fulfilled" | "rejected";
  /** What it displayed, in order. */
  items: unknown[];
  error?: unknown;
  stages: StageReport[];
  /** What its running stages do, by stage. */
  progress: Map<string, Progress>;
  /** Those of the items that show results still growing, by stage. */
  growing: Map<string, unknown>;
  /** Stages that wait for the reader to ask for them; what the cell shows is stale meanwhile. */
  demands: StageDemand[];
}

export interface GraphOptions {
  /** Names that every cell may read: `Inputs`, `md`, `tex`, `FileAttachment`. */
  readonly builtins: Readonly<Record<string, unknown>>;
  readonly stageHost: StageHost;
  /** Loads `phasecell`, a package, or a path relative to the notebook. */
  readonly importModule: (specifier: string) => Promise<unknown>;
  /** Values given from outside, as text: `--set name=value`. */
  readonly settings?: ReadonlyMap<string, string>;
  readonly onChange?: (cell: CellState) => void;
  /** Stages marked `onDemand` wait for `CellState.demands`; without it they run like the others. */
  readonly waitForDemand?: boolean;
  /** Calls the body of a cell: a host that catches what is printed learns whose it is. */
  readonly around?: (run: CellRun, call: () => unknown) => unknown;
  /** Asked in the loops of cells that `makeInterruptible` prepared; throws to end them. */
  readonly check?: () => void;
}

/** One run of a cell. */
export interface CellRun {
  readonly cell: CellState;
  /** What it shows; no longer that of the cell when another run began. */
  readonly items: unknown[];
  readonly signal: AbortSignal;
}

/** Text that a cell printed. */
export class PrintedText {
  constructor(
    readonly stream: "stdout" | "stderr",
    public text: string,
  ) {}
}

/** Names that the graph itself gives to cells. */
export const CELL_BUILTINS = ["display", "view", "stage", "signal", "invalidation"] as const;

/** Names that every host gives to cells, through `GraphOptions.builtins`. */
export const HOST_BUILTINS = ["Inputs", "md", "tex", "html", "htl", "FileAttachment"] as const;

/**
 * The cells of a notebook with Observable's semantics: a cell runs when its inputs are there and again when one
 * changes; a promise is awaited; a run that became stale is cancelled through its signal.
 */
export class NotebookGraph {
  readonly cells = new Map<number, CellState>();
  /** Inputs of the reader by name, as the cells defined them, with the value in force. */
  readonly controls = new Map<string, { control: InputControl; value: unknown }>();
  /** Outputs of cells: the record that the cell's last run gave, and what the reader put in place of one of them. */
  readonly #outputs = new Map<string, { update(): void; run?: object; given?: { run: object; value: unknown } }>();
  readonly #runtime: Runtime;
  readonly #module;
  readonly #variables = new Map<number, Variable[]>();
  readonly #pending = new Set<number>();
  readonly #stops = new Map<AbortController, CellState>();
  #waiters: (() => void)[] = [];

  constructor(readonly options: GraphOptions) {
    const builtins = Object.entries(options.builtins).map(([name, value]) => [name, () => value] as const);
    this.#runtime = new Runtime(Object.fromEntries(builtins), (name) => {
      if (name in globalThis) return globalThis[name as keyof typeof globalThis];
      throw new InputError({ what: `${name} is not defined` });
    });
    this.#module = this.#runtime.module();
  }

  /** Defines a cell, or redefines the one with the same id; its dependents run again. */
  define(compiled: CompiledCell): CellState {
    const { cell, outputs } = compiled;
    this.remove(cell.id);
    const progress: CellState["progress"] = new Map();
    const state: CellState = {
      ...{ compiled, state: "running", items: [], stages: [], progress, growing: new Map(), demands: [] },
    };
    this.cells.set(cell.id, state);
    this.#pending.add(cell.id);
    const bodyOf = instantiate(compiled, this.options.importModule);
    const perRun: ReadonlySet<string> = new Set(CELL_BUILTINS);
    const shared = compiled.inputs.filter((name) => !perRun.has(name));
    const name = cell.output ?? (outputs.length ? `cell ${cell.id}` : null);
    const variable = this.#module.variable(this.#observer(state)).define(name, ["invalidation", ...shared], ((
      invalidation: Promise<void>,
      ...values: unknown[]
    ) => {
      const own = this.#startRun(state, invalidation);
      const given = new Map<string, unknown>(shared.map((input, i) => [input, values[i]]));
      const body = bodyOf(this.#checkOf(own.signal));
      const call = () =>
        body(...compiled.inputs.map((input) => (given.has(input) ? given.get(input) : own[input as never])));
      const { around } = this.options;
      const value = around ? around({ cell: state, items: state.items, signal: own.signal }, call) : call();
      return value instanceof Promise ? untilAborted(value, own.signal) : value;
    }) as never);
    const variables = [variable];
    if (cell.output === undefined) for (const output of outputs) variables.push(this.#defineOutput(output, name!));
    this.#variables.set(cell.id, variables);
    return state;
  }

  /** A name that a cell defines; a value that the reader set holds until the cell runs again. */
  #defineOutput(output: string, cell: string): Variable {
    const variable = this.#module.variable(true);
    const definition = (run: Record<string, unknown>): unknown => {
      const entry = this.#outputs.get(output)!;
      entry.run = run;
      return entry.given?.run === run ? entry.given.value : run[output];
    };
    const update = (): void => void variable.define(output, [cell], definition as never);
    this.#outputs.set(output, { update });
    update();
    return variable;
  }

  /** Sets an input of the reader: the cells that read it run again, the one that shows it does not. */
  setInput(name: string, value: unknown): void {
    const known = this.controls.get(name);
    const output = this.#outputs.get(name);
    if (!known || !output?.run) throw new InputError({ what: "input", value: name, expected: "one that is shown" });
    known.value = value;
    output.given = { run: output.run, value };
    output.update();
  }

  /** Drops a cell and the names it defines. */
  remove(id: number): void {
    for (const name of this.cells.get(id)?.compiled.outputs ?? []) {
      this.#outputs.delete(name);
      this.controls.delete(name);
    }
    for (const variable of this.#variables.get(id) ?? []) variable.delete();
    this.#variables.delete(id);
    this.cells.delete(id);
    this.#pending.delete(id);
  }

  /** Resolves when no cell is running, apart from those that wait for the reader and what needs them. */
  async settled(): Promise<void> {
    await nextTurn();
    while (this.#isBusy()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      await nextTurn();
    }
  }

  #isBusy(): boolean {
    const definedBy = new Map<string, number>();
    for (const { compiled } of this.cells.values())
      for (const output of compiled.outputs) definedBy.set(output, compiled.cell.id);
    const waiting = new Set([...this.#pending].filter((id) => this.cells.get(id)?.demands.length));
    for (let before = -1; before !== waiting.size; ) {
      before = waiting.size;
      for (const id of this.#pending)
        if (this.cells.get(id)?.compiled.inputs.some((name) => waiting.has(definedBy.get(name) ?? Number.NaN)))
          waiting.add(id);
    }
    return waiting.size < this.#pending.size;
  }

  /** The value of a name. */
  value(name: string): Promise<unknown> {
    return this.#module.value(name);
  }

  /** Cancels whatever runs: running cells are rejected at once; work that honours its signal ends within 100 ms. */
  abort(reason: unknown): void {
    for (const [controller, { state }] of this.#stops) if (state === "running") controller.abort(reason);
  }

  dispose(): void {
    this.#runtime.dispose();
  }

  /** What one run of a cell is given besides the values of other cells. */
  #startRun(state: CellState, invalidation: Promise<void>) {
    const controller = new AbortController();
    const items: unknown[] = [];
    const stages: StageReport[] = [];
    state.items = items;
    state.stages = stages;
    state.progress.clear();
    state.growing.clear();
    state.demands = [];
    this.#stops.set(controller, state);
    invalidation.then(() => {
      this.#stops.delete(controller);
      controller.abort(new InputError({ what: `${cellLabel(state.compiled.cell)} became stale` }));
    });
    const display = <T>(value: T): T => {
      items.push(value);
      if (state.items === items) this.options.onChange?.(state);
      return value;
    };
    return {
      display,
      invalidation,
      signal: controller.signal,
      stage: createStage(this.#stageHostOf(state, items), controller.signal, (report) => stages.push(report)),
      view: (control: unknown, name?: string) => this.#view(display, state.compiled.cell, control, name),
    };
  }

  /** Ends the loops of a run that was cancelled, even one that does not look at its signal. */
  #checkOf(signal: AbortSignal): () => void {
    let stopped = false;
    signal.addEventListener("abort", () => {
      stopped = true;
    });
    const { check } = this.options;
    return () => {
      if (stopped) throw signal.reason;
      check?.();
    };
  }

  /** The host of stages, with what they say shown at their cell as long as the run is the present one. */
  #stageHostOf(state: CellState, run: unknown[]): StageHost {
    const { stageHost, onChange, waitForDemand } = this.options;
    const present = (): boolean => state.items === run;
    return {
      ...stageHost,
      onProgress: (progress) => {
        stageHost.onProgress?.(progress);
        if (!present()) return;
        if (progress.done >= progress.total) state.progress.delete(progress.task);
        else state.progress.set(progress.task, progress);
        onChange?.(state);
      },
      onShow: (stage, value) => {
        if (!present()) return;
        const at = state.growing.has(stage) ? run.indexOf(state.growing.get(stage)) : -1;
        if (value === undefined && at < 0) return;
        run.splice(at < 0 ? run.length : at, at < 0 ? 0 : 1, ...(value === undefined ? [] : [value]));
        if (value === undefined) state.growing.delete(stage);
        else state.growing.set(stage, value);
        onChange?.(state);
      },
      ...(waitForDemand
        ? {
            onDemand: ({ stage, run }: StageDemand) => {
              const demand: StageDemand = {
                stage,
                run() {
                  state.demands = state.demands.filter((one) => one !== demand);
                  run();
                },
              };
              state.demands.push(demand);
              onChange?.(state);
              this.#wake();
            },
          }
        : {}),
    };
  }

  #view(display: <T>(value: T) => T, cell: Cell, control: unknown, name: string | undefined): unknown {
    if (!isInputControl(control))
      throw new InputError({
        what: `${cellLabel(cell)}: view`,
        value: control,
        expected: "an input: Inputs.range(...)",
      });
    const setting = name === undefined ? undefined : this.options.settings?.get(name);
    const value = setting === undefined ? control.value : parseInput(name!, control, setting);
    const shown = { ...control, value };
    display(shown);
    if (name !== undefined) this.controls.set(name, { control: shown, value });
    return value;
  }

  /** Lets those who wait for rest look again. */
  #wake(): void {
    if (this.#isBusy()) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #observer(state: CellState) {
    const { id } = state.compiled.cell;
    // A cell that was defined anew or removed still hears how its last run ended.
    const isPresent = (): boolean => this.cells.get(id) === state;
    const finish = (): void => {
      this.options.onChange?.(state);
      this.#pending.delete(id);
      this.#wake();
    };
    return {
      pending: () => {
        if (!isPresent()) return;
        state.state = "running";
        this.#pending.add(id);
        this.options.onChange?.(state);
      },
      fulfilled: (value: unknown) => {
        if (!isPresent()) return;
        state.state = "fulfilled";
        delete state.error;
        // In place: what the run prints later still finds its list.
        const printed = state.items.filter((item) => item instanceof PrintedText);
        if (state.compiled.autodisplay) state.items.splice(0, state.items.length, ...printed, value);
        finish();
      },
      rejected: (error: unknown) => {
        if (!isPresent()) return;
        state.state = "rejected";
        state.error = error;
        finish();
      },
    };
  }
}

type CellBody = (...values: unknown[]) => unknown;

/** The function of a cell for one run, with the check that its loops make. */
function instantiate(
  { cell, body }: CompiledCell,
  importModule: (specifier: string) => Promise<unknown>,
): (check: () => void) => CellBody {
  const create = new Function("__import", "__check", "__keep", `return ${body}\n//# sourceURL=cell-${cell.id}.js`);
  return (check) => create(importModule, check, keepSource) as CellBody;
}

/** A function whose text, which belongs to the key of a stage, is that before loops were made interruptible. */
const keepSource = (compute: object, text: string): object =>
  Object.defineProperty(compute, "toString", { value: () => text });

/** The runtime starts cells on the next turn of the event loop; two turns later every dependent has started. */
const nextTurn = async (): Promise<void> => {
  const turn = typeof requestAnimationFrame === "function" ? requestAnimationFrame : setTimeout;
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => turn(resolve));
};
