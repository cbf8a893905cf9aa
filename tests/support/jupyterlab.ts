import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { jupyterLab } from "./requirements.js";

/** A notebook of Jupyter from the sources of code cells. */
export const notebookOf = (cells: readonly string[], name = "phasecell"): string =>
  JSON.stringify({
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name, display_name: "PhaseCell (TypeScript)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  });

/** Writes a twin in its short setting, with code cells after its own; the number of its own cells. */
export function writeShortTwin(name: string, file: string, more: readonly string[]): number {
  const twin = JSON.parse(fs.readFileSync(`notebooks/${name}.ipynb`, "utf8")) as {
    cells: { source: string[]; id: string }[];
  };
  for (const cell of twin.cells)
    cell.source = cell.source.map((line) =>
      line.replace('value: "full"', 'value: "short"').replace("../data/", `${path.resolve("data")}/`),
    );
  const { length } = twin.cells;
  const extra = more.map((source, i) => ({
    ...{ cell_type: "code", id: `extra-${i}`, execution_count: null, metadata: {}, outputs: [], source: [source] },
  }));
  twin.cells.push(...extra);
  fs.writeFileSync(file, JSON.stringify(twin));
  return length;
}

/** Front ends of Jupyter: program, name of the application in settings, where a notebook opens. */
const FRONT_ENDS = {
  lab: { program: "jupyter-lab", application: "LabApp", place: "doc/tree" },
  notebook: { program: "jupyter-notebook", application: "JupyterNotebookApp", place: "notebooks" },
} as const;

/** A JupyterLab, or a Notebook 7, of our own in Chromium, with a notebook open. */
export class LabSession {
  private constructor(
    readonly server: ChildProcess,
    readonly browser: Browser,
    readonly page: Page,
    readonly scratch: string,
    /** What the page said on its console as errors. */
    readonly complaints: string[],
  ) {}

  /** Opens a notebook below a folder. */
  static async open(
    folder: string,
    notebook: string,
    cacheFolder: string,
    frontEnd: keyof typeof FRONT_ENDS = "lab",
  ): Promise<LabSession> {
    const { program, application, place } = FRONT_ENDS[frontEnd];
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-lab-"));
    installKernels(kernelsFolder({ folder: path.join(scratch, "jupyter") }));
    const quiet = path.join(scratch, "settings", "@jupyterlab", "apputils-extension");
    fs.mkdirSync(quiet, { recursive: true });
    fs.writeFileSync(
      path.join(quiet, "notification.jupyterlab-settings"),
      '{ "fetchNews": "false", "checkForUpdates": false }',
    );
    const port = await freePort();
    const settings = {
      ...{ "IdentityProvider.token": "''", "ServerApp.port": port, "ServerApp.root_dir": folder },
      ...{
        "ServerApp.allow_root": "True",
        "ServerApp.open_browser": "False",
        [`${application}.expose_app_in_browser`]: "True",
      },
    };
    const server = spawn(
      jupyterLab("bin", program),
      Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
      {
        env: {
          ...process.env,
          JUPYTER_PATH: path.join(scratch, "jupyter"),
          JUPYTER_CONFIG_DIR: path.join(scratch, "config"),
          JUPYTER_DATA_DIR: path.join(scratch, "data"),
          JUPYTER_RUNTIME_DIR: path.join(scratch, "runtime"),
          JUPYTERLAB_SETTINGS_DIR: path.join(scratch, "settings"),
          PHASECELL_CACHE: cacheFolder,
        },
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
      },
    );
    let log = "";
    server.stderr!.on("data", (chunk) => {
      log += String(chunk);
    });
    for (let waited = 0; !log.includes(`http://127.0.0.1:${port}/`); waited++) {
      if (waited > 300 || server.exitCode !== null) throw new Error(`${program} did not start: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    const page = await browser.newPage({ viewport: { width: 1200, height: 1500 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/${place}/${notebook}`);
    await page.locator(".jp-Notebook .jp-Cell").first().waitFor({ timeout: 60_000 });
    // It asks which kernel, unless it has a session already.
    await page
      .locator(".jp-Dialog button.jp-mod-accept")
      .click({ timeout: 10_000 })
      .catch(() => undefined);
    const session = new LabSession(server, browser, page, scratch, complaints);
    await session.idle();
    return session;
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-Cell").nth(index);
  }

  /** Text of a cell's output area. */
  async output(index: number): Promise<string> {
    const area = this.cell(index).locator(".jp-Cell-outputWrapper .jp-OutputArea").first();
    return (await area.count()) ? (await area.innerText()).trim() : "";
  }

  /** Runs a command of JupyterLab, as a menu does. */
  async command(name: string): Promise<void> {
    await this.page.evaluate((id) => {
      void (globalThis as never as Lab).jupyterapp.commands.execute(id);
    }, name);
  }

  /** The kernel is there, and no cell waits. */
  async idle(timeout = 120_000): Promise<void> {
    await this.page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').waitFor({ timeout });
    await this.page.waitForFunction(
      () => ![...document.querySelectorAll(".jp-InputArea-prompt")].some((prompt) => prompt.textContent?.includes("*")),
      undefined,
      { timeout },
    );
  }

  /** Replaces the text of a cell and runs it. */
  async edit(index: number, code: string): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(code);
    await this.run();
  }

  async run(): Promise<void> {
    await this.page.keyboard.press("Control+Enter");
  }

  async close(): Promise<void> {
    await this.browser.close();
    const gone = new Promise((resolve) => this.server.once("exit", resolve));
    // Twice: the first one asks, and JupyterLab ends its kernels.
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (this.server.exitCode !== null || this.server.signalCode !== null) break;
      process.kill(this.server.pid!, signal);
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
    }
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }
}

interface Lab {
  readonly jupyterapp: { readonly commands: { execute(id: string): Promise<unknown> } };
}

/** A port of this machine that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
