import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LabSession, writeShortTwin } from "../support/jupyterlab.js";
import { describeWith, isPresent, jupyterLab, requirePeer } from "../support/requirements.js";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const needsLab = isPresent(jupyterLab("bin", "jupyter-lab")) ? undefined : "no JupyterLab (node scripts/peers.mjs)";

/** Told, not asserted: how long it takes depends on what else the machine does. */
const measured = (what: string, start: number): void =>
  console.info(`JupyterLab: ${what} after ${((performance.now() - start) / 1000).toFixed(2)} s`);

/** The twin of the flagship notebook in its short setting, with cells after it that tell how often they ran. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: code of cells
const EXTRA = [
  'const factor = view(Inputs.range([1, 9], { label: "Factor", value: 2, step: 1 }));',
  "display(`factor ${factor}, run ${Math.random()}`);",
  "display(`apart, run ${Math.random()}`);",
  "const own = 10;",
  "display(`own ${own}, run ${Math.random()}`);",
  "for (;;) await new Promise((resolve) => setTimeout(resolve, 50));",
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: code of cells

describeWith([requirePeer("/usr/bin/chromium", "--version"), needsLab], "JupyterLab with notebook 01", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-lab-"));
  let lab: LabSession;
  let first: number;
  beforeAll(async () => {
    first = writeShortTwin("01-silicon", path.join(folder, "01.ipynb"), EXTRA);
    lab = await LabSession.open(folder, "01.ipynb", path.join(folder, "cache"));
  }, 120_000);
  afterAll(async () => {
    await lab?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  /** The cell after the notebook's own. */
  const extra = (index: number): number => first + index;
  const runs = async () => {
    const texts = [];
    for (const index of [1, 2, 4]) texts.push(await lab.output(extra(index)));
    return texts;
  };

  test("runs all cells; figures are drawn by JupyterLab", async () => {
    await lab.edit(extra(5), "0;");
    await lab.command("notebook:run-all-cells");
    // On a busy machine it takes a while until JupyterLab looks busy at all.
    await expect.poll(() => lab.output(extra(4)), { timeout: 240_000 }).toMatch(/^own 10/);
    await lab.idle();
    expect(
      await lab.page.locator(".jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg, .vega-embed").count(),
    ).toBeGreaterThan(3);
    const errors = await lab.page
      .locator(
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]',
      )
      .allInnerTexts();
    expect(errors).toEqual([]);
    expect(await lab.output(extra(1))).toMatch(/^factor 2, run 0\.\d+$/);
    fs.mkdirSync("results/jupyterlab", { recursive: true });
    await lab.page.screenshot({ path: "results/jupyterlab/run-all.png" });
  });

  test("a changed cell runs its dependents again, and nothing else", async () => {
    const before = await runs();
    await lab.edit(extra(3), "const own = 11;");
    await expect.poll(() => lab.output(extra(4)), { timeout: 20_000 }).toMatch(/^own 11/);
    await lab.idle();
    const after = await runs();
    expect([after[0], after[1]]).toEqual([before[0], before[1]]);
    expect(after[2]).not.toBe(before[2]);
  });

  test("dragging a slider runs its dependents again", async () => {
    const before = await runs();
    const handle = lab.cell(extra(0)).locator(".noUi-handle");
    await handle.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await handle.boundingBox())!;
    await lab.page.mouse.move(x + width / 2, y + height / 2);
    await lab.page.mouse.down();
    await lab.page.mouse.move(x + 120, y + height / 2, { steps: 8 });
    await lab.page.mouse.up();
    await expect.poll(() => lab.output(extra(1)), { timeout: 20_000 }).toMatch(/^factor [3-9]/);
    const after = await runs();
    expect([after[1], after[2]]).toEqual([before[1], before[2]]);
    await lab.page.screenshot({ path: "results/jupyterlab/slider.png" });
  });

  test("a long cell is interrupted, and the kernel goes on", async () => {
    await lab.edit(extra(5), EXTRA[5]!);
    await sleep(1500);
    const start = performance.now();
    await lab.command("notebook:interrupt-kernel");
    await lab.page.getByText("Interrupted: interrupted").waitFor({ timeout: 10_000 });
    measured("interrupted", start);
    await lab.edit(extra(5), "6 * 7");
    await expect.poll(() => lab.output(extra(5)), { timeout: 20_000 }).toBe("42");
    await lab.page.screenshot({ path: "results/jupyterlab/interrupted.png" });
  });

  test("after a restart all comes from the cache", async () => {
    const computed = fs.readdirSync(path.join(folder, "cache"), { recursive: true }).length;
    await lab.command("notebook:restart-run-all");
    await lab.page.locator(".jp-Dialog button.jp-mod-accept").click();
    const start = performance.now();
    await lab.page.screenshot({ path: "results/jupyterlab/restarting.png" });
    await expect
      .poll(() => lab.output(extra(1)), { timeout: 240_000 })
      .toMatch(/^factor 2/)
      .catch(async (error) => {
        await lab.page.screenshot({ path: "results/jupyterlab/restart-failed.png" });
        throw error;
      });
    await lab.idle();
    measured("restarted and run from the cache", start);
    expect(await lab.output(extra(5))).toBe("42");
    expect(fs.readdirSync(path.join(folder, "cache"), { recursive: true }).length).toBe(computed);
    expect(lab.complaints).toEqual([]);
  });
});
