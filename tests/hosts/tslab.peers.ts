import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { describeWith, requirePeer } from "../support/requirements.js";

const NBCONVERT = "/usr/bin/jupyter-nbconvert";

interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

describeWith([requirePeer(NBCONVERT, "--version")], "a stock tslab kernel", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-tslab-"));
  beforeAll(() => void installKernels(kernelsFolder({ prefix: folder })));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  /** Executes a notebook and returns text and MIME types of its code cells. */
  function execute(file: string): { status: number | null; text: string; mimes: string[]; stderr: string } {
    const { status, stderr } = spawnSync(
      NBCONVERT,
      [
        "--to",
        "notebook",
        "--execute",
        file,
        "--output-dir",
        folder,
        "--output",
        "executed",
        "--ExecutePreprocessor.timeout=240",
      ],
      { encoding: "utf8", env: { ...process.env, JUPYTER_PATH: path.join(folder, "share", "jupyter") } },
    );
    const executed = path.join(folder, "executed.ipynb");
    if (!fs.existsSync(executed)) return { status, text: "", mimes: [], stderr };
    const { cells } = JSON.parse(fs.readFileSync(executed, "utf8")) as { cells: { outputs?: Output[] }[] };
    const outputs = cells.flatMap((cell) => cell.outputs ?? []);
    return {
      status,
      text: outputs.flatMap(({ text = "" }) => text).join(""),
      mimes: outputs.flatMap(({ data = {} }) => Object.keys(data)),
      stderr,
    };
  }

  test("runs 00-tslab.ipynb: the library with explicit await gives the published numbers", () => {
    const { status, text, mimes } = execute(path.resolve("notebooks/00-tslab.ipynb"));
    expect(status).toBe(0);
    // Stillinger-Weber silicon: a from sigma, constants of Cowley, Phys. Rev. Lett. 60, 2379 (1988).
    expect(text).toContain("a = 5.4309 A, E = -4.3366 eV/atom");
    expect(text).toContain("C11 = 151.4, C12 = 76.4, C44 = 56.4 GPa");
    expect(text).toContain("four neighbors: 4.00");
    expect(mimes.filter((mime) => mime === "image/svg+xml")).toHaveLength(2);
  });

  test("a cell that does not type-check fails the notebook", () => {
    const file = path.join(folder, "wrong.ipynb");
    const source = ['import { diamond } from "./dist/index.js";\n', 'const wrong: string = diamond("Si", 5.4);'];
    const cell = { cell_type: "code", id: "a", execution_count: null, metadata: {}, outputs: [], source };
    const metadata = { kernelspec: { name: "phasecell-tslab", display_name: "tslab", language: "typescript" } };
    fs.writeFileSync(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
    fs.rmSync(path.join(folder, "executed.ipynb"), { force: true });
    const { status, stderr } = execute(file);
    expect(status).not.toBe(0);
    expect(stderr).toContain('const wrong: string = diamond("Si", 5.4);');
  });
});
