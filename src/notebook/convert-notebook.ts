import { formatHtmlNotebook, parseHtmlNotebook } from "./html-notebook.js";
import { formatJupyterNotebook, parseJupyterNotebook } from "./jupyter-notebook.js";

/** A notebook in the other format, and in words what of it the other format does not hold. */
export interface ConvertedNotebook {
  readonly text: string;
  readonly dropped: readonly string[];
}

/** Observable's .html as the .ipynb twin: no outputs, and enough metadata to write the same .html again. */
export const htmlToJupyter = (html: string, what: string): ConvertedNotebook => ({
  text: formatJupyterNotebook(parseHtmlNotebook(html, what)),
  dropped: [],
});

/** A notebook of Jupyter as .html: ids, order, types, sources and our metadata stay, the rest is dropped. */
export function jupyterToHtml(json: string, what: string): ConvertedNotebook {
  const { document, dropped } = parseJupyterNotebook(json, what);
  return { text: formatHtmlNotebook(document), dropped };
}
