import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { describeWith, requirePeer } from "../support/requirements.js";

const CHROMIUM = "/usr/bin/chromium";

describeWith([requirePeer(CHROMIUM, "--version")], "the silicon notebook without a browser", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-report-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const run = (out: string, ...more: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["dist/cli/main.js", "run", "notebooks/01-silicon.html", "--json", "--out", path.join(folder, out)].concat(
        ["--cache", path.join(folder, "cache"), "--set", "effort=short"],
        more,
      ),
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { report: string; figures: string[]; stagesComputed: number; stagesFromCache: number };
  };
  const read = (file: string): string => fs.readFileSync(file, "utf8");

  test("makes a report that needs nothing else; the cache gives the same bytes; one setting recomputes one stage", async () => {
    const first = run("first");
    expect(first.stagesComputed).toBe(6);
    const second = run("second");
    expect(second).toMatchObject({ stagesComputed: 0, stagesFromCache: 6 });
    expect(read(second.report)).toBe(read(first.report));
    for (const [i, figure] of first.figures.entries()) expect(read(second.figures[i]!)).toBe(read(figure));
    expect(run("third", "--set", "temperature=400")).toMatchObject({ stagesComputed: 1, stagesFromCache: 5 });

    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => !/^(file|data):/.test(request.url()) && complaints.push(request.url()));
      await page.goto(pathToFileURL(first.report).href);
      const sizes = await page.$$eval("figure svg", (all) => all.map((svg) => svg.getBoundingClientRect().width));
      expect(sizes).toHaveLength(first.figures.length);
      for (const size of sizes) expect(size).toBeGreaterThan(200);
      expect(await page.$$eval(".katex-display", (all) => all.length)).toBeGreaterThan(5);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 900_000);
});
