import ts from "typescript";
import type { StageCall } from "./cell.js";

/** The calls `stage(name, { inputs }, function)` in a TypeScript cell, with what their functions capture. */
export function findStageCalls(code: string): StageCall[] {
  if (!/\bstage\s*\(/.test(code)) return [];
  const { source, checker } = bind(code);
  const calls: StageCall[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "stage") {
      const [name, inputs, compute] = node.arguments;
      calls.push({
        name: name && ts.isStringLiteralLike(name) ? name.text : "(computed name)",
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        listed: inputs && ts.isObjectLiteralExpression(inputs) ? listedNames(inputs) : [],
        captured: compute ? capturedNames(compute, checker) : [],
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** Binds one file alone, without libraries: enough to tell which declaration a name belongs to. */
function bind(code: string): { source: ts.SourceFile; checker: ts.TypeChecker } {
  const name = "/cell.ts";
  const source = ts.createSourceFile(name, code, ts.ScriptTarget.ESNext, true);
  const program = ts.createProgram(
    [name],
    { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ESNext },
    {
      getSourceFile: (file) => (file === name ? source : undefined),
      getDefaultLibFileName: () => "lib.d.ts",
      writeFile: () => undefined,
      getCurrentDirectory: () => "/",
      getCanonicalFileName: (file) => file,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      fileExists: (file) => file === name,
      readFile: () => undefined,
    },
  );
  return { source, checker: program.getTypeChecker() };
}

function listedNames(inputs: ts.ObjectLiteralExpression): string[] {
  return inputs.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name.text];
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.initializer)) return [];
    return property.name.getText() === property.initializer.text ? [property.initializer.text] : [];
  });
}

function capturedNames(compute: ts.Node, checker: ts.TypeChecker): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isIdentifier(node) && isReference(node)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      const declarations = symbol?.declarations ?? [];
      const inside = declarations.some((declaration) => isWithin(declaration, compute));
      if (!inside && !declarations.some(isImport)) names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(compute);
  return [...names];
}

/** A name that is read or written, not one that names a property, a label or what is being declared. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent))
    return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  return !ts.isLabeledStatement(parent) && !ts.isBreakOrContinueStatement(parent);
}

const isWithin = (node: ts.Node, outer: ts.Node): boolean => node.pos >= outer.pos && node.end <= outer.end;

const isImport = (node: ts.Node): boolean =>
  ts.isImportSpecifier(node) || ts.isNamespaceImport(node) || ts.isImportClause(node);
