import type { Figure } from "../../figures/figure.js";

/** Characters in a line of a caption under a figure of usual width. */
const LINE = 92;

/** The figure with caption and provenance as a title below it, where every renderer of Vega-Lite shows them. */
export function withCaption(figure: Figure, provenance: string): Figure {
  const title = {
    text: wrap(plainMarkdown(figure.caption)),
    ...(provenance ? { subtitle: wrap(provenance, Math.round(LINE * 1.3)) } : {}),
    orient: "bottom",
    anchor: "start",
    align: "left",
    fontSize: 11,
    fontWeight: "normal",
    subtitleFontSize: 8,
    subtitleColor: "#6e7781",
    offset: 12,
  };
  return { ...figure, spec: { ...figure.spec, title, usermeta: { name: figure.name, provenance } } };
}

/** Markdown without its marks. */
const plainMarkdown = (text: string): string => text.replace(/(\*\*|__|[*_`])(?=\S)([^*_`]+?)(?<=\S)\1/g, "$2");

function wrap(text: string, width = LINE): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
