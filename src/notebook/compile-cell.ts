import { transpile } from "@observablehq/notebook-kit";
import ts from "typescript";
import { InputError } from "../errors.js";
import { type Cell, type CompiledCell, cellLabel } from "./cell.js";
import { findStageCalls } from "./stage-calls.js";

const SUPPORTED_MODES: ReadonlySet<string> = new Set(["ts", "js", "md", "html", "tex"]);

/** Transpiles one cell; a syntax error is an InputError that names the cell. */
export function compileCell(cell: Cell): CompiledCell {
  if (!SUPPORTED_MODES.has(cell.mode))
    throw new InputError({
      what: `${cellLabel(cell)}: language`,
      value: cell.mode,
      expected: `one of ${[...SUPPORTED_MODES].join(", ")}`,
    });
  const { body, inputs = [], outputs = [], autodisplay = false } = transpileOrComplain(cell);
  const isCode = cell.mode === "ts" || cell.mode === "js";
  const source = ts.createSourceFile("cell.ts", isCode ? cell.value : "", ts.ScriptTarget.ESNext, true);
  const imported = importedNames(source);
  const { text, views } = rewriteBody(body);
  return {
    cell,
    inputs,
    outputs: cell.output === undefined ? outputs : [cell.output],
    imported,
    views,
    stages: isCode ? findStageCalls(cell.value) : [],
    autodisplay,
    body: text,
  };
}

function transpileOrComplain(cell: Cell): ReturnType<typeof transpile> {
  try {
    return transpile(cell, { resolveLocalImports: false });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(
      { what: `${cellLabel(cell)}: ${error.message}`, expected: "valid TypeScript" },
      { cause: error },
    );
  }
}

function importedNames(source: ts.SourceFile): string[] {
  const names: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause) continue;
    const { name, namedBindings } = statement.importClause;
    if (name) names.push(name.text);
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.push(namedBindings.name.text);
    else if (namedBindings) for (const element of namedBindings.elements) names.push(element.name.text);
  }
  return names;
}

/** `import(x)` becomes `__import(x)`, `const T = view(input)` becomes `view(input, "T")`: an input knows its name. */
function rewriteBody(body: string): { text: string; views: string[] } {
  const source = ts.createSourceFile("body.js", `(${body})`, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const edits: { at: number; end: number; text: string }[] = [];
  const views: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      edits.push({ at: node.expression.getStart(source), end: node.expression.end, text: "__import" });
    if (isViewDeclaration(node)) {
      views.push(node.name.text);
      const [argument] = node.initializer.arguments;
      edits.push({ at: argument!.end, end: argument!.end, text: `, ${JSON.stringify(node.name.text)}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let text = source.text;
  for (const { at, end, text: replacement } of edits.sort((a, b) => b.at - a.at))
    text = text.slice(0, at) + replacement + text.slice(end);
  return { text, views };
}

function isViewDeclaration(
  node: ts.Node,
): node is ts.VariableDeclaration & { name: ts.Identifier; initializer: ts.CallExpression } {
  return (
    ts.isVariableDeclaration(node) &&
    ts.isIdentifier(node.name) &&
    node.initializer !== undefined &&
    ts.isCallExpression(node.initializer) &&
    ts.isIdentifier(node.initializer.expression) &&
    node.initializer.expression.text === "view" &&
    node.initializer.arguments.length === 1
  );
}
