import { InputError } from "../errors.js";
import { readText, writeText } from "../formats/files.node.js";
import { htmlToJupyter, jupyterToHtml } from "../notebook/convert-notebook.js";
import { type CommandArguments, type CommandIo, printResult } from "./command.js";

const HTML = /\.html$/i;
const JUPYTER = /\.ipynb$/i;

/** Whether a file name is that of a notebook. */
export const isNotebookFile = (file: string): boolean => HTML.test(file) || JUPYTER.test(file);

/** `convert X.html X.ipynb` or back: the same notebook in the other format; what is lost is named on stderr. */
export function convertNotebooks(args: CommandArguments, io: CommandIo): void {
  const [input, output, ...others] = args.positionals;
  if (!input || !output || others.length || HTML.test(input) === HTML.test(output) || !isNotebookFile(output))
    throw new InputError({
      what: "convert",
      value: args.positionals.join(" "),
      expected: "X.html X.ipynb or X.ipynb X.html",
    });
  const convert = HTML.test(input) ? htmlToJupyter : jupyterToHtml;
  const { text, dropped } = convert(readText(input), input);
  writeText(output, text);
  if (dropped.length) io.stderr.write(`${output} does not hold: ${dropped.join(", ")}\n`);
  printResult(args, io, { output, lost: dropped }, output);
}
