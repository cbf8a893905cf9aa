// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Markdown cells are text with expressions.
import { readdirSync, readFileSync } from "node:fs";
import { deserialize, serialize } from "@observablehq/notebook-kit";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { htmlToJupyter, jupyterToHtml } from "../../src/notebook/convert-notebook.js";
import { parseHtmlNotebook } from "../../src/notebook/html-notebook.js";
import { fromJupyter, toJupyter } from "../../src/notebook/jupyter-source.js";
import { notebookText } from "./notebook-text.js";

const { window } = new JSDOM("");

const TYPES = [
  ...["module", "text/x-typescript", "text/markdown", "text/html", "application/x-tex", "application/sql"],
  ...["text/x-python", "application/vnd.node.javascript", "text/strange"],
];
const FRAGMENTS = [
  ...[
    "const a = 1;",
    "# Heading",
    "${tex`x^2`}",
    "${tex.block`\\int f`}",
    "${a + 1}",
    "$5 and $6",
    "$x$",
    "$$y\n$$",
    "`$z$`",
    "\\$",
  ],
  ...[
    "$\\{",
    "\\${",
    "<b>",
    "<\\/script>",
    "```\n$a$\n```",
    "%%html\n",
    "%%markdown",
    "%%sql\n",
    "    ",
    "\t",
    "\n",
    "\n\n",
    " ",
    "&amp;",
  ],
  ...["<!-- a -->", '"', "'", "\u00e9\u2080", "\u{1f600}", "--"],
];
const source = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: "grapheme-ascii", maxLength: 6 })), { maxLength: 8 })
  .map((parts) => parts.join(""));
const blank = fc.constantFrom("\n  ", "\n", "\n\n  ", " ", "\n  <!-- a comment > -->\n  ", "\n  <p>text</p>\n");
const attributes = fc.shuffledSubarray([
  ...[
    ' pinned=""',
    " hidden",
    ' output="name"',
    ' data-more="a > b"',
    ' data-jupyter-id="e3f-1"',
    ' data-jupyter-type="raw"',
  ],
  ...[' format="json"', ' database="db"', " pinned", ' data-jupyter-source="nothing"'],
]);
const script = fc
  .record({
    id: fc.constantFrom("1", "2", "3", "7", "x", "1.5", ""),
    type: fc.constantFrom(...TYPES),
    source,
    attributes,
    blank,
  })
  .map(({ id, type, source: text, attributes: more, blank: before }) => {
    const order = id === "7" ? `type="${type}" id='7'` : `id="${id}" type="${type}"`;
    const usual = id === "2" ? `\n    ${text.replace(/\n/g, "\n    ")}\n  ` : text;
    return `${before}<script ${order}${more.join("")}>${usual.replace(/<\/script/gi, "<\\/script")}</script>`;
  });
const html = fc
  .record({
    head: fc.constantFrom("<!doctype html>\n", "", "<!DOCTYPE html>\n<script>1</script>\n<!-- <notebook> -->\n"),
    open: fc.constantFrom(
      '<notebook theme="air">',
      "<notebook>",
      '<notebook readonly theme="light-dark(air, coffee)">',
    ),
    title: fc.constantFrom("\n  <title>A &lt; b &amp; c</title>", "", "<title>Caf\u00e9</title>"),
    scripts: fc.array(script, { maxLength: 5 }),
    tail: fc.constantFrom("\n</notebook>\n", "</notebook>", "\n</notebook>\n\n<p>more</p>\n", ""),
    ends: fc.constantFrom("\n", "\r\n"),
  })
  .map(({ head, open, title, scripts, tail, ends }) =>
    (head + open + title + scripts.join("") + tail).replace(/\n/g, ends),
  );

const jupyterCell = fc.record({
  type: fc.constantFrom("code", "markdown", "raw"),
  source,
  pinned: fc.boolean(),
  output: fc.option(fc.constantFrom("name", "other"), { nil: undefined }),
});
const jupyter = fc
  .record({
    cells: fc.array(jupyterCell, { maxLength: 6 }),
    ids: fc.uniqueArray(fc.constantFrom("1", "2", "17", "abc", "A-b_9", "007", "e1"), { minLength: 6, maxLength: 6 }),
    title: fc.constantFrom("Title", "a < b & c", ""),
    lines: fc.boolean(),
  })
  .map(({ cells, ids, title, lines }) => ({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "phasecell", display_name: "x" }, phasecell: { title } },
    cells: cells.map(({ type, source: text, pinned, output }, i) => ({
      cell_type: type,
      id: ids[i],
      metadata: { phasecell: { ...(pinned ? { pinned } : {}), ...(output ? { output } : {}) } },
      source: lines ? text.split(/(?<=\n)/) : text,
      ...(type === "code" ? { outputs: [], execution_count: null } : {}),
    })),
  }));

/** What conversion must keep. */
function essence(json: string) {
  const { cells, metadata } = JSON.parse(json);
  return {
    own: metadata.phasecell.title,
    cells: cells.map(
      (cell: { id: string; cell_type: string; source: string | string[]; metadata: { phasecell?: object } }) => ({
        id: cell.id,
        type: cell.cell_type,
        source: [cell.source].flat().join(""),
        own: cell.metadata.phasecell ?? {},
      }),
    ),
  };
}

