import { deserialize } from "@observablehq/notebook-kit";
import { JSDOM } from "jsdom";
import { InputError } from "../errors.js";
import type { Notebook } from "./cell.js";

/** A notebook in Observable's .html format. */
export function parseNotebook(text: string, what: string): Notebook {
  if (!/<notebook[\s>]/.test(text))
    throw new InputError({ what, expected: "a notebook in Observable's format: <notebook>...</notebook>" });
  const { window } = new JSDOM("");
  try {
    return deserialize(text, { parser: new window.DOMParser() });
  } finally {
    window.close();
  }
}
