import fs from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { notebookOf, writeShortTwin } from "../support/jupyterlab.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { scratchFolder } from "../support/scratch-folder.js";
import { requireVsCode, VsCodeSession } from "../support/vscode.js";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: code of cells
const CELLS = [
  'const factor = view(Inputs.range([1, 9], { label: "Factor", value: 2, step: 1 }));',
  "display(`factor ${factor}, run ${Math.random()}`);",
  "display(`apart, run ${Math.random()}`);",
  "const own = 10;",
  "display(`own ${own}, run ${Math.random()}`);",
  'import { diamond } from "phasecell";\nconst crystal = diamond("Si", 5.43);',
  "crystal",
  "0;",
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: code of cells

describeWith([requirePeer("/usr/bin/chromium", "--version"), requireVsCode()], "VS Code", () => {
  const { path: folder, at, write } = scratchFolder("vscode");
  let code: VsCodeSession;
  beforeAll(async () => {
    write("cells.ipynb", notebookOf(CELLS));
    writeShortTwin("01-silicon", at("silicon.ipynb"), []);
    code = await VsCodeSession.open(folder, at("cache"));
  }, 120_000);
  afterAll(() => code?.close(), 30_000);

  const shot = (name: string): Promise<unknown> => {
    fs.mkdirSync("results/vscode", { recursive: true });
    return code.page.screenshot({ path: `results/vscode/${name}.png` });
  };
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await shot("failed");
  });
  const line = async (start: string): Promise<string | undefined> =>
    (await code.text()).split("\n").find((one) => one.startsWith(start));
  const shows = (start: string, timeout = 60_000) => expect.poll(() => line(start), { timeout }).toBeDefined();
  const runs = async () => [await line("factor"), await line("apart"), await line("own")];

  test("finds the kernel, and runs all cells: text, a slider, a structure", async () => {
    await code.notebook("cells.ipynb");
    expect(await code.chooseKernel("PhaseCell (TypeScript)")).toContain("PhaseCell (TypeScript)");
    await code.press("Run All");
    await shows("factor 2, run 0.", 120_000);
    await shows("own 10, run 0.");
    await shows("Si8, a = 5.430");
    await expect.poll(() => code.drawn(), { timeout: 20_000 }).toBeGreaterThan(20_000);
    await shot("run-all");
  });

  test("a changed cell runs its dependents again, and nothing else", async () => {
    const before = await runs();
    await code.edit(3, "const own = 11;");
    await shows("own 11");
    const after = await runs();
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  });

  test("dragging a slider runs its dependents again, and nothing else", async () => {
    const before = await runs();
    const handle = (await code.outputs())!.locator(".ui-slider-handle, .noUi-handle").first();
    const { x, y, width, height } = (await handle.boundingBox())!;
    await code.page.mouse.move(x + width / 2, y + height / 2);
    await code.page.mouse.down();
    await code.page.mouse.move(x + 130, y + height / 2, { steps: 8 });
    await code.page.mouse.up();
    await expect.poll(() => line("factor"), { timeout: 20_000 }).toMatch(/^factor [3-9]/);
    expect((await runs()).slice(1)).toEqual(before.slice(1));
    await shot("slider");
  });

  test("a cell that takes the place of a deleted one has its names: VS Code does not tell what is gone", async () => {
    // A new cell has another id; so has one that was cut and pasted.
    await code.edit(7, "const own = 21;");
    await shows("own 21");
    await code.edit(7, "0;");
    await shows("own 11");
  });

  test("completion knows other cells, with types", async () => {
    const offered = async (): Promise<string[]> => {
      await code.type(7, "");
      await code.page.keyboard.press("Delete");
      await code.page.keyboard.type("crystal.");
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await code.page.keyboard.press("Control+Space");
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return code.page.locator(".suggest-widget:visible .monaco-list-row").allInnerTexts();
    };
    // VS Code takes only what comes at once: the first time the compiler may still be loading.
    await expect.poll(offered, { timeout: 30_000 }).toContain("positions");
    await shot("completion");
    await code.page.keyboard.press("Escape");
  });

  test("errors are said by the lines of the cell", async () => {
    await code.edit(7, 'const a = 1;\nif (a > 0) throw new RangeError("too hot");');
    await shows("RangeError: too hot");
    expect(await line("---->")).toMatch(/^---->\s+2 if \(a > 0\)/);
  });

  test("a long cell is interrupted, and the kernel goes on", async () => {
    await code.edit(7, "for (;;) await new Promise((resolve) => setTimeout(resolve, 50));");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const start = performance.now();
    await code.press("Interrupt");
    await shows("Interrupted: interrupted", 20_000);
    console.info(`VS Code: interrupted after ${((performance.now() - start) / 1000).toFixed(2)} s`);
    await code.edit(7, 'display("answer " + 6 * 7);');
    await shows("answer 42");
  });

  test("a kernel that dies is said to be dead, and a new one runs the notebook", async () => {
    await code.edit(
      7,
      'const { process } = globalThis as unknown as { process: { kill(id: number, signal: string): void; pid: number } };\nprocess.kill(process.pid, "SIGKILL");',
    );
    await code.page.getByText("died", { exact: false }).first().waitFor({ timeout: 30_000 });
    await shot("dead");
    await code.type(7, 'display("answer " + 6 * 7);');
    await code.press("Restart");
    await code.press("Run All");
    await shows("factor 2, run 0.", 60_000);
    await shows("answer 42", 60_000);
  });

  test("notebook 01: figures are drawn by VS Code, and after a restart all comes from the cache", async () => {
    await code.notebook("silicon.ipynb");
    const run = async (): Promise<void> => {
      await code.press("Run All");
      // Asked for the kernel: the first one offered is the one that the notebook names.
      if (await code.page.locator(".quick-input-widget:visible").count()) await code.page.keyboard.press("Enter");
      await code.page.locator(".notebook-toolbar-container:visible").getByText("Interrupt").waitFor();
      await code.finished();
    };
    await run();
    const computed = fs.readdirSync(at("cache"), { recursive: true }).length;
    expect(await code.failures()).toBe(0);
    await code.page.mouse.move(380, 1200);
    // VS Code draws what comes in sight.
    const scrolled = async (): Promise<number> => {
      await code.page.mouse.wheel(0, 2000);
      return code.figures();
    };
    await expect.poll(scrolled, { timeout: 60_000, interval: 100 }).toBeGreaterThan(0);
    await shot("silicon");
    await code.press("Restart");
    const start = performance.now();
    await run();
    console.info(
      `VS Code: restarted and run from the cache after ${((performance.now() - start) / 1000).toFixed(2)} s`,
    );
    expect(await code.failures()).toBe(0);
    expect(fs.readdirSync(at("cache"), { recursive: true }).length).toBe(computed);
  }, 300_000);
});
