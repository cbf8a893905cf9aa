import { describe, expect, test } from "vitest";
import { checkGraph } from "../../src/notebook/check-graph.js";
import { compileCell } from "../../src/notebook/compile-cell.js";
import { CELL_BUILTINS } from "../../src/notebook/graph.js";
import { parseNotebook } from "../../src/notebook/parse-notebook.js";
import { CellTypeChecker } from "../../src/notebook/type-check.node.js";
import { notebookText } from "./notebook-text.js";

const compile = (...sources: (string | readonly ["ts" | "md", string])[]) =>
  parseNotebook(
    notebookText(sources.map((source) => (typeof source === "string" ? ["ts", source] : source))),
    "test.html",
  ).cells.map(compileCell);
const check = (...sources: string[]) =>
  checkGraph(compile(...sources), new Set([...CELL_BUILTINS, "Inputs", "FileAttachment"]));

describe("cells", () => {
  test("inputs, outputs, imports and views are found", () => {
    const [cell] = compile(
      'import { cos } from "phasecell";\nconst t = view(Inputs.range([0, 1]));\nconst y = cos(t) + offset;',
    );
    expect(cell).toMatchObject({ outputs: ["cos", "t", "y"], imported: ["cos"], views: ["t"] });
    expect(cell?.inputs).toContain("offset");
    expect(cell?.body).toContain('view(Inputs.range([0, 1]), "t")');
    expect(cell?.body).toContain('__import("phasecell")');
  });

  test("import( in text is left alone", () => {
    const [cell] = compile('const text = "import(x)";');
    expect(cell?.body).toContain('"import(x)"');
  });

  test("a syntax error and a loader cell are complaints that name the cell", () => {
    expect(() => compile("const a = ;")).toThrow(/^cell 1: .*; expected valid TypeScript$/);
    const python = notebookText([]).replace(
      "</notebook>",
      '<script id="7" type="text/x-python">\n1\n</script></notebook>',
    );
    expect(() => parseNotebook(python, "x").cells.map(compileCell)).toThrow(
      /cell 7: language: python; expected one of ts/,
    );
    expect(() => parseNotebook("<html></html>", "x.html")).toThrow(/x.html; expected a notebook/);
  });
});

describe("graph check", () => {
  test("a name defined twice, a name nobody defines, a cycle", () => {
    expect(() => check("const a = 1;", "const a = 2;")).toThrow("cell 2: a is already defined by cell 1");
    expect(() => check("const temperature = 1;", "const b = temprature;")).toThrow(
      "cell 2: temprature is not defined; try temperature",
    );
    expect(() => check("const a = b;", "const b = a;")).toThrow(
      "circular definition: cell 1 needs cell 2 needs cell 1",
    );
  });

  test.each([
    [
      "a cell variable",
      'const b = stage("s", {}, () => a + 1);',
      /cell 2 line 1: stage s captures a; .*try stage\("s", { a }, ...\)/,
    ],
    ["a shorthand property", 'const b = stage("s", {}, () => ({ a }));', /captures a/],
    [
      "a variable of the same cell",
      '{ const c = 2;\nawait stage("s", { a }, ({ a }) => a + c); }',
      /line 2: stage s captures c/,
    ],
    [
      "a host function",
      'const b = stage("s", { a }, ({ a }) => display(a));',
      /stage s uses display inside its function/,
    ],
    ["a file", 'const b = stage("s", {}, () => FileAttachment("x").text());', /uses FileAttachment/],
    ["a default value in a parameter", 'const b = stage("s", {}, (x: unknown, y = a) => y);', /captures a/],
  ])("a stage that captures %s without listing it is refused", (_, source, message) => {
    expect(() => check("const a = 1;", source)).toThrow(message);
  });

  test.each([
    ["listed inputs, as parameter or by name", 'const b = stage("s", { a }, ({ a: x }) => x + a);'],
    ["imports of another cell", 'const b = stage("s", {}, () => cos(1));'],
    [
      "its own variables and globals",
      'const b = stage("s", {}, () => { const q = Math.PI; return [1].map((x) => x * q); });',
    ],
    ["names of types and properties", 'interface Q { a: number }\nconst b = stage("s", {}, (): Q => ({ a: 1 }));'],
  ])("a stage may use %s", (_, source) => {
    check("const a = 1;", source, 'import { cos } from "phasecell";');
  });
});

describe("type check", () => {
  const complaints = (...sources: Parameters<typeof compile>) => {
    const checker = new CellTypeChecker(import.meta.dirname);
    for (const cell of compile(...sources)) checker.set(cell);
    return checker.diagnostics().map(({ cell, line, code }) => `${cell}:${line} TS${code}`);
  };

  test("types flow through cells: promises are awaited, interfaces shared, the library known", () => {
    expect(
      complaints(
        "interface Point { x: number }\nconst point = Promise.resolve<Point>({ x: 1 });",
        "const doubled: number = 2 * point.x;",
        "const again: Point = point;",
        'import { InputError } from "phasecell";',
        'const complaint: string = new InputError({ what: "x" }).message;',
        'const fit = await stage("fit", { doubled }, async ({ doubled }, { seed }) => ({ sum: doubled + seed }));',
        ["md", `The sum is \${fit.sum.toFixed(2)}, as \${tex\`x^2\`}.`],
        "const t = view(Inputs.select([1, 2]));",
        "const u: number = t;",
        "fit.sum + t",
      ),
    ).toEqual([]);
  });

  test("a wrong type is found in the dependents, with the line of the cell", () => {
    expect(complaints('const t: string = "hot";', "// two\nconst u: number = t;", "t.celsius")).toEqual([
      "2:2 TS2322",
      "3:1 TS2339",
    ]);
    expect(complaints("const fit = { sum: 1 };", ["md", `# Title\n\nThe sum is \${fit.smu}.`])).toEqual(["2:3 TS2339"]);
  });

  test("changing one cell changes the verdict on its dependents only", () => {
    const checker = new CellTypeChecker(import.meta.dirname);
    const cells = compile("const t = 1;", "const u: number = t;", "const w = 3;");
    for (const cell of cells) checker.set(cell);
    expect(checker.diagnostics()).toEqual([]);
    checker.set(compile('const t = "hot";')[0]!);
    expect(checker.diagnostics().map(({ cell }) => cell)).toEqual([2]);
    checker.remove(2);
    expect(checker.diagnostics()).toEqual([]);
  });
});
