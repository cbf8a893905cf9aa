import { Runtime, type Variable } from "@observablehq/runtime";
import { InputError } from "../errors.js";
import { type Cell, type CompiledCell, cellLabel } from "./cell.js";
import { type InputControl, isInputControl, parseInput } from "./input-control.js";
import { createStage, type StageHost, type StageReport } from "./stage.js";

/** What one cell shows and how it fares. */
export interface CellState {
  readonly compiled: CompiledCell;
  state: "running" | "fulfilled" | "rejected";
  /** What it displayed, in order. */
  items: unknown[];
  error?: unknown;
  stages: StageReport[];
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
}

/** Names that the graph itself gives to cells. */
export const CELL_BUILTINS = ["display", "view", "stage", "signal", "invalidation"] as const;

/**
 * The cells of a notebook with Observable's semantics: a cell runs when its inputs are there and again when one
 * changes; a promise is awaited; a run that became stale is cancelled through its signal.
 */
export class NotebookGraph {
  readonly cells = new Map<number, CellState>();
  /** Inputs of the reader by name, as the cells defined them, with the value in force. */
  readonly controls = new Map<string, { control: InputControl; value: unknown }>();
  readonly #runtime: Runtime;
  readonly #module;
  readonly #variables = new Map<number, Variable[]>();
  readonly #pending = new Set<number>();
  readonly #stops = new Set<AbortController>();
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
    const state: CellState = { compiled, state: "running", items: [], stages: [] };
    this.cells.set(cell.id, state);
    this.#pending.add(cell.id);
    const body = instantiate(compiled, this.options.importModule);
    const perRun: ReadonlySet<string> = new Set(CELL_BUILTINS);
    const shared = compiled.inputs.filter((name) => !perRun.has(name));
    const name = cell.output ?? (outputs.length ? `cell ${cell.id}` : null);
    const variable = this.#module.variable(this.#observer(state)).define(name, ["invalidation", ...shared], ((
      invalidation: Promise<void>,
      ...values: unknown[]
    ) => {
      const own = this.#startRun(state, invalidation);
      const given = new Map<string, unknown>(shared.map((input, i) => [input, values[i]]));
      return body(...compiled.inputs.map((input) => (given.has(input) ? given.get(input) : own[input])));
    }) as never);
    const variables = [variable];
    if (cell.output === undefined)
      for (const output of outputs)
        variables.push(
          this.#module
            .variable(true)
            .define(output, [name!], ((values: Record<string, unknown>) => values[output]) as never),
        );
    this.#variables.set(cell.id, variables);
    return state;
  }

  /** Drops a cell and the names it defines. */
  remove(id: number): void {
    for (const variable of this.#variables.get(id) ?? []) variable.delete();
    this.#variables.delete(id);
    this.cells.delete(id);
    this.#pending.delete(id);
  }

  /** Resolves when no cell is running. */
  async settled(): Promise<void> {
    await nextTurn();
    while (this.#pending.size) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      await nextTurn();
    }
  }

  /** The value of a name. */
  value(name: string): Promise<unknown> {
    return this.#module.value(name);
  }

  /** Cancels whatever runs; cells that honour their signal end within 100 ms. */
  abort(reason: unknown): void {
    for (const controller of this.#stops) controller.abort(reason);
  }

  dispose(): void {
    this.#runtime.dispose();
  }

  /** What one run of a cell is given besides the values of other cells. */
  #startRun(state: CellState, invalidation: Promise<void>): Readonly<Record<string, unknown>> {
    const controller = new AbortController();
    const items: unknown[] = [];
    const stages: StageReport[] = [];
    state.items = items;
    state.stages = stages;
    this.#stops.add(controller);
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
      stage: createStage(this.options.stageHost, controller.signal, (report) => stages.push(report)),
      view: (control: unknown, name?: string) => this.#view(display, state.compiled.cell, control, name),
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

  #observer(state: CellState) {
    const { id } = state.compiled.cell;
    const finish = (): void => {
      this.options.onChange?.(state);
      this.#pending.delete(id);
      if (this.#pending.size) return;
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const resolve of waiters) resolve();
    };
    return {
      pending: () => {
        state.state = "running";
        this.#pending.add(id);
        this.options.onChange?.(state);
      },
      fulfilled: (value: unknown) => {
        state.state = "fulfilled";
        delete state.error;
        if (state.compiled.autodisplay) state.items = [value];
        finish();
      },
      rejected: (error: unknown) => {
        state.state = "rejected";
        state.error = error;
        finish();
      },
    };
  }
}

type CellBody = (...values: unknown[]) => unknown;

function instantiate({ cell, body }: CompiledCell, importModule: (specifier: string) => Promise<unknown>): CellBody {
  const create = new Function("__import", `return ${body}\n//# sourceURL=cell-${cell.id}.js`);
  return create(importModule) as CellBody;
}

/** The runtime starts cells on the next turn of the event loop; two turns later every dependent has started. */
const nextTurn = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve));
};
