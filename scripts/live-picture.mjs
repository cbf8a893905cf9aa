// `node scripts/live-picture.mjs`: the picture of notebook 08 on the index, taken of the live page in Chromium.
import path from "node:path";
import { chromium } from "playwright-core";
import { version } from "../dist/cli/version.node.js";
import { serveNotebooks } from "../dist/page/serve-notebooks.node.js";

const root = path.join(import.meta.dirname, "..");
process.chdir(root);
const options = { root, version: version(), cacheFolder: ".cache/page", port: 0 };
const server = await serveNotebooks(["notebooks/08-live.html"], options);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, deviceScaleFactor: 1 });
  await page.goto(`${server.url}notebooks/08-live.html?pressure=30`);
  await page.waitForFunction(() => Number(document.querySelector(".live")?.dataset.pressure) > 20);
  await page.waitForFunction(
    () => Number(/([\d.]+) ps/.exec(document.querySelector(".live output").textContent)[1]) > 3,
  );
  await page.locator(".live .atoms").screenshot({ path: "notebooks/pictures/08-live.png" });
} finally {
  await browser.close();
  await server.close();
}
