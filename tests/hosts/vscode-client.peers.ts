import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { type Exchange, JupyterClient } from "../support/jupyter-client.js";
import { scratchFolder } from "../support/scratch-folder.js";

// What VS Code's Jupyter extension does otherwise than JupyterLab, read from its source (src/kernels/raw,
// src/kernels/execution): here without VS Code; tests/hosts/vscode.peers.ts drives the real one.
describe("a kernel that VS Code started", () => {
  const folder = scratchFolder("vscode client");
  let client: JupyterClient;
  beforeAll(async () => {
    client = await (await JupyterClient.start({ folder: folder.path })).ready();
  });
  afterAll(() => client.stop());

  /** Cells are named by their place in the editor; what is deleted is never told; an error stops nothing. */
  const run = (code: string, cell: string): Promise<Exchange> =>
    client.ask(
      "execute_request",
      { code, silent: false, store_history: true, allow_stdin: true, stop_on_error: false },
      { metadata: { cellId: `vscode-notebook-cell:/notebooks/a%20b.ipynb#${cell}`, trusted: true } },
    );
  const shown = ({ published }: Exchange): unknown => {
    const first = published.find(({ header }) => header.msg_type === "display_data");
    const { display_id } = first!.content.transient as { display_id: string };
    return client.shown(display_id)?.["text/plain"];
  };

  test("is found by its specification: the connection file is an argument of its own, interrupts are messages", () => {
    const { phasecell } = installKernels(kernelsFolder({ folder: folder.at("jupyter") }));
    const spec = JSON.parse(fs.readFileSync(phasecell, "utf8"));
    expect(spec).toMatchObject({ language: "typescript", interrupt_mode: "message" });
    // Within another argument VS Code would put a path with spaces between quotes, which nobody takes off.
    expect(spec.argv.filter((one: string) => one.includes("{connection_file}"))).toEqual(["{connection_file}"]);
    expect(
      spec.argv
        .slice(0, -1)
        .filter((one: string) => path.isAbsolute(one))
        .every((one: string) => fs.existsSync(one)),
    ).toBe(true);
  });

  test("says what it is on both channels", async () => {
    for (const channel of ["control", "shell"] as const) {
      const { reply } = await client.ask("kernel_info_request", {}, { channel });
      expect(reply.content).toMatchObject({ status: "ok", language_info: { name: "typescript" } });
    }
  });

  test("a name that stands twice is that of the cell that was run last; the other one says so, and can take it back", async () => {
    const first = await run('const speed = 1;\ndisplay("first " + speed);', "W0");
    const dependent = await run('display("twice " + 2 * speed);', "W1");
    // The first cell was deleted, or cut and pasted: VS Code gives it another name.
    expect((await run("const speed = 5;", "W2")).reply.content.status).toBe("ok");
    expect(shown(dependent)).toContain("twice 10");
    expect(shown(first)).toMatch(/DuplicateNameError: .*speed is already defined by cell \[\d+\]/);
    await run("0;", "W2");
    expect(shown(dependent)).toContain("twice 2");
    expect(shown(first)).toBe("first 1");
    await run("const speed = 7;", "W2");
    expect((await run('const speed = 3;\ndisplay("first " + speed);', "W0")).reply.content.status).toBe("ok");
    expect(shown(dependent)).toContain("twice 6");
  });

  test("requests that wait behind one that fails are run", async () => {
    const [failed, next] = await Promise.all([run('throw new Error("x");', "W3"), run("1 + 1", "W4")]);
    expect(failed.reply.content.status).toBe("error");
    expect(shown(next)).toBe("2");
  });

  test("updates without a request in progress answer the one that ran their cell: VS Code listens to nothing else", async () => {
    await run("const size = view(Inputs.range([0, 9], { value: 2, step: 1 }));", "W5");
    const dependent = await run('display("size " + size);', "W6");
    const slider = client.heard.findLast(
      ({ header, content }) =>
        header.msg_type === "comm_open" &&
        (content.data as { state: { _model_name?: string } }).state._model_name === "FloatSliderModel",
    )!;
    const before = client.heard.length;
    const moved = { method: "update", state: { value: 4 }, buffer_paths: [] };
    client.send("comm_msg", { comm_id: slider.content.comm_id, data: moved });
    await expect.poll(() => shown(dependent), { timeout: 10_000 }).toContain("size 4");
    const update = client.heard.slice(before).find(({ header }) => header.msg_type === "update_display_data")!;
    const { msg_id } = dependent.published[0]!.parent as { msg_id: string };
    expect(update.parent).toMatchObject({ msg_id });
  });

  test("a signal ends it, too", async () => {
    const gone = new Promise((resolve) => client.kernel.once("exit", (_, signal) => resolve(signal)));
    client.kernel.kill("SIGTERM");
    expect(await gone).toBe("SIGTERM");
  });
});
