import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { tell, timed } from "../support/measure.js";
import { CHROMIUM, openBrowser, openWatched, settled } from "../support/notebook-page.js";
import { phasecell } from "../support/phasecell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { serveFolder } from "../support/static-server.js";

describeWith([requirePeer(CHROMIUM, "--version")], "the built site", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-measured-"));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: BrowserContext;
  beforeAll(async () => {
    phasecell("notebooks", "build", "--out", path.join(folder, "site"));
    server = await serveFolder(path.join(folder, "site"));
    // A machine with a GPU may need flags: PHASECELL_BROWSER_FLAGS="--enable-unsafe-webgpu --enable-features=Vulkan".
    browser = await openBrowser((process.env.PHASECELL_BROWSER_FLAGS ?? "").split(" ").filter(Boolean));
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    fs.rmSync(folder, { recursive: true });
  });

  test("first figure of the flagship page, warm cache", async () => {
    const address = `${server.url}notebooks/01-silicon.html?effort=short`;
    const { page } = await openWatched(browser, address);
    await settled(page);
    const times: number[] = [];
    for (let k = 0; k < 5; k++)
      times.push(
        await timed(async () => {
          await page.goto(address, { waitUntil: "commit" });
          await page.locator("figure svg").first().waitFor();
        }),
      );
    tell("page: first figure of 01, warm (asked 2 s)", times);
    await page.close();
  });

  test.each([64, 216, 512])("live box of %i atoms", async (atoms) => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const drawn = { frames: 0, milliseconds: 0 };
      const request = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) =>
        request((now) => {
          const start = performance.now();
          callback(now);
          drawn.milliseconds += performance.now() - start;
          drawn.frames++;
        });
      Object.assign(window, { drawn });
    });
    await page.goto(`${server.url}notebooks/08-live.html?atoms=${atoms}`);
    const simulated = /([\d.]+) ps/;
    await page.waitForFunction(
      () => Number(/([\d.]+) ps/.exec(document.querySelector(".live output")?.textContent ?? "")?.[1]) > 0.05,
    );
    const look = () =>
      page.evaluate(() => ({
        ...(window as unknown as { drawn: { frames: number; milliseconds: number } }).drawn,
        shown: document.querySelector(".live output")!.textContent!,
        now: performance.now(),
      }));
    const frames: number[] = [];
    const begin = await look();
    for (let k = 0; k < 5; k++) {
      await page.waitForTimeout(1000);
      frames.push(Number(await page.getAttribute(".live", "data-frames")));
    }
    const end = await look();
    const callbacks = end.frames - begin.frames;
    const each = (end.milliseconds - begin.milliseconds) / callbacks;
    const picoseconds = Number(simulated.exec(end.shown)?.[1]) - Number(simulated.exec(begin.shown)?.[1]);
    frames.sort((a, b) => a - b);
    tell(
      `live box, ${atoms} atoms: ${frames[2]} frames/s (${frames[0]} .. ${frames[4]}, asked 30); one drawing`,
      [each],
      `${((1000 * picoseconds) / (end.now - begin.now)).toFixed(2)} ps/s; ${await page.textContent(".live .engine-line")}`,
    );
    await page.close();
  });
});
