import ts from "typescript";
import { escapeHtml } from "./markup.js";

/** TypeScript with its keywords, text, numbers and comments in `<span class=...>`. */
export function highlightTypeScript(code: string): string {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext, true);
  const spans: { from: number; to: number; kind: string }[] = [];
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getLeadingCommentRanges(code, node.getFullStart()) ?? [])
      spans.push({ from: comment.pos, to: comment.end, kind: "comment" });
    const kind = kindOf(node);
    if (kind) spans.push({ from: node.getStart(source), to: node.end, kind });
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  spans.sort((a, b) => a.from - b.from);
  let html = "";
  let at = 0;
  for (const { from, to, kind } of spans) {
    if (from < at) continue;
    html += `${escapeHtml(code.slice(at, from))}<span class="${kind}">${escapeHtml(code.slice(from, to))}</span>`;
    at = to;
  }
  return html + escapeHtml(code.slice(at));
}

function kindOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) return "text";
  if (ts.isNumericLiteral(node)) return "number";
  if (node.kind >= ts.SyntaxKind.FirstKeyword && node.kind <= ts.SyntaxKind.LastKeyword) return "keyword";
  return undefined;
}
