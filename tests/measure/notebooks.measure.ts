import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, test } from "vitest";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { tell, timed } from "../support/measure.js";
import { CHROMIUM, openBrowser, openWatched, settled } from "../support/notebook-page.js";
import { phasecell } from "../support/phasecell.js";
import { describeWith, isPresent, jupyterLab, requirePeer } from "../support/requirements.js";
import { serveFolder } from "../support/static-server.js";

const notebooks = fs.readdirSync("notebooks").filter((name) => name.endsWith(".html"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-measured-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Whether a notebook has a length that can be set. */
const hasEffort = (name: string): boolean =>
  fs.readFileSync(path.join("notebooks", name), "utf8").includes("const effort = view(");

describe("short notebooks, nothing cached (asked 15 s)", () => {
  test.each(notebooks)("headless: %s", async (name) => {
    const given = hasEffort(name) ? ["--set", "effort=short"] : [];
    const [out, cache] = [path.join(folder, name), path.join(folder, `${name}-cache`)];
    const first = await timed(() => phasecell("run", `notebooks/${name}`, ...given, "--out", out, "--cache", cache));
    const second = await timed(() => phasecell("run", `notebooks/${name}`, ...given, "--out", out, "--cache", cache));
    tell(`headless: ${name}`, [first], `again from the cache ${(second / 1000).toFixed(2)} s`);
  });

  const NBCONVERT = jupyterLab("bin", "jupyter-nbconvert");
  describeWith([isPresent(NBCONVERT) ? undefined : "no JupyterLab (node scripts/peers.mjs)"], "Jupyter", () => {
    test.each(notebooks)("nbconvert: %s", async (name) => {
      const jupyter = path.join(folder, "jupyter");
      installKernels(kernelsFolder({ folder: jupyter }));
      const cache = path.join(folder, `${name}-kernel`);
      const env = { ...process.env, JUPYTER_PATH: jupyter, PHASECELL_CACHE: cache, PHASECELL_SET: "effort=short" };
      const twin = name.replace(/html$/, "ipynb");
      const run = (): void => {
        const { status, stderr } = spawnSync(
          NBCONVERT,
          ["--to", "notebook", "--execute", path.resolve("notebooks", twin), "--output-dir", folder, "--output", twin],
          { encoding: "utf8", env },
        );
        if (status !== 0) throw new Error(stderr);
      };
      const first = await timed(run);
      tell(`nbconvert: ${twin}`, [first], `again from the cache ${((await timed(run)) / 1000).toFixed(2)} s`);
    });
  });

  describeWith([requirePeer(CHROMIUM, "--version")], "page", () => {
    test.each(notebooks)("page: %s", async (name) => {
      const site = path.join(folder, "site");
      if (!fs.existsSync(site)) phasecell("notebooks", "build", "--out", site);
      const server = await serveFolder(site);
      const browser = await openBrowser();
      const query = hasEffort(name) ? "?effort=short" : "";
      const visit = async (): Promise<void> => {
        const { page } = await openWatched(browser, `${server.url}notebooks/${name}${query}`);
        await settled(page);
        await page.close();
      };
      const first = await timed(visit);
      tell(`page: ${name}`, [first], `again from the cache ${((await timed(visit)) / 1000).toFixed(2)} s`);
      await browser.close();
      await server.close();
    });
  });
});
