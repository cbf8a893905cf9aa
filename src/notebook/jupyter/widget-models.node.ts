import { randomUUID } from "node:crypto";
import type { ShownControl } from "./executor-protocol.js";

/** State of a model of @jupyter-widgets/controls or base. */
export type WidgetState = Record<string, unknown>;

export interface WidgetModel {
  readonly id: string;
  readonly state: WidgetState;
}

/** The models behind an input, and how a change of one of them changes its value. */
export interface ControlWidget {
  /** Those it contains first. */
  readonly models: readonly WidgetModel[];
  /** The one to place. */
  readonly root: WidgetModel;
  /** The value that the reader chose by a change of a model's state, or a click; undefined: none. */
  readonly read: (id: string, change: WidgetState | "click") => unknown;
}

const reference = ({ id }: WidgetModel): string => `IPY_MODEL_${id}`;

function model(
  name: string,
  view: string | null,
  state: WidgetState,
  module: "controls" | "base" = "controls",
): WidgetModel {
  const from = `@jupyter-widgets/${module}`;
  return {
    id: randomUUID(),
    state: {
      _model_module: from,
      _model_module_version: "2.0.0",
      _model_name: `${name}Model`,
      _view_module: view === null && module === "controls" ? "@jupyter-widgets/base" : from,
      _view_module_version: "2.0.0",
      _view_name: view ?? (module === "base" ? `${name}View` : "StyleView"),
      ...state,
    },
  };
}

/** Wide enough for our labels; a style is as its widget wants it. */
function widget(name: string, view: string, style: string, state: WidgetState, width = "30rem"): WidgetModel[] {
  const layout = model("Layout", null, { width }, "base");
  const styled = model(style, null, style === "ButtonStyle" ? {} : { description_width: "initial" });
  return [layout, styled, model(name, view, { layout: reference(layout), style: reference(styled), ...state })];
}

/** What the state of a box says of the models in it. */
export const childrenOf = (models: readonly WidgetModel[]): string[] => models.map(reference);

/** Models in a box; boxes have no style. */
export function box(kind: "HBox" | "VBox", children: readonly WidgetModel[], wrap = false): WidgetModel[] {
  const layout = model("Layout", null, wrap ? { flex_flow: "row wrap" } : {}, "base");
  const state = { children: childrenOf(children), box_style: "", layout: reference(layout) };
  return [layout, model(kind, `${kind}View`, state)];
}

const single = (models: WidgetModel[], read: ControlWidget["read"]): ControlWidget => ({
  models,
  root: models.at(-1)!,
  read,
});

/** What of a state is the value of most models. */
const readValue: ControlWidget["read"] = (_, change) => (change === "click" ? undefined : change.value);
/** Sliders of the front end give 10.000000000000002 for 10, which would be another input to every stage. */
const readNumber: ControlWidget["read"] = (_, change) =>
  change === "click" || typeof change.value !== "number" ? undefined : Number(change.value.toPrecision(12));
const readIndex: ControlWidget["read"] = (_, change) =>
  change === "click" || typeof change.index !== "number" ? undefined : change.index;

/** The ipywidgets control of an input. */
export function controlWidget(control: ShownControl): ControlWidget {
  const { label, value, extent: [min, max] = [0, 1], step, options = [] } = control;
  const description = label || control.name || "";
  const numeric = { description, value, min, max, ...(step === undefined ? {} : { step }) };
  const choices = { description, _options_labels: options, index: value };
  switch (control.control) {
    case "range": {
      const fine = step ?? (max - min) / 100;
      const state = { ...numeric, step: fine, readout: true, readout_format: formatOf(fine), continuous_update: true };
      return single(
        widget("FloatSlider", "FloatSliderView", "SliderStyle", { ...state, orientation: "horizontal" }),
        readNumber,
      );
    }
    case "number":
      return single(widget("BoundedFloatText", "FloatTextView", "DescriptionStyle", numeric, "20rem"), readNumber);
    case "select":
      return single(widget("Dropdown", "DropdownView", "DescriptionStyle", choices, "20rem"), readIndex);
    case "radio":
      return single(widget("RadioButtons", "RadioButtonsView", "DescriptionStyle", choices), readIndex);
    case "toggle":
      return single(
        widget("Checkbox", "CheckboxView", "CheckboxStyle", { description, value, indent: false }, "20rem"),
        readValue,
      );
    case "text":
      return single(
        widget("Text", "TextView", "TextStyle", { description, value, continuous_update: true }),
        readValue,
      );
    case "button": {
      let clicks = value as number;
      const models = widget("Button", "ButtonView", "ButtonStyle", { description, tooltip: description }, "auto");
      return single(models, (_, change) => (change === "click" ? ++clicks : undefined));
    }
    case "checkbox":
      return checkboxes(description, options, value as readonly number[]);
    case "table": {
      const state = { ...choices, index: [], rows: Math.min(12, options.length) };
      const models = widget("SelectMultiple", "SelectMultipleView", "DescriptionStyle", state, "auto");
      const all = options.map((_, k) => k);
      // As Observable's: no row chosen means all of them.
      return single(models, (_, change) =>
        change === "click" || !Array.isArray(change.index) ? undefined : change.index.length ? change.index : all,
      );
    }
  }
}

function checkboxes(description: string, options: readonly string[], value: readonly number[]): ControlWidget {
  const chosen = new Set(value);
  const heading = widget("Label", "LabelView", "LabelStyle", { value: description }, "auto");
  const boxes = options.map((option, k) =>
    widget(
      "Checkbox",
      "CheckboxView",
      "CheckboxStyle",
      { description: option, value: chosen.has(k), indent: false },
      "auto",
    ),
  );
  const places = new Map(boxes.map((models, k) => [models.at(-1)!.id, k]));
  const row = box("HBox", [heading.at(-1)!, ...boxes.map((models) => models.at(-1)!)], true);
  return single([...heading, ...boxes.flat(), ...row], (id, change) => {
    const place = places.get(id);
    if (place === undefined || change === "click" || typeof change.value !== "boolean") return undefined;
    if (change.value) chosen.add(place);
    else chosen.delete(place);
    return [...chosen].sort((a, b) => a - b);
  });
}

/** d3's format for steps of this size. */
const formatOf = (step: number): string => `.${Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)))}f`;
