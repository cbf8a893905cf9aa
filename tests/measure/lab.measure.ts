import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { LabSession, writeShortTwin } from "../support/jupyterlab.js";
import { tell, timed } from "../support/measure.js";
import { describeWith, isPresent, jupyterLab, requirePeer } from "../support/requirements.js";

const needsLab = isPresent(jupyterLab("bin", "jupyter-lab")) ? undefined : "no JupyterLab (node scripts/peers.mjs)";
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeWith([requirePeer("/usr/bin/chromium", "--version"), needsLab], "JupyterLab with notebook 01, short", () => {
  test("run all, interrupt, restart and run all from the cache", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-lab-"));
    const first = writeShortTwin("01-silicon", path.join(folder, "01.ipynb"), ["0;", "6 * 7"]);
    const lab = await LabSession.open(folder, "01.ipynb", path.join(folder, "cache"));
    try {
      const [long, last] = [first, first + 1];
      const answered = (): Promise<void> =>
        expect.poll(() => lab.output(last), { timeout: 120_000, interval: 20 }).toBe("42");
      tell("JupyterLab: run all, nothing cached (asked 15 s)", [
        await timed(async () => {
          await lab.command("notebook:run-all-cells");
          await answered();
        }),
      ]);
      const interrupts: number[] = [];
      for (let k = 0; k < 5; k++) {
        await lab.edit(long, "for (;;) await new Promise((resolve) => setTimeout(resolve, 50));");
        await sleep(700);
        const message = lab.cell(long).getByText("Interrupted: interrupted");
        const start = performance.now();
        await lab.command("notebook:interrupt-kernel");
        await message.waitFor({ timeout: 10_000 });
        interrupts.push(performance.now() - start);
        await lab.edit(long, "0;");
        await message.waitFor({ state: "detached" });
        await lab.idle();
      }
      tell("JupyterLab: interrupt until its message is drawn (asked 0.5 s)", interrupts);
      const restarts: number[] = [];
      for (let k = 0; k < 3; k++) {
        await lab.command("notebook:restart-run-all");
        const accept = lab.page.locator(".jp-Dialog button.jp-mod-accept");
        await accept.waitFor();
        const gone = expect.poll(() => lab.output(last), { timeout: 20_000, interval: 20 }).not.toBe("42");
        const start = performance.now();
        await accept.click();
        await gone;
        await answered();
        restarts.push(performance.now() - start);
        await lab.idle();
      }
      tell("JupyterLab: restart and run all from the cache (asked 10 s)", restarts);
    } finally {
      await lab.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
