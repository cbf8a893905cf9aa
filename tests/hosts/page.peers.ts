import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CHROMIUM,
  entriesOf,
  openBrowser,
  openWatched,
  resultsOf,
  SOFTWARE_GPU,
  settled,
} from "../support/notebook-page.js";
import { phasecell } from "../support/phasecell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { diskEntries, stageEntry } from "../support/stage-entries.js";
import { serveFolder } from "../support/static-server.js";

const notebooks = fs
  .readdirSync("notebooks")
  .filter((name) => name.endsWith(".html"))
  .map((name) => path.basename(name, ".html"))
  .sort();

/** What makes a notebook that needs long short: its input `effort`. */
const shortSettings = (name: string): Readonly<Record<string, string>> =>
  /const effort = view\(/.test(fs.readFileSync(`notebooks/${name}.html`, "utf8")) ? { effort: "short" } : {};

/**
 * Equal to 1e-9: the page's V8 is another than Node's, and Math.pow, exp and log of the two differ in the last bit. The
 * covariance of a fit of an equation of state is that of the place where its iteration stopped, which magnifies it.
 */
function expectClose(found: unknown, expected: unknown, path = "values"): void {
  if (typeof expected === "number" && typeof found === "number") {
    const tolerance = path.includes(".covariance.") ? 1e-6 : 1e-9;
    const distance = Math.abs(found - expected) / Math.max(Math.abs(found), Math.abs(expected), 1e-300);
    if (Math.abs(found - expected) > 1e-12 && distance > tolerance) expect(found, path).toBe(expected);
  } else if (typeof expected === "object" && expected !== null && typeof found === "object" && found !== null) {
    expect(Object.keys(found), path).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected))
      expectClose((found as Record<string, unknown>)[key], value, `${path}.${key}`);
  } else expect(found, path).toEqual(expected);
}

describeWith([requirePeer(CHROMIUM, "--version")], "notebooks as pages", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-page-"));
  const site = path.join(folder, "site");
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: BrowserContext;

  beforeAll(async () => {
    phasecell("notebooks", "build", "--out", site, "--cache", path.join(folder, "cache"));
    server = await serveFolder(site, "/somewhere/deep/");
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    fs.rmSync(folder, { recursive: true });
  });

  test("the index leads to every notebook", async () => {
    const { page, complaints } = await openWatched(browser, server.url);
    const links = await page.$$eval(".cards a", (all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(links).toEqual(notebooks.map((name) => `${server.url}notebooks/${name}.html`));
    expect(await page.$$eval(".cards h2", (all) => all.every((title) => title.textContent !== ""))).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  describe.each(notebooks)("%s", (name) => {
    const settings = shortSettings(name);
    const address = (): string => `${server.url}notebooks/${name}.html?${new URLSearchParams(settings)}`;

    test("computes offline what the command line computes, and the second visit computes nothing", async () => {
      const { page, complaints } = await openWatched(browser, address());
      await settled(page);
      expect(await page.$$eval(".complaint:not([hidden])", (all) => all.map((block) => block.textContent))).toEqual([]);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      const own = await resultsOf(page);
      const out = path.join(folder, name);
      const given = Object.entries(settings).flatMap(([input, value]) => ["--set", `${input}=${value}`]);
      phasecell(
        "run",
        `notebooks/${name}.html`,
        ...given,
        "--out",
        out,
        "--cache",
        path.join(folder, `${name}-stages`),
      );
      const headless = JSON.parse(fs.readFileSync(path.join(out, "results.json"), "utf8"));
      expect(own.inputs).toEqual(headless.inputs);
      expectClose(own.values, headless.values);
      // Stages, which WebAssembly computes, have the same bits.
      const kept = await entriesOf(page);
      const stages = diskEntries(path.join(folder, `${name}-stages`));
      for (const [key, { provenance, value }] of stages)
        expect(stageEntry(kept.get(key)!).value, provenance.stage).toEqual(value);
      const keys = (Object.values(headless.stages) as { key: string }[]).map(({ key }) => key);
      expect(own.keys.sort()).toEqual(keys.sort());
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
      await page.close();

      const again = await openWatched(browser, address());
      await settled(again.page);
      const text = await again.page.textContent(".status .state");
      if (keys.length) expect(text).toBe(`0 stages computed, ${keys.length} from the cache`);
      expect((await resultsOf(again.page)).values).toEqual(own.values);
      expect(again.complaints).toEqual([]);
      await again.page.close();
    });
  });

  test.runIf(notebooks.includes("08-live"))(
    "a live run moves, is steered as it goes, and rests out of sight",
    async () => {
      const { page, complaints } = await openWatched(browser, `${server.url}notebooks/08-live.html`);
      const told = async (what: RegExp): Promise<number> => {
        const text = (await page.textContent(".live output")) ?? "";
        return Number(what.exec(text)?.[1] ?? Number.NaN);
      };
      const later = async (time: number): Promise<void> => {
        await expect.poll(() => told(/([\d.]+) ps/), { timeout: 60_000 }).toBeGreaterThan(time);
      };
      await later(0.3);
      expect(await page.textContent(".live .engine-line")).toMatch(/^Engine: WebAssembly, .*no WebGPU: /);
      const before = await told(/([\d.]+) ps/);
      const pressed = page.locator("[data-input=pressure] input[type=number]");
      await pressed.fill("8");
      await pressed.press("Enter");
      await later(before + 0.5);
      const pressure = async (): Promise<number> => Number(await page.getAttribute(".live", "data-pressure"));
      await expect.poll(pressure, { timeout: 60_000 }).toBeGreaterThan(5);
      expect(await page.$$eval(".live .complaint:not([hidden])", (all) => all.length)).toBe(0);

      await page.getByText("Sources").scrollIntoViewIfNeeded();
      await page.waitForTimeout(500);
      const resting = await told(/([\d.]+) ps/);
      await page.waitForTimeout(500);
      expect(await told(/([\d.]+) ps/)).toBe(resting);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("WebGPU on the software adapter: the page names it and computes the same", async () => {
    const context = await openBrowser([SOFTWARE_GPU]);
    try {
      const { page, complaints } = await openWatched(context, `${server.url}notebooks/${notebooks[1]}.html`);
      await settled(page);
      expect(await page.textContent(".engine ul")).toMatch(/WebGPU: .*swiftshader.*, in software/i);
      expect(complaints).toEqual([]);
      const plain = await openWatched(browser, `${server.url}notebooks/${notebooks[1]}.html`);
      await settled(plain.page);
      expect(await plain.page.textContent(".engine ul")).toMatch(/WebGPU: no adapter found/);
      expect((await resultsOf(page)).values).toEqual((await resultsOf(plain.page)).values);
    } finally {
      await context.close();
    }
  });
});
