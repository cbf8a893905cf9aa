import type { SourceMapPayload } from "node:module";
import { SourceMap } from "node:module";
import ts from "typescript";
import type { CellFailure } from "./executor-protocol.js";
import type { SessionCell } from "./session.node.js";

/** Content of Jupyter's `error` message. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const green = (text: string): string => `\u001b[32m${text}\u001b[39m`;

/** A failure with the lines of the cells that it happened in, by their own numbers. */
export function describeFailure(failure: CellFailure, cell: SessionCell, cells: Iterable<SessionCell>): ErrorContent {
  const { name, message, input, lines = [] } = failure;
  if (input !== undefined) {
    const evalue = `waits for ${input}, which has an error`;
    return { ename: "InputFailed", evalue, traceback: [`${red("InputFailed")}: ${evalue}`] };
  }
  const known = new Map([...cells].map((one) => [one.id, one]));
  const places = [
    ...[...new Set(lines)].map((line) => ({ cell, line })),
    ...framesOf(failure.stack ?? "").flatMap(({ id, line }) => {
      const at = known.get(id);
      return at ? [{ cell: at, line: sourceLine(at, line) }] : [];
    }),
  ];
  return {
    ename: name,
    evalue: message,
    traceback: [`${red(name)}: ${message}`, ...places.slice(0, 8).map((place) => excerpt(place.cell, place.line))],
  };
}

/** Places in cells that JavaScript's stack names: `cell-7.js:5:11`. */
function framesOf(stack: string): { id: number; line: number }[] {
  // Two lines of `new Function` stand before the body.
  return [...stack.matchAll(/cell-(\d+)\.js:(\d+):\d+/g)].map(([, id, line]) => ({
    id: Number(id),
    line: Number(line) - 2,
  }));
}

/** The line and its neighbors, as IPython shows them. */
function excerpt({ code, count }: SessionCell, line: number): string {
  const lines = code.split("\n");
  const shown = [line - 1, line, line + 1].filter((number) => number >= 1 && number <= lines.length);
  const rows = shown.map((number) => {
    const text = `${number === line ? "---->" : "     "} ${String(number).padStart(3)} ${lines[number - 1]}`;
    return number === line ? green(text) : text;
  });
  return `cell [${count}] line ${line}\n${rows.join("\n")}`;
}

/**
 * The line of the cell that a line of its body came from. Types fall away between the two: TypeScript's source map leads
 * back from its own output, and lines of that stand unchanged, in order, in the body.
 */
function sourceLine({ compiled }: SessionCell, line: number): number {
  if (!compiled) return line;
  const { cell, body } = compiled;
  if (cell.mode !== "ts") return Math.max(1, line - 1);
  const compilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.Preserve,
    verbatimModuleSyntax: true,
    sourceMap: true,
  };
  const { outputText, sourceMapText } = ts.transpileModule(cell.value, { compilerOptions });
  const output = outputText.split("\n").map((text) => text.trim());
  let at = -1;
  for (const text of body
    .split("\n")
    .slice(0, line)
    .map((one) => one.trim())) {
    const found = text === "" ? -1 : output.indexOf(text, at + 1);
    if (found >= 0) at = found;
  }
  if (at < 0) return 1;
  const map = new SourceMap(JSON.parse(sourceMapText ?? "{}") as SourceMapPayload);
  const column = outputText.split("\n")[at]!.search(/\S/);
  const entry = map.findEntry(at, Math.max(0, column));
  return "originalLine" in entry ? entry.originalLine + 1 : 1;
}
