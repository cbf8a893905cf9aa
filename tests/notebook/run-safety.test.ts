import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runNotebook } from "../../src/notebook/run-notebook.node.js";
import { writeRun } from "../../src/notebook/write-run.node.js";
import { runCommand } from "../support/command-line.js";
import { notebookText } from "./notebook-text.js";

let outside: string;
let project: string;
beforeEach(() => {
  outside = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-safety-")));
  project = path.join(outside, "project");
  fs.mkdirSync(path.join(project, "notebooks"), { recursive: true });
  fs.mkdirSync(path.join(project, "data"));
  fs.writeFileSync(path.join(project, "package.json"), "{}");
  fs.writeFileSync(path.join(project, "data", "own.txt"), "own");
  fs.writeFileSync(path.join(outside, "secret.txt"), "secret");
  fs.writeFileSync(path.join(outside, "module.mjs"), "export const secret = 1;");
  fs.symlinkSync(outside, path.join(project, "data", "link"));
  fs.symlinkSync(path.join(outside, "secret.txt"), path.join(project, "data", "linked.txt"));
});
afterEach(() => fs.rmSync(outside, { recursive: true }));

async function run(code: string, options: Partial<Parameters<typeof runNotebook>[1]> = {}) {
  const file = path.join(project, "notebooks", "n.html");
  fs.writeFileSync(file, notebookText([["ts", code]]));
  return runNotebook(file, { typeCheck: false, version: "0", library: async () => ({}), ...options });
}

const read = (name: string): string => `const text = await FileAttachment(${JSON.stringify(name)}).text();`;

describe("files that a notebook reads", () => {
  test.each(["../data/own.txt", "../notebooks/../data/own.txt"])("%s of its project", async (name) => {
    expect(await (await run(read(name))).graph.value("text")).toBe("own");
  });

  test.each([
    ["a path upwards", () => "../../secret.txt"],
    ["an absolute path", () => path.join(outside, "secret.txt")],
    ["a link", () => "../data/linked.txt"],
    ["a linked folder", () => "../data/link/secret.txt"],
    ["a system file", () => "/etc/passwd"],
    ["a file that is not there", () => "../../nothing.txt"],
  ])("%s out of the project is refused in one line", async (_, name) => {
    const complaint = await run(read(name())).catch((error: Error) => error.message);
    expect(complaint).toMatch(/^cell 1: FileAttachment: .*; expected a file inside .*project/);
    expect(complaint).not.toContain("\n");
  });

  test("a folder that the user names may be read", async () => {
    const { graph } = await run(read("../../secret.txt"), { readable: [outside] });
    expect(await graph.value("text")).toBe("secret");
  });

  test("a notebook without a project reads beside itself only", async () => {
    const folder = path.join(outside, "loose");
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "n.html"), notebookText([["ts", read("../secret.txt")]]));
    const options = { typeCheck: false, version: "0", library: async () => ({}) };
    await expect(runNotebook(path.join(folder, "n.html"), options)).rejects.toThrow("FileAttachment: ../secret.txt");
  });

  test.each([
    ["const { secret } = await import('../../module.mjs');", /import: ..\/..\/module.mjs; expected a file inside/],
    ["import { readFileSync } from 'node:fs';", /import: node:fs; expected phasecell or a package/],
    ["const fs = await import('fs');", /import: fs; expected phasecell or a package/],
  ])("%s is refused", async (code, message) => {
    await expect(run(code)).rejects.toThrow(message);
  });

  test("modules of Node where the user trusts the notebook", async () => {
    const { graph } = await run("const { sep } = await import('node:path');", { nodeModules: true });
    expect(await graph.value("sep")).toBe(path.sep);
  });
});

describe("files that a run writes", () => {
  const figure = (name: string): string =>
    `display({ kind: "figure", name: ${JSON.stringify(name)}, caption: "", spec: { data: { values: [] }, mark: "point" } });`;

  test.each(["../../evil", "a/b", "a\\b"])("a figure named %s is refused and nothing is written", async (name) => {
    const out = path.join(project, "out");
    await expect(writeRun(await run(figure(name)), "n.html", out)).rejects.toThrow(
      /output: figures\/.*; expected a place inside/,
    );
    expect(fs.readdirSync(outside).sort()).toEqual(["module.mjs", "project", "secret.txt"]);
    expect(fs.readdirSync(out)).toEqual(["figures"]);
  });

  test("a folder of figures that leads elsewhere is refused", async () => {
    const out = path.join(project, "out");
    fs.mkdirSync(out);
    fs.symlinkSync(outside, path.join(out, "figures"));
    await expect(writeRun(await run(figure("f")), "n.html", out)).rejects.toThrow("output: figures/f.svg");
    expect(fs.existsSync(path.join(outside, "f.svg"))).toBe(false);
  });
});

describe("phasecell run", () => {
  test("a notebook from outside the project wants --trust", async () => {
    const file = path.join(project, "notebooks", "n.html");
    fs.writeFileSync(file, notebookText([["ts", "const a = 1;"]]));
    const out = path.join(outside, "out");
    const common = ["--out", out, "--cache", path.join(outside, "cache")];
    const { code, stderr } = await runCommand("run", file, ...common);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^phasecell: notebook, a program from outside this project: .*; expected one inside .*; try --trust\n$/,
    );
    expect(fs.existsSync(out)).toBe(false);
    expect(await runCommand("run", file, "--trust", ...common)).toMatchObject({ code: 0 });
    expect(fs.readdirSync(out).sort()).toEqual(["figures", "n.ipynb", "report.html", "results.json", "run.json"]);
  });

  test.each([
    ["text/x-python", "python"],
    ["application/vnd.node.javascript", "node"],
    ["text/x-r", "r"],
    ["application/sql", "sql"],
  ])("a %s cell is refused in one line and does not run", async (type, language) => {
    const file = path.join(project, "notebooks", "n.html");
    const mark = path.join(outside, "ran");
    const cell = `<script id="9" type="${type}">\nrequire("fs").writeFileSync(${JSON.stringify(mark)}, "")\n</script>`;
    fs.writeFileSync(file, notebookText([["ts", "const a = 1;"]]).replace("</notebook>", `${cell}</notebook>`));
    const { code, stderr } = await runCommand("run", file, "--trust", "--out", path.join(outside, "out"), "--no-cache");
    expect(code).toBe(2);
    expect(stderr).toBe(`phasecell: cell 9: language: ${language}; expected one of ts, js, md, html, tex\n`);
    expect(fs.existsSync(mark)).toBe(false);
  });
});
