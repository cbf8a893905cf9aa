import { InputError } from "../errors.js";
import type { Notebook } from "./cell.js";
import { type NotebookDocument, parseHtmlNotebook } from "./html-notebook.js";
import { KERNEL_SPEC, parseJupyterNotebook } from "./jupyter-notebook.js";

/** A notebook file by its extension, Observable's .html or Jupyter's .ipynb, with what the other format wants to know. */
export function parseNotebookDocument(text: string, file: string): NotebookDocument {
  if (!/\.ipynb$/i.test(file)) return parseHtmlNotebook(text, file);
  const { document, kernel = KERNEL_SPEC.name } = parseJupyterNotebook(text, file);
  if (kernel !== KERNEL_SPEC.name)
    throw new InputError({
      what: `${file}: kernel`,
      value: kernel,
      expected: KERNEL_SPEC.name,
      attempt: `jupyter nbconvert --execute ${file}`,
    });
  return document;
}

/** A notebook by the extension of its file. */
export function parseNotebook(text: string, file: string): Notebook {
  const { notebook, cells } = parseNotebookDocument(text, file);
  return { ...notebook, cells: cells.map(({ cell }) => cell) };
}
