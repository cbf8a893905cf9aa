import fs from "node:fs";
import { request } from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PreviewServer, serveNotebooks } from "../../src/page/serve-notebooks.node.js";
import { notebookText } from "../notebook/notebook-text.js";
import { CHROMIUM, openBrowser, openWatched, settled } from "../support/notebook-page.js";
import { describeWith, requirePeer } from "../support/requirements.js";

/** The last cell stands apart: its number tells whether it ran again. */
const cells = (first: string, more: readonly string[] = []): string =>
  notebookText([
    ["ts", first],
    ["ts", "display('twice ' + 2 * base);"],
    ["ts", 'const text = await FileAttachment("../data/own.txt").text();\ndisplay(text);'],
    ["ts", "display('apart ' + Math.random());"],
    ...more.map((source) => ["ts", source] as const),
  ]);

describeWith([requirePeer(CHROMIUM, "--version")], "the preview server", () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-preview-")));
  const file = path.join(folder, "notebooks/edited.html");
  let server: PreviewServer;
  let browser: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    for (const name of ["notebooks", "data"]) fs.mkdirSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, "data/own.txt"), "own text");
    fs.writeFileSync(path.join(folder, "data/other.txt"), "not attached");
    fs.writeFileSync(path.join(folder, "package.json"), "{}");
    fs.writeFileSync(file, cells("const base = 1;"));
    server = await serveNotebooks([file], { root: folder, version: "0", cacheFolder: ".cache/page", port: 0 });
    browser = await openBrowser();
    ({ page, complaints } = await openWatched(browser, `${server.url}notebooks/edited.html`));
    await settled(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    fs.rmSync(folder, { recursive: true });
  });

  const shown = (): Promise<string[]> =>
    page.$$eval(".cell .shown", (all) => all.map((cell) => cell.textContent ?? ""));
  const banner = (): Promise<string | null> => page.textContent(".banner:not([hidden])", { timeout: 20_000 });

  describe("shows edits of the file as they are saved", () => {
    test("a changed cell and its dependents run, the others keep what they have", async () => {
      const before = await shown();
      expect(before[1]).toBe("twice 2");
      expect(before[2]).toBe("own text");
      fs.writeFileSync(file, cells("const base = 21;"));
      await expect.poll(shown, { timeout: 20_000 }).toContain("twice 42");
      expect((await shown())[3]).toBe(before[3]);
    });

    test("editors that put a new file in its place; a new cell appears, a deleted one goes", async () => {
      const before = await shown();
      fs.writeFileSync(`${file}.new`, cells("const base = 21;", ["display('new ' + base);"]));
      fs.renameSync(`${file}.new`, file);
      await expect.poll(shown, { timeout: 20_000 }).toContain("new 21");
      expect((await shown()).slice(0, 4)).toEqual(before);
      fs.writeFileSync(file, cells("const base = 21;"));
      await expect.poll(shown, { timeout: 20_000 }).toEqual(before);
    });

    test("a mistake is told beside the page, which goes on; it heals", async () => {
      fs.writeFileSync(file, cells("const base = ;"));
      expect(await banner()).toMatch(/^cell 1: .*expected valid TypeScript/);
      expect(await shown()).toContain("twice 42");
      fs.writeFileSync(file, cells('const base: number = "three";'));
      await expect.poll(banner, { timeout: 20_000 }).toMatch(/cell 1 line 1:7: TS2322/);
      fs.writeFileSync(file, cells("const base = 4;"));
      await expect.poll(shown, { timeout: 20_000 }).toContain("twice 8");
      expect(await page.$$eval(".banner:not([hidden])", (all) => all.length)).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe("is for this machine and these notebooks", () => {
    const port = (): number => Number(new URL(server.url).port);
    /** Status and body of a request as given, its path not tidied up. */
    const ask = (target: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
      new Promise((resolve, reject) => {
        request({ host: "127.0.0.1", port: port(), path: target, headers }, (response) => {
          let body = "";
          response.on("data", (chunk) => (body += String(chunk)));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        })
          .on("error", reject)
          .end();
      });

    test("listens on the loopback only", async () => {
      const others = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
      const elsewhere = others.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "127.0.0.2";
      const reached = await new Promise<boolean>((resolve) => {
        const socket = net.connect({ host: elsewhere, port: port(), timeout: 2000 }, () => resolve(true));
        socket.on("error", () => resolve(false)).on("timeout", () => resolve(false));
      });
      expect(reached).toBe(false);
    });

    test("a foreign name that points here is refused", async () => {
      expect(await ask("/", { host: `evil.example:${port()}` })).toMatchObject({ status: 403 });
      expect(await ask("/", { host: `localhost:${port()}` })).toMatchObject({ status: 200 });
    });

    test.each([
      "/../../etc/passwd",
      "/..%2f..%2f..%2fetc%2fpasswd",
      "/app/../../../package.json",
      "/app/..%2f..%2fapp.json",
      "/app/%2fetc%2fpasswd",
      "/data/other.txt",
      "/package.json",
      "/data/../data/other.txt",
      "/%00",
    ])("%s is not served", async (target) => {
      expect((await ask(target)).status).toBeGreaterThanOrEqual(400);
    });

    test("what a notebook attaches is", async () => {
      expect(await ask("/data/own.txt")).toEqual({ status: 200, body: "own text" });
    });
  });
});
