import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium, type Frame, type Locator, type Page } from "playwright-core";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { freePort } from "./jupyterlab.js";
import { isPresent, peerFolder } from "./requirements.js";

const codeServer = peerFolder("vscode", "code-server", "out", "node", "entry.js");

/** Why a test that drives VS Code cannot run here, if it cannot. */
export const requireVsCode = (): string | undefined =>
  isPresent(codeServer) ? undefined : "no VS Code (node scripts/vscode-peer.mjs)";

/** No network, no questions; the checks of VS Code's own TypeScript take `%%markdown` for TypeScript. */
const SETTINGS = {
  "extensions.autoCheckUpdates": false,
  "jupyter.askForKernelRestart": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "typescript.validate.enable": false,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
};

/** VS Code (code-server) with Microsoft's Jupyter extension in Chromium, with a folder open. */
export class VsCodeSession {
  private constructor(
    readonly server: ChildProcess,
    readonly browser: Browser,
    readonly page: Page,
    readonly scratch: string,
  ) {}

  static async open(folder: string, cacheFolder: string): Promise<VsCodeSession> {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-vscode-"));
    installKernels(kernelsFolder({ folder: path.join(scratch, "jupyter") }));
    const settings = path.join(scratch, "data", "User", "settings.json");
    fs.mkdirSync(path.dirname(settings), { recursive: true });
    fs.writeFileSync(settings, JSON.stringify(SETTINGS));
    const address = `127.0.0.1:${await freePort()}`;
    const options = {
      ...{ auth: "none", "bind-addr": address, "user-data-dir": path.join(scratch, "data") },
      "extensions-dir": peerFolder("vscode", "extensions"),
    };
    const switches = ["disable-telemetry", "disable-update-check", "disable-workspace-trust"].map(
      (name) => `--${name}`,
    );
    const server = spawn(
      process.execPath,
      [codeServer, ...switches, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])],
      {
        env: {
          ...process.env,
          HOME: path.join(scratch, "home"),
          JUPYTER_PATH: path.join(scratch, "jupyter"),
          PHASECELL_CACHE: cacheFolder,
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    let log = "";
    for (const stream of [server.stdout!, server.stderr!]) stream.on("data", (chunk) => (log += String(chunk)));
    for (let waited = 0; !log.includes("HTTP server listening"); waited++) {
      if (waited > 300 || server.exitCode !== null) throw new Error(`code-server did not start: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    // High, because VS Code draws only the cells that one sees.
    const page = await browser.newPage({ viewport: { width: 1300, height: 2400 } });
    page.setDefaultTimeout(100_000);
    await page.goto(`http://${address}/?folder=${encodeURIComponent(folder)}`);
    return new VsCodeSession(server, browser, page, scratch);
  }

  /** Opens a notebook of the folder. Until VS Code has read its extensions it takes one for text: once more then. */
  async notebook(name: string): Promise<void> {
    const item = this.page.getByRole("treeitem", { name }).first();
    for (let attempt = 0; attempt < 6; attempt++) {
      await item.dblclick({ timeout: 60_000 });
      await this.page.getByRole("tab", { name, selected: true }).waitFor();
      // Markdown is drawn among the outputs: its row is there without being seen.
      const opened = this.cell(0).waitFor({ state: "attached", timeout: 15_000 });
      if (await opened.then(() => true).catch(() => false)) return;
      await this.page.getByRole("tab", { name }).getByRole("button", { name: /Close/ }).first().click();
    }
    throw new Error(`VS Code does not open ${name} as a notebook`);
  }

  /** Kernels that VS Code offers for the notebook; takes one of them. */
  async chooseKernel(name: string): Promise<string[]> {
    await this.page.locator("a.kernel-label:visible").click();
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "Jupyter Kernel..." }).click({ timeout: 60_000 });
    const row = rows.filter({ hasText: name }).first();
    await row.waitFor({ timeout: 60_000 });
    const offered = await rows.allInnerTexts();
    await row.click();
    await this.page.locator("a.kernel-label:visible").filter({ hasText: name }).waitFor({ timeout: 30_000 });
    return offered.map((text) => text.trim().split("\n")[0]!.replace(/\/.*$/, ""));
  }

  cell(index: number): Locator {
    return this.page.locator(".notebook-editor:visible .cell-list-container .monaco-list-row").nth(index);
  }

  /** Presses a button of the notebook's toolbar. */
  async press(button: string): Promise<void> {
    await this.page.locator(".notebook-toolbar-container:visible").getByText(button, { exact: true }).first().click();
  }

  /** Puts a text in place of that of a cell. */
  async type(index: number, code: string): Promise<void> {
    await this.cell(index).locator(".monaco-editor").first().click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(code);
  }

  async edit(index: number, code: string): Promise<void> {
    await this.type(index, code);
    await this.cell(index).locator(".run-button-container a").first().click();
  }

  /** The frame of all outputs: VS Code keeps them in one. */
  async outputs(): Promise<Frame | undefined> {
    for (const frame of this.page.frames())
      if (
        await frame
          .locator("#container .cell_container")
          .count()
          .catch(() => 0)
      )
        return frame;
    return undefined;
  }

  /** Text of all outputs that are drawn. */
  async text(): Promise<string> {
    const frame = await this.outputs();
    return frame ? frame.locator("#container").innerText() : "";
  }

  /** How much is on the canvas of a structure. */
  async drawn(): Promise<number> {
    for (const frame of this.page.frames())
      if (frame.url() === "about:srcdoc")
        return frame.evaluate(() => document.querySelector("canvas")?.toDataURL().length ?? 0);
    return 0;
  }

  /** Figures that VS Code's renderer of Vega-Lite has drawn. */
  async figures(): Promise<number> {
    const counts = await Promise.all(
      this.page.frames().map((frame) =>
        frame
          .locator(".vega-embed")
          .count()
          .catch(() => 0),
      ),
    );
    return Math.max(...counts);
  }

  /** No cell runs any more. */
  async finished(timeout = 240_000): Promise<void> {
    const interrupt = this.page.locator(".notebook-toolbar-container:visible").getByText("Interrupt", { exact: true });
    await interrupt.waitFor({ state: "hidden", timeout });
  }

  /** Cells in sight that ended with an error. */
  failures(): Promise<number> {
    return this.page.locator(".notebook-editor:visible .codicon-notebook-state-error").count();
  }

  async close(): Promise<void> {
    await this.browser.close();
    const gone = new Promise((resolve) => this.server.once("exit", resolve));
    // Its whole group: extension host and kernels.
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      try {
        process.kill(-this.server.pid!, signal);
      } catch {
        break;
      }
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))]);
    }
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }
}
