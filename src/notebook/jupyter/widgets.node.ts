import type { MimeBundle } from "../jupyter-notebook.js";
import type { ShownControl } from "./executor-protocol.js";
import type { Content } from "./message.node.js";
import {
  box,
  type ControlWidget,
  childrenOf,
  controlWidget,
  type WidgetModel,
  type WidgetState,
} from "./widget-models.node.js";

/** Sends one of the messages of a comm. */
export type SendComm = (type: "comm_open" | "comm_msg" | "comm_close", content: Content, metadata?: Content) => void;

interface CellWidgets {
  run: number;
  /** The reader changed one since the run that made them. */
  touched: boolean;
  readonly controls: readonly ShownControl[];
  /** All of them, those contained first. */
  readonly models: readonly WidgetModel[];
  /** What the box itself needs. */
  readonly frame: readonly WidgetModel[];
  readonly root: WidgetModel;
}

const TARGET = "jupyter.widget";
/** A front end that was loaded anew asks here for all models. */
const CONTROL_TARGET = "jupyter.widget.control";

/** Inputs of the reader as ipywidgets: models live here, the front end shows them. */
export class Widgets {
  readonly #cells = new Map<number, CellWidgets>();
  readonly #models = new Map<
    string,
    {
      readonly cell: CellWidgets;
      readonly model: WidgetModel;
      readonly control?: ShownControl;
      readonly widget?: ControlWidget;
    }
  >();
  readonly #controlComms = new Set<string>();

  constructor(
    readonly send: SendComm,
    readonly chosen: (name: string, value: unknown) => void,
  ) {}

  /**
   * The view of a cell's inputs: a box that stays, because JupyterLab hides the place of a view that was closed. Its
   * inputs are made anew where they are others, or where a new run begins with values that the reader had changed.
   */
  show(cell: number, run: number, controls: readonly ShownControl[]): MimeBundle {
    const old = this.#cells.get(cell);
    const sameRun = old?.run === run && old.controls.length === controls.length;
    if (old && (sameRun || (!old.touched && sameControls(old.controls, controls)))) {
      old.run = run;
      return viewOf(old.root, old.controls);
    }
    const widgets = controls.map(controlWidget);
    const [layout, root] = old ? [undefined, old.root] : (box("VBox", []) as [WidgetModel, WidgetModel]);
    const inner = widgets.flatMap(({ models }) => models);
    const entry: CellWidgets = {
      run,
      touched: false,
      controls,
      root,
      models: [...inner, ...(layout ? [layout] : old!.frame), root],
      frame: layout ? [layout] : old!.frame,
    };
    this.#cells.set(cell, entry);
    widgets.forEach((widget, k) => {
      for (const model of widget.models)
        this.#models.set(model.id, { cell: entry, model, control: controls[k]!, widget });
    });
    const children = childrenOf(widgets.map((widget) => widget.root));
    root.state.children = children;
    for (const model of [...entry.frame, root]) this.#models.set(model.id, { cell: entry, model });
    for (const { id, state } of old ? inner : entry.models)
      this.send("comm_open", openContent(id, state), { version: "2.1.0" });
    if (old) {
      this.send("comm_msg", { comm_id: root.id, data: { method: "update", state: { children }, buffer_paths: [] } });
      this.#close(old.models.filter((model) => !entry.models.includes(model)));
    }
    return viewOf(root, controls);
  }

  remove(cell: number): void {
    this.#close(this.#cells.get(cell)?.models ?? []);
    this.#cells.delete(cell);
  }

  #close(models: readonly WidgetModel[]): void {
    for (const { id } of models) {
      this.#models.delete(id);
      this.send("comm_close", { comm_id: id, data: {} });
    }
  }

  /** What `comm_info_request` asks. */
  info(target: unknown): Content {
    const comms = [...this.#models.keys()].map((id) => [id, { target_name: TARGET }] as const);
    return { status: "ok", comms: target === undefined || target === TARGET ? Object.fromEntries(comms) : {} };
  }

  /** The front end opened a comm. */
  opened({ comm_id: id, target_name: target }: Content): void {
    if (target === CONTROL_TARGET) this.#controlComms.add(String(id));
    else this.send("comm_close", { comm_id: id, data: {} });
  }

  closed({ comm_id: id }: Content): void {
    this.#controlComms.delete(String(id));
  }

  /** The front end says what the reader did. */
  received({ comm_id, data }: Content): void {
    const id = String(comm_id);
    const {
      method,
      state = {},
      content,
    } = data as { method?: string; state?: WidgetState; content?: { event?: string } };
    if (this.#controlComms.has(id)) {
      if (method === "request_states") this.#sendStates(id);
      return;
    }
    const entry = this.#models.get(id);
    if (!entry) return;
    if (method === "request_state")
      this.send("comm_msg", { comm_id: id, data: { method: "update", state: entry.model.state, buffer_paths: [] } });
    if (method === "update") {
      Object.assign(entry.model.state, state);
      // Front ends in other windows follow.
      this.send("comm_msg", { comm_id: id, data: { method: "echo_update", state, buffer_paths: [] } });
    }
    if (!entry.control?.name) return;
    const value =
      method === "update"
        ? entry.widget!.read(id, state)
        : method === "custom" && content?.event === "click"
          ? entry.widget!.read(id, "click")
          : undefined;
    if (value === undefined) return;
    entry.cell.touched = true;
    this.chosen(entry.control.name, value);
  }

  #sendStates(id: string): void {
    const states = [...this.#models.values()].map(({ model: { id, state } }) => [
      id,
      {
        model_name: state._model_name,
        model_module: state._model_module,
        model_module_version: state._model_module_version,
        state,
      },
    ]);
    const data = { method: "update_states", states: Object.fromEntries(states) as Content, buffer_paths: [] };
    this.send("comm_msg", { comm_id: id, data });
  }
}

const openContent = (id: string, state: WidgetState): Content => ({
  comm_id: id,
  target_name: TARGET,
  data: { state, buffer_paths: [] },
});

/** The front end's view; elsewhere the values, as text. */
function viewOf({ id }: WidgetModel, controls: readonly ShownControl[]): MimeBundle {
  return {
    "application/vnd.jupyter.widget-view+json": { model_id: id, version_major: 2, version_minor: 0 },
    "text/plain": controls.map(describeControl).join("\n"),
  };
}

function describeControl({ label, name, value, extent, options, control }: ShownControl): string {
  const shown =
    options && Array.isArray(value)
      ? value.map((k: number) => options[k]).join(", ")
      : (options?.[value as number] ?? String(value));
  const range = extent
    ? ` (${extent[0]} to ${extent[1]})`
    : control === "select" || control === "radio"
      ? ` (of ${options?.join(", ")})`
      : "";
  return `${label || name || control}: ${shown}${range}`;
}

/** Whether the same input is asked for: its first value, which a rerun of the cell gives again, included. */
const sameControls = (a: readonly ShownControl[], b: readonly ShownControl[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
