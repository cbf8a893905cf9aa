import ts from "typescript";

/** Looks at the check every 256th time: a call each time would cost a short loop more than its body. */
const CHECK = "if (!(++__count & 255)) __check();";
const COUNTER = "let __count = 0;";

/**
 * The body of a cell with a check in its loops, so that an interrupt, and a run that became stale, end them. Line
 * numbers stay. The innermost counted loops without calls are left alone: they end soon and are where speed matters. The
 * function of a stage keeps its text for the key (`__keep`).
 */
export function makeInterruptible(body: string): string {
  const source = ts.createSourceFile("body.js", body, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const edits: { at: number; text: string }[] = [];
  const around = (node: ts.Node, before: string, after: string): void => {
    edits.push({ at: node.getStart(source), text: before });
    edits.push({ at: node.end, text: after });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body && ts.isBlock(node.body as ts.Node))
      edits.push({ at: (node.body as ts.Block).getStart(source) + 1, text: COUNTER });
    const keep = isStageFunction(node);
    if (keep) edits.push({ at: node.getStart(source), text: "__keep(" });
    if (ts.isIterationStatement(node, false) && !isShortLoop(node)) {
      if (ts.isBlock(node.statement)) edits.push({ at: node.statement.getStart(source) + 1, text: CHECK });
      else around(node.statement, `{${CHECK}`, "}");
    }
    ts.forEachChild(node, visit);
    if (keep) edits.push({ at: node.end, text: `, ${JSON.stringify(node.getText(source))})` });
  };
  visit(source);
  let text = body;
  // Later edits of one place stand after earlier ones: a stable sort, applied from the end.
  for (const { at, text: inserted } of edits.sort((a, b) => a.at - b.at).reverse())
    text = text.slice(0, at) + inserted + text.slice(at);
  return text;
}

/** The third argument of `stage(name, inputs, compute)`, written as a function. */
const isStageFunction = (node: ts.Node): boolean =>
  (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
  ts.isCallExpression(node.parent) &&
  ts.isIdentifier(node.parent.expression) &&
  node.parent.expression.text === "stage" &&
  node.parent.arguments[2] === node;

function isShortLoop(node: ts.IterationStatement): boolean {
  if (!ts.isForStatement(node) || !node.condition || !node.incrementor) return false;
  let short = true;
  const visit = (inner: ts.Node): void => {
    if (
      ts.isCallOrNewExpression(inner) ||
      ts.isTaggedTemplateExpression(inner) ||
      ts.isAwaitExpression(inner) ||
      ts.isYieldExpression(inner) ||
      ts.isIterationStatement(inner, false) ||
      ts.isFunctionLike(inner)
    )
      short = false;
    else ts.forEachChild(inner, visit);
  };
  ts.forEachChild(node, visit);
  return short;
}
