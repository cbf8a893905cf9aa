import ts from "typescript";
import { InputError } from "../errors.js";
import { type CompiledCell, cellLabel } from "../notebook/cell.js";

/** What a notebook needs besides its cells. */
export interface NotebookParts {
  /** Specifiers as written in `import ... from` and `import()`. */
  readonly specifiers: readonly string[];
  /** Imported name -> specifier and export. */
  readonly imports: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** Paths of `FileAttachment`, relative to the notebook. */
  readonly attachments: readonly string[];
}

/** Finds modules and data files that cells ask for by name; a name that is computed is a complaint. */
export function findParts(cells: readonly CompiledCell[]): NotebookParts {
  const specifiers = new Set<string>();
  const imports = new Map<string, { specifier: string; name: string }>();
  const attachments = new Set<string>();
  for (const { cell, body } of cells) {
    if (cell.mode === "ts" || cell.mode === "js") {
      const source = ts.createSourceFile("cell.ts", cell.value, ts.ScriptTarget.ESNext, true);
      for (const statement of source.statements)
        if (ts.isImportDeclaration(statement))
          for (const [name, binding] of bindings(statement)) imports.set(name, binding);
    }
    const source = ts.createSourceFile("body.js", `(${body})`, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
    visitCalls(source, ({ expression, arguments: [argument] }) => {
      if (!ts.isIdentifier(expression) || !(expression.text === "__import" || expression.text === "FileAttachment"))
        return;
      const isImport = expression.text === "__import";
      if (!argument || !ts.isStringLiteralLike(argument))
        throw new InputError({
          what: `${cellLabel(cell)}: ${isImport ? "import" : "FileAttachment"}`,
          value: argument?.getText(source),
          expected: "a name in quotes, so that a page can be built with it",
        });
      (isImport ? specifiers : attachments).add(argument.text);
    });
  }
  return { specifiers: [...specifiers], imports, attachments: [...attachments] };
}

function visitCalls(node: ts.Node, found: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(node)) found(node);
  ts.forEachChild(node, (child) => visitCalls(child, found));
}

function bindings({ moduleSpecifier, importClause }: ts.ImportDeclaration) {
  const specifier = (moduleSpecifier as ts.StringLiteral).text;
  const found = new Map<string, { specifier: string; name: string }>();
  if (importClause?.name) found.set(importClause.name.text, { specifier, name: "default" });
  const named = importClause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) found.set(named.name.text, { specifier, name: "*" });
  else if (named)
    for (const { name, propertyName } of named.elements)
      found.set(name.text, { specifier, name: (propertyName ?? name).text });
  return found;
}
