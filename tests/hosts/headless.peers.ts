import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const NOTEBOOKS = fs.readdirSync("notebooks").filter((name) => name.endsWith(".html"));

describe("every notebook without a browser, at its short length", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-headless-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function run(notebook: string, out: string, ...more: string[]) {
    const text = fs.readFileSync(path.join("notebooks", notebook), "utf8");
    const given = text.includes("const effort = view(") ? ["--set", "effort=short"] : [];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        "dist/cli/main.js",
        "run",
        `notebooks/${notebook}`,
        "--json",
        "--out",
        path.join(folder, out),
        ...given,
        ...more,
      ],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as {
      readonly report: string;
      readonly results: string;
      readonly notebook: string;
      readonly figures: readonly string[];
      readonly pictures: readonly string[];
      readonly stagesComputed: number;
    };
  }
  const read = (file: string): string => fs.readFileSync(file, "utf8").replace(/\b(\d\d-[a-z]+)\.(html|ipynb)/g, "$1");

  test.each(NOTEBOOKS)(
    "%s: figures, numbers and a report; computed anew from its twin the bytes are the same",
    (name) => {
      const twin = name.replace(/html$/, "ipynb");
      const first = run(name, `${name}-1`, "--cache", path.join(folder, "cache"));
      expect(first.figures.length).toBeGreaterThan(0);
      expect(first.pictures).toHaveLength(first.figures.length);
      const shown = read(first.report).replace(/<(details|style|metadata)[\s\S]*?<\/\1>/g, "");
      expect(shown.match(/.{0,60}(\bNaN\b|undefined|\[object Object\]).{0,20}/)).toBeNull();
      const second = run(twin, `${name}-2`, "--no-cache");
      expect(second.stagesComputed).toBe(first.stagesComputed);
      expect(read(second.results)).toBe(read(first.results));
      expect(read(second.report)).toBe(read(first.report));
      expect(read(second.notebook)).toBe(read(first.notebook));
      for (const [i, figure] of [...first.figures, ...first.pictures].entries())
        expect(fs.readFileSync([...second.figures, ...second.pictures][i]!)).toEqual(fs.readFileSync(figure));
    },
    600_000,
  );
});
