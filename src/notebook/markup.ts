import katex from "katex";
import MarkdownIt from "markdown-it";
import { InputError } from "../errors.js";

/** A piece of a page. */
export interface Markup {
  readonly html: string;
}

export const isMarkup = (value: unknown): value is Markup =>
  typeof value === "object" && value !== null && typeof (value as { html?: unknown }).html === "string";

type Tag = (template: TemplateStringsArray, ...values: readonly unknown[]) => Markup;

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]!);

const markdown = new MarkdownIt({ html: true, linkify: true, typographer: true });

/** Markdown as HTML, without the paragraph around a single line. */
export const renderInlineMarkdown = (text: string): string => markdown.renderInline(text);

/** The `md` of Markdown cells: `${}` takes text, numbers and markup of `tex` and `html`. */
export const md: Tag = (template, ...values) => {
  const parts: string[] = [];
  const source = template.reduce((text, piece, i) => text + place(values[i - 1], parts) + piece);
  return { html: markdown.render(source).replace(/<a id=o:(\d+)><\/a>/g, (_, index: string) => parts[Number(index)]!) };
};

function place(value: unknown, parts: string[]): string {
  if (Array.isArray(value)) return value.map((item) => place(item, parts)).join("");
  if (!isMarkup(value)) return String(value);
  parts.push(value.html);
  return `<a id=o:${parts.length - 1}></a>`;
}

const texTag =
  (displayMode: boolean): Tag =>
  (template, ...values) => {
    const source = String.raw(template, ...values);
    try {
      return { html: katex.renderToString(source, { displayMode, strict: "ignore", throwOnError: true }) };
    } catch (error) {
      throw new InputError({ what: "equation", value: source, expected: "TeX that KaTeX knows" }, { cause: error });
    }
  };

/** TeX: tex`E = mc^2` in a line, tex.block`...` on a line of its own. */
export const tex: Tag & { readonly block: Tag } = Object.assign(texTag(false), { block: texTag(true) });

/** HTML with escaped text values. */
export const html: Tag = (template, ...values) => ({
  html: template.reduce((text, piece, i) => {
    const value = values[i - 1];
    return text + (isMarkup(value) ? value.html : escapeHtml(String(value))) + piece;
  }),
});
