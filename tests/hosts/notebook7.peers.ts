import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { LabSession, writeShortTwin } from "../support/jupyterlab.js";
import { describeWith, isPresent, jupyterLab, requirePeer } from "../support/requirements.js";

const needed = isPresent(jupyterLab("bin", "jupyter-notebook"))
  ? undefined
  : "no Jupyter Notebook 7 (node scripts/peers.mjs)";

describeWith([requirePeer("/usr/bin/chromium", "--version"), needed], "Jupyter Notebook 7", () => {
  test("runs notebook 02; a changed cell runs its dependents again, an input shows its control", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-notebook7-"));
    const more = [
      'const factor = view(Inputs.range([1, 9], { label: "Factor", value: 2, step: 1 }));',
      "const own = 10;",
      "display([factor * own, Math.random()].join(' '));",
      "display(Math.random());",
    ];
    const first = writeShortTwin("02-structures", path.join(folder, "02.ipynb"), more);
    const lab = await LabSession.open(folder, "02.ipynb", path.join(folder, "cache"), "notebook");
    // Its own settings complain once while it starts (7.6.5).
    const started = lab.complaints.length;
    try {
      const [slider, own, dependent, apart] = more.map((_, i) => first + i) as [number, number, number, number];
      await lab.command("notebook:run-all-cells");
      await expect.poll(() => lab.output(apart), { timeout: 240_000 }).toMatch(/^0\.\d+$/);
      await lab.idle();
      const errors = await lab.page.locator('[data-mime-type="application/vnd.jupyter.error"]').allInnerTexts();
      expect(errors).toEqual([]);
      expect(await lab.page.locator(".vega-embed, .jp-RenderedVegaCommon5").count()).toBeGreaterThan(1);
      expect(await lab.cell(slider).locator(".noUi-handle").count()).toBe(1);
      const [before, stays] = [await lab.output(dependent), await lab.output(apart)];
      expect(before).toMatch(/^20 /);
      await lab.edit(own, "const own = 11;");
      await expect.poll(() => lab.output(dependent), { timeout: 20_000 }).toMatch(/^22 /);
      expect(await lab.output(apart)).toBe(stays);
      expect(lab.complaints.slice(started)).toEqual([]);
      fs.mkdirSync("results/jupyterlab", { recursive: true });
      await lab.page.screenshot({ path: "results/jupyterlab/notebook7.png" });
    } finally {
      await lab.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
