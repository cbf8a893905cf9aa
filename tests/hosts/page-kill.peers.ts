import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { notebookText } from "../notebook/notebook-text.js";
import { CHROMIUM, openBrowser, openWatched, settled } from "../support/notebook-page.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { serveFolder } from "../support/static-server.js";

const STAGES = 12;
const LENGTH = 100_000;

/** Stages of 40 ms each that give 800 kB that can be told from its number; each needs the one before. */
const cells = Array.from({ length: STAGES }, (_, k): ["ts", string] => [
  "ts",
  `const value${k} = await stage("value${k}", { number: ${k}, before: ${k ? `value${k - 1}[${k}]!` : "0"} }, async ({ number }) => {
  await new Promise((resolve) => setTimeout(resolve, 40));
  return Float64Array.from({ length: ${LENGTH} }, (_, i) => number + i / 1024);
});`,
]);

const fileUrl = (name: string, base: string): string => new URL(name, base).href;

describeWith([requirePeer(CHROMIUM, "--version")], "a page that is killed", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-kill-"));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  beforeAll(async () => {
    fs.mkdirSync(path.join(folder, "notebooks"));
    fs.writeFileSync(path.join(folder, "notebooks/kill.html"), notebookText(cells));
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.resolve("dist/cli/main.js"), "notebooks", "build", "--out", "site"],
      { cwd: folder, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    server = await serveFolder(path.join(folder, "site"));
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Keys and whether each entry is whole: the bytes of its numbers are those of one stage. */
  const entriesOf = async (profile: string) => {
    const browser = await openBrowser([], profile);
    try {
      const { page } = await openWatched(browser, fileUrl("index.html", server.url));
      return await page.evaluate(
        async ([length]) => {
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const request = indexedDB.open("phasecell");
            request.onupgradeneeded = () => request.result.createObjectStore("stages");
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const table = database.transaction("stages").objectStore("stages");
          const all = await new Promise<Uint8Array[]>((resolve) => {
            const request = table.getAll() as IDBRequest<Uint8Array[]>;
            request.onsuccess = () => resolve(request.result);
          });
          database.close();
          return all.map((bytes) => {
            const tail = new Float64Array(bytes.slice(bytes.length - 8 * length!).buffer);
            return Number.isInteger(tail[0]) && tail.every((value, i) => value === tail[0]! + i / 1024);
          });
        },
        [LENGTH],
      );
    } finally {
      await browser.close();
    }
  };

  test("at 50 random moments leaves whole entries only, and the next visit ends what was begun", async () => {
    const profile = path.join(folder, "profile");
    const address = fileUrl("notebooks/kill.html", server.url);
    let state = 20_261_121;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let interrupted = 0;
    for (let round = 0; round < 10; round++) {
      const browser = await openBrowser([], profile);
      for (let kill = 0; kill < 5; kill++) {
        const { page } = await openWatched(browser, address);
        await page.waitForFunction(() => "phasecell" in window);
        // Half of the time everything is begun anew, so that there is something to interrupt.
        if (kill % 2 === 0)
          await page.evaluate(
            () => new Promise((resolve) => (indexedDB.deleteDatabase("phasecell").onsuccess = resolve)),
          );
        await page.reload();
        await page.waitForFunction(() => "phasecell" in window);
        await page.waitForTimeout(700 * random());
        if ((await page.getAttribute(".status", "data-state")) === "running") interrupted++;
        const session = await browser.newCDPSession(page);
        if (kill < 4) await Promise.race([session.send("Page.crash").catch(() => {}), page.waitForEvent("crash")]);
        else await killBrowser(browser);
      }
    }
    expect(interrupted).toBeGreaterThan(20);
    const entries = await entriesOf(profile);
    expect(entries.every(Boolean)).toBe(true);
    const browser = await openBrowser([], profile);
    const { page, complaints } = await openWatched(browser, address);
    await settled(page);
    expect(await page.textContent(".status .state")).toMatch(new RegExp(`${entries.length} from the cache$`));
    expect(complaints).toEqual([]);
    await browser.close();
    expect(await entriesOf(profile)).toEqual(Array.from({ length: STAGES }, () => true));
  }, 280_000);
});

/** Ends the whole browser as a power cut does to it. */
async function killBrowser(browser: Awaited<ReturnType<typeof openBrowser>>): Promise<void> {
  const gone = new Promise((resolve) => browser.once("close", resolve));
  const session = await browser.newCDPSession(browser.pages()[0]!);
  session.send("Browser.crash" as never).catch(() => {});
  await gone;
}
