import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IndexedStore } from "../../src/page/indexed-store.js";
import { notebookText } from "../notebook/notebook-text.js";
import { CHROMIUM, openBrowser, openWatched, settled } from "../support/notebook-page.js";
import { phasecellIn } from "../support/phasecell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { serveFolder } from "../support/static-server.js";

type StoreWindow = Window & { indexedStore(name: string, most?: number): IndexedStore };

describeWith([requirePeer(CHROMIUM, "--version")], "the cache of a page", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-page-cache-"));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    const store = JSON.stringify(path.resolve("dist/page/indexed-store.js"));
    fs.writeFileSync(
      path.join(folder, "entry.js"),
      `import { indexedStore } from ${store};\nObject.assign(window, { indexedStore });`,
    );
    fs.writeFileSync(path.join(folder, "index.html"), '<script type="module" src="./entry.js"></script>');
    await build({ root: folder, base: "./", logLevel: "error", configFile: false, build: { outDir: "site" } });
    fs.mkdirSync(path.join(folder, "notebooks"));
    const stage =
      'const value = await stage("value", {}, () => new Float64Array(2e6).fill(7));\ndisplay(value.length);';
    fs.writeFileSync(path.join(folder, "notebooks/large.html"), notebookText([["ts", stage]]));
    phasecellIn(folder, "notebooks", "build", "--out", "site/pages");
    server = await serveFolder(path.join(folder, "site"));
    browser = await openBrowser();
    page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => "indexedStore" in window);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    fs.rmSync(folder, { recursive: true });
  });

  test("holds so much and no more: what was not wanted for the longest time goes", async () => {
    const answer = await page.evaluate(async () => {
      const store = (window as unknown as StoreWindow).indexedStore("limited", 3500);
      const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
      for (const key of ["a", "b", "c"]) {
        await store.put(key, new Uint8Array(1000).fill(key.charCodeAt(0)));
        await pause();
      }
      await store.get("a");
      await pause();
      await store.put("d", new Uint8Array(1000));
      await pause();
      await store.put("too large", new Uint8Array(4000));
      const kept: Record<string, number | undefined> = {};
      for (const key of ["a", "b", "c", "d", "too large"]) kept[key] = (await store.get(key))?.[0];
      return { kept, size: await store.size() };
    });
    expect(answer).toEqual({
      kept: { a: 97, b: undefined, c: 99, d: 0, "too large": undefined },
      size: { entries: 3, bytes: 3000, limit: 3500 },
    });
  });

  test("an entry that is written again counts once", async () => {
    const size = await page.evaluate(async () => {
      const store = (window as unknown as StoreWindow).indexedStore("twice", 3500);
      for (let k = 0; k < 5; k++) await store.put("same", new Uint8Array(1000 + k));
      return store.size();
    });
    expect(size).toMatchObject({ entries: 1, bytes: 1004 });
  });

  test("a browser that gives less room than asked for: old results make place for new ones", async () => {
    // Chromium remembers for seconds how much room an origin has: this one is new to it.
    const address = server.url.replace("localhost", "127.0.0.1");
    const visit = await browser.newPage();
    const session = await browser.newCDPSession(visit);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(address).origin, quotaSize: 8e6 });
    await visit.goto(address);
    await visit.waitForFunction(() => "indexedStore" in window);
    const answer = await visit.evaluate(async () => {
      const store = (window as unknown as StoreWindow).indexedStore("quota");
      const noise = () => crypto.getRandomValues(new Uint8Array(65_536));
      for (let k = 0; k < 300; k++) await store.put(`entry ${k}`, noise());
      return {
        last: (await store.get("entry 299"))?.length,
        first: (await store.get("entry 0"))?.length,
        ...(await store.size()),
      };
    });
    await visit.close();
    expect(answer).toMatchObject({ last: 65_536, first: undefined });
    expect(answer.bytes).toBeLessThan(8e6);
  });

  test("a browser that keeps nothing: the page computes, and says so in one line", async () => {
    const context = await openBrowser();
    await context.addInitScript(() => {
      const broken = Object.assign(new DOMException("no room on this disk", "QuotaExceededError"));
      IDBObjectStore.prototype.put = () => {
        throw broken;
      };
    });
    const { page: visit, complaints } = await openWatched(context, `${server.url}pages/notebooks/large.html`);
    await settled(visit);
    expect(await visit.textContent(".shown")).toContain("2000000");
    expect(await visit.textContent(".not-kept:not([hidden])")).toMatch(
      /^Results are not kept in this browser, so the next visit computes them again: .*no room on this disk/,
    );
    expect(complaints).toEqual([]);
    await context.close();
  });
});
