import { InputError } from "../errors.js";
import type { Notebook } from "./cell.js";
import { parseHtmlNotebook } from "./html-notebook.js";
import { KERNEL_SPEC, parseJupyterNotebook } from "./jupyter-notebook.js";

/** A notebook by the extension of its file: Observable's .html or Jupyter's .ipynb. */
export function parseNotebook(text: string, file: string): Notebook {
  if (!/\.ipynb$/i.test(file)) return toNotebook(parseHtmlNotebook(text, file));
  const { document, kernel = KERNEL_SPEC.name } = parseJupyterNotebook(text, file);
  if (kernel !== KERNEL_SPEC.name)
    throw new InputError({
      what: `${file}: kernel`,
      value: kernel,
      expected: KERNEL_SPEC.name,
      attempt: `jupyter nbconvert --execute ${file}`,
    });
  return toNotebook(document);
}

const toNotebook = ({ notebook, cells }: ReturnType<typeof parseHtmlNotebook>): Notebook => ({
  ...notebook,
  cells: cells.map(({ cell }) => cell),
});
