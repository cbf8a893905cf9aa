import ts from "typescript";
import { InputError } from "../../errors.js";
import type { CompiledCell } from "../cell.js";
import { compileCell } from "../compile-cell.js";
import { modeOfCode } from "../jupyter-source.js";

/** What a front end asks to run. */
export interface CellSource {
  readonly id: number;
  /** How complaints call the cell: `cell [5]`. */
  readonly label: string;
  readonly code: string;
}

/** A complaint about the text of a cell; 1 is its first line. */
export class CellSyntaxError extends InputError {
  constructor(
    label: string,
    message: string,
    readonly line: number,
  ) {
    super({ what: `${label} line ${line}: ${message}` });
  }
}

/** Compiles a cell of Jupyter; its last expression is shown, unless a semicolon follows. */
export function compileSource({ id, label, code }: CellSource): CompiledCell {
  const { mode, value } = modeOfCode(code);
  // The line with the magic stays as an empty one: line numbers are those of the reader.
  const lines = code.slice(0, code.length - value.length).split("\n").length - 1;
  const text = "\n".repeat(lines) + value;
  const cell = {
    id,
    label,
    mode,
    value: mode === "ts" ? showingLast(text) : mode === "md" ? value : text,
    pinned: false,
    hidden: false,
  } as CompiledCell["cell"];
  if (mode === "ts" || mode === "js") checkSyntax(text, label);
  return compileCell(cell);
}

function checkSyntax(text: string, label: string): void {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.Preserve, verbatimModuleSyntax: true },
  });
  const [first] = diagnostics;
  if (!first) return;
  const line = text.slice(0, first.start ?? 0).split("\n").length;
  throw new CellSyntaxError(label, ts.flattenDiagnosticMessageText(first.messageText, " "), line);
}

/** As notebooks and consoles do: a last expression without a semicolon is for the reader. */
function showingLast(code: string): string {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext, true);
  const last = source.statements.at(-1);
  if (source.statements.length < 2 || !last || !ts.isExpressionStatement(last)) return code;
  const { expression } = last;
  const text = last.getText(source);
  const silent = text.endsWith(";") || isAssignment(expression) || /^(await\s+)?(display|console\.\w+)\s*\(/.test(text);
  if (silent) return code;
  return `${code.slice(0, expression.getStart(source))}display(${expression.getText(source)})${code.slice(expression.end)}`;
}

const isAssignment = (node: ts.Expression): boolean =>
  (ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) ||
  ts.isPostfixUnaryExpression(node);
