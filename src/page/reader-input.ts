import * as ObservableInputs from "@observablehq/inputs";
import type { InputControl } from "../notebook/input-control.js";

type InputElement = HTMLElement & { value: unknown };

/** An input of the reader as Observable's own control; `onInput` is given each value that the reader chooses. */
export function readerInput(control: InputControl, onInput: (value: unknown) => void): HTMLElement {
  const element = create(control);
  element.addEventListener("input", () => onInput(element.value));
  return element;
}

function create({ control, label, value, extent, step, options = [], values = [] }: InputControl): InputElement {
  const common = { label: label || undefined, value };
  const choices = { ...common, format: (choice: unknown) => options[values.indexOf(choice)] ?? String(choice) };
  switch (control) {
    case "range":
      return ObservableInputs.range(extent, { ...common, step });
    case "number":
      return ObservableInputs.number(extent, { ...common, step });
    case "select":
      return ObservableInputs.select(values, choices);
    case "radio":
      return ObservableInputs.radio(values, choices);
    case "checkbox":
      return ObservableInputs.checkbox(values, choices);
    case "toggle":
      return ObservableInputs.toggle(common);
    case "text":
      return ObservableInputs.text(common);
    case "button":
      return ObservableInputs.button(label);
    case "table":
      return ObservableInputs.table(values);
  }
}
