import type { Cell } from "./cell.js";

/** A cell as Jupyter holds it. */
export interface JupyterSource {
  readonly type: "code" | "markdown" | "raw";
  readonly source: string;
}

/** First lines that name the language of a code cell; TypeScript needs none. */
const MAGIC_OF_MODE: Readonly<Record<Cell["mode"], string>> = {
  ts: "typescript",
  js: "javascript",
  md: "markdown",
  html: "html",
  tex: "latex",
  sql: "sql",
  dot: "dot",
  node: "node",
  python: "python",
  r: "r",
  ojs: "ojs",
};
const MODE_OF_MAGIC = new Map(Object.entries(MAGIC_OF_MODE).map(([mode, magic]) => [magic, mode as Cell["mode"]]));
const MAGIC = /^%%(\w+)[ \t]*(?:\n|$)/;

/** What a code cell of Jupyter means: TypeScript, or what a first line such as `%%markdown` says. */
export function modeOfCode(source: string): Pick<Cell, "mode" | "value"> {
  const found = MAGIC.exec(source);
  const mode = found && MODE_OF_MAGIC.get(found[1]!);
  return mode ? { mode, value: source.slice(found[0].length) } : { mode: "ts", value: source };
}

/** The cell that a cell of Jupyter stands for. */
export const fromJupyter = ({ type, source }: JupyterSource): Pick<Cell, "mode" | "value"> =>
  type === "code" ? modeOfCode(source) : { mode: "md", value: fromMarkdown(source) };

/**
 * The cell of Jupyter that stands for a cell. Markdown whose only expressions are equations becomes Markdown with
 * `$...$`; other expressions need a kernel: `%%markdown` in a code cell.
 */
export function toJupyter({ mode, value }: Pick<Cell, "mode" | "value">): JupyterSource {
  if (mode === "md") {
    const source = toMarkdown(value);
    if (source !== undefined && fromMarkdown(source) === value) return { type: "markdown", source };
  }
  if (mode === "ts" && modeOfCode(value).value === value) return { type: "code", source: value };
  return { type: "code", source: `%%${MAGIC_OF_MODE[mode]}\n${value}` };
}

/** Id, type and source of a cell in Jupyter, where they do not follow from the cell. */
export interface JupyterOrigin {
  readonly id?: string;
  readonly type?: JupyterSource["type"];
  readonly source?: string;
}

const TYPES: readonly string[] = ["code", "markdown", "raw"];
const NUMBER = /^[1-9]\d{0,14}$/;

/** Whether an id of Jupyter can be the number that the .html format wants. */
export const isNumberId = (id: string | undefined): id is string => id !== undefined && NUMBER.test(id);

/** What of a claimed origin is true of the cell (its source may have been edited) and not plain from it. */
export function originOf(
  cell: Pick<Cell, "mode" | "value">,
  claimed: { readonly [Key in keyof JupyterOrigin]?: string | undefined },
): JupyterOrigin {
  const { id, type, source } = claimed;
  const usual = toJupyter(cell);
  const kept = { type: type ?? usual.type, source: source ?? usual.source } as JupyterSource;
  const meant = TYPES.includes(kept.type) ? fromJupyter(kept) : undefined;
  const holds = meant?.mode === cell.mode && meant.value === cell.value;
  return {
    ...(id !== undefined && /^[\w-]{1,64}$/.test(id) && !isNumberId(id) ? { id } : {}),
    ...(holds && kept.type !== usual.type ? { type: kept.type } : {}),
    ...(holds && kept.source !== usual.source ? { source: kept.source } : {}),
  };
}

const FENCE = "^ {0,3}(?:```|~~~)[^]*?(?:\\n {0,3}(?:```|~~~)|$(?![^]))";
const CODE_SPAN = "(`+)(?!`)[^]*?[^`]\\1(?!`)";
const BLOCK = "\\$\\$((?:(?!\\$\\$|\\n\\s*\\n)[^])+)\\$\\$";
const INLINE = "\\$(?!\\s)((?:\\\\.|[^$\\\\\\n]|\\n(?!\\s*\\n))+?)(?<!\\s)\\$(?!\\d)";
/** Code, an escaped dollar sign, an equation on its own, an equation in a line; in this order. */
const JUPYTER_TOKEN = new RegExp(`(?:${FENCE})|${CODE_SPAN}|\\\\\\$|${BLOCK}|${INLINE}`, "gm");

/** Jupyter's Markdown as a template: equations become tex`...`, other `${` are escaped. */
function fromMarkdown(source: string): string {
  let text = "";
  let end = 0;
  for (const found of source.matchAll(JUPYTER_TOKEN)) {
    const [token, , block, inline] = found;
    const equation = block ?? inline;
    text += escapeExpressions(source.slice(end, found.index));
    const fits = equation !== undefined && !/`|\$\{|\\$/.test(equation);
    text += fits ? `\${tex${block === undefined ? "" : ".block"}\`${equation}\`}` : escapeExpressions(token);
    end = found.index + token.length;
  }
  return text + escapeExpressions(source.slice(end));
}

const escapeExpressions = (text: string): string => text.replace(/\$\{/g, "$\\{");

/** A Markdown template without expressions other than equations as Jupyter's Markdown. */
function toMarkdown(value: string): string | undefined {
  const text = value.replace(/\$\{tex(\.block)?`([^`]*)`\}/g, (_, block: string | undefined, equation: string) =>
    block ? `$$${equation}$$` : `$${equation}$`,
  );
  return /\$\{/.test(text) ? undefined : text.replace(/\$\\\{/g, "${");
}