describe("notebooks between .html and .ipynb", () => {
  test("html -> ipynb -> html has the same bytes, however the file is laid out", () => {
    fc.assert(
      fc.property(html, (text) => {
        const { text: json } = htmlToJupyter(text, "x.html");
        expect(jupyterToHtml(json, "x.ipynb")).toEqual({ text, dropped: [] });
      }),
      { numRuns: 1500 },
    );
  });

  test("ipynb -> html -> ipynb keeps ids, order, types, sources and our metadata", () => {
    fc.assert(
      fc.property(jupyter, (notebook) => {
        const json = JSON.stringify(notebook);
        const { text, dropped } = jupyterToHtml(json, "x.ipynb");
        expect(dropped).toEqual([]);
        const back = htmlToJupyter(text, "x.html").text;
        expect(essence(back)).toEqual(essence(json));
        const ids = JSON.parse(back).cells.map(({ id }: { id: string }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 1500 },
    );
  });

  test("the scanner reads what a browser's parser reads", () => {
    fc.assert(
      fc.property(html, (text) => {
        const expected = deserialize(text, { parser: new window.DOMParser() });
        const { notebook, cells } = parseHtmlNotebook(text, "x.html");
        expect({ ...notebook, cells: cells.map(({ cell }) => cell) }).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  test("what notebook-kit writes comes back as notebook-kit writes it", () => {
    const notebook = parseHtmlNotebook(notebookText([["ts", "const a = 1;\n\nconst b = 2;"]]), "x.html");
    const text = serialize({ ...notebook.notebook, cells: notebook.cells.map(({ cell }) => cell) }, window as never);
    expect(jupyterToHtml(htmlToJupyter(text, "x").text, "x").text).toBe(text);
  });

  test("an edited twin keeps the layout of the cells that were not touched", () => {
    const text = notebookText([
      ["ts", "const a = 1;"],
      ["md", "Value"],
    ]).replace('<script id="2" type="text/markdown">', '<!-- prose --><script  type="text/markdown" id=2>');
    const twin = JSON.parse(htmlToJupyter(text, "x").text);
    twin.cells[0].source = ["const a = 2;"];
    twin.cells.push({
      cell_type: "code",
      id: "new-cell",
      metadata: {},
      source: "a + 1",
      outputs: [],
      execution_count: null,
    });
    expect(jupyterToHtml(JSON.stringify(twin), "x").text).toBe(
      text
        .replace("const a = 1;", "const a = 2;")
        .replace(
          "\n</notebook>",
          '\n  <script id="3" type="text/x-typescript" data-jupyter-id="new-cell">\n    a + 1\n  </script>\n</notebook>',
        ),
    );
  });

  test("what .html does not hold is named", () => {
    const { text, dropped } = jupyterToHtml(
      JSON.stringify({
        nbformat: 4,
        metadata: { kernelspec: { name: "tslab" }, widgets: {} },
        cells: [
          { cell_type: "code", source: "1", metadata: { tags: ["a"] }, outputs: [{ output_type: "stream" }] },
          {
            cell_type: "markdown",
            id: "a",
            source: "# Heading\n",
            metadata: { tags: [] },
            attachments: { "a.png": {} },
          },
        ],
      }),
      "x.ipynb",
    );
    expect(dropped).toEqual([
      "outputs of 1 cell",
      "attachments of 1 cell",
      "metadata tags of 2 cells",
      "metadata widgets of the notebook",
      "kernel tslab",
      "no id of 1 cell: numbered",
    ]);
    expect(text).toContain("<title>Heading</title>");
  });

  test("a source that .html cannot hold is refused, not changed", () => {
    const cell = { cell_type: "code", id: "1", metadata: {}, outputs: [], source: "const a = '<!-- <script>';" };
    expect(() => jupyterToHtml(JSON.stringify({ nbformat: 4, metadata: {}, cells: [cell] }), "x")).toThrow(/^cell 1: /);
  });

  test.each([
    ["not JSON", "{", /x.ipynb; expected a notebook of Jupyter/],
    ["an old format", '{"nbformat": 3, "worksheets": []}', /x.ipynb.nbformat: 3; expected 4|x.ipynb/],
    ["a cell of no type", '{"nbformat": 4, "metadata": {}, "cells": [{"source": ""}]}', /x.ipynb.cells.0.cell_type/],
  ])("%s is one clear complaint", (_, json, message) => {
    expect(() => jupyterToHtml(json, "x.ipynb")).toThrow(message);
  });
});

describe("Markdown", () => {
  test.each([
    ["Energy ${tex`E`} and\n\n${tex.block`\\int_0^1 x`}", "markdown", "Energy $E$ and\n\n$$\\int_0^1 x$$"],
    ["The sum is ${sum.total}.", "code", "%%markdown\nThe sum is ${sum.total}."],
    ["costs $5 or $6", "markdown", "costs $5 or $6"],
    ["a $\\{b} c", "markdown", "a ${b} c"],
  ])("%j is a %s cell", (value, type, text) => {
    expect(toJupyter({ mode: "md", value })).toEqual({ type, source: text });
    expect(fromJupyter({ type: type as "code", source: text })).toEqual({ mode: "md", value });
  });

  test("dollar signs in code are no equations", () => {
    const text = "`$HOME` and `${x}` but $y$\n\n```\n$a$\n```\n";
    expect(fromJupyter({ type: "markdown", source: text }).value).toBe(
      "`$HOME` and `$\\{x}` but ${tex`y`}\n\n```\n$a$\n```\n",
    );
  });
});

describe("twins", () => {
  const folder = new URL("../../notebooks/", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".html"));
  test.each(sources)("%s has an .ipynb that says the same (npm run notebooks:twins)", (name) => {
    const twin = name.replace(/html$/, "ipynb");
    const [text, json] = [name, twin].map((file) => readFileSync(new URL(file, folder), "utf8"));
    expect(json).toBe(htmlToJupyter(text!, name).text);
    expect(jupyterToHtml(json!, twin).text).toBe(text);
  });
});
