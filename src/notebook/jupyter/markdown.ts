import { isMarkup, tex as katex, type Markup } from "../markup.js";

/** Markup that front ends of Jupyter render themselves: Markdown, with equations between dollar signs. */
export interface Markdown extends Markup {
  readonly markdown: string;
}

export const isMarkdown = (value: unknown): value is Markdown =>
  isMarkup(value) && typeof (value as Partial<Markdown>).markdown === "string";

type Tag = (template: TemplateStringsArray, ...values: readonly unknown[]) => Markdown;

const show = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(show).join("");
  if (isMarkdown(value)) return value.markdown;
  return isMarkup(value) ? value.html : String(value);
};

/** The `md` of Markdown cells. */
export const md: Tag = (template, ...values) => {
  const markdown = template.reduce((text, piece, i) => text + show(values[i - 1]) + piece);
  return { markdown, html: markdown };
};

const texTag =
  (mark: "$" | "$$", html: (template: TemplateStringsArray, ...values: readonly unknown[]) => Markup): Tag =>
  (template, ...values) => ({
    markdown: `${mark}${String.raw(template, ...values)}${mark}`,
    // KaTeX only where an equation stands in HTML.
    get html() {
      return html(template, ...values).html;
    },
  });

/** TeX: tex`E = mc^2` in a line, tex.block`...` on a line of its own. */
export const tex: Tag & { readonly block: Tag } = Object.assign(texTag("$", katex), {
  block: texTag("$$", katex.block),
});
