import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installKernels, kernelsFolder } from "../../src/cli/kernel-spec.node.js";
import { notebookOf } from "../support/jupyterlab.js";
import { phasecell } from "../support/phasecell.js";
import { describeWith, isPresent, jupyterLab, PYTHON, requirePeer } from "../support/requirements.js";
import { diskEntries } from "../support/stage-entries.js";

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, string | string[]>>;
  readonly ename?: string;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-nbclient-"));
const env = { ...process.env, JUPYTER_PATH: path.join(folder, "jupyter"), PHASECELL_CACHE: path.join(folder, "cache") };
beforeAll(() => void installKernels(kernelsFolder({ folder: path.join(folder, "jupyter") })));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs cells in an order, some of them twice, as a person would; the notebook as it is then saved. */
const RUN_IN_ORDER = `
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, timeout=120, kernel_name="phasecell", allow_errors=True)
with client.setup_kernel():
    for index in map(int, sys.argv[2].split(",")):
        client.execute_cell(notebook.cells[index], index)
print(nbformat.writes(notebook))
`;

function runInOrder(python: string, sources: readonly string[], order: readonly number[]): Output[][] {
  const file = path.join(folder, "order.ipynb");
  fs.writeFileSync(file, notebookOf(sources));
  const { status, stdout, stderr } = spawnSync(python, ["-c", RUN_IN_ORDER, file, order.join(",")], {
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  const { cells } = JSON.parse(stdout) as { cells: { outputs: Output[] }[] };
  return cells.map(({ outputs }) => outputs);
}
const text = (outputs: readonly Output[]): string => outputs.flatMap(({ data }) => data?.["text/plain"] ?? []).join("");

const pythons: readonly (readonly [string, string, string | undefined])[] = [
  ["Debian's nbclient", PYTHON, requirePeer(PYTHON, "-c", "import nbclient, ipykernel")],
  [
    "nbclient of JupyterLab",
    jupyterLab("bin", "python"),
    isPresent(jupyterLab("bin", "python")) ? undefined : "no JupyterLab",
  ],
];
for (const [name, python, missing] of pythons)
  describeWith([missing], name, () => {
    test("saves what dependents show after a cell above ran again", () => {
      const sources = [
        "const temperature: number = 300;",
        'console.log("running");\nconst energy = 1.5 * temperature;\ndisplay(energy);',
        "late + 1",
        "const late = energy;",
        "view(Inputs.range([0, 1]))",
      ];
      const first = runInOrder(python, sources, [0, 1, 2, 3, 4]);
      expect(first.map(text)).toEqual(["", "running\n450", "451", "", "0.5 (0 to 1)".replace(/^/, "range: ")]);
      // nbclient keeps the error of the cell that healed: it takes nothing for a cell that is not running but an update.
      expect(first[2]!.map(({ output_type, ename }) => ename ?? output_type)).toEqual([
        "display_data",
        "ReferenceError",
      ]);
      // The same cell a second and a third time: its dependents show one result each, the last.
      const again = runInOrder(python, sources.slice(0, 2), [0, 1, 0, 1, 0]);
      expect(again.map(text)).toEqual(["", "running\n450"]);
      expect(again[1]).toHaveLength(1);
    });
  });

const NBCONVERT = jupyterLab("bin", "jupyter-nbconvert");
const twins = fs.readdirSync("notebooks").filter((file) => file.endsWith(".ipynb") && !file.startsWith("00-"));
describeWith([isPresent(NBCONVERT) ? undefined : "no JupyterLab (node scripts/peers.mjs)"], "nbconvert", () => {
  test.each(twins)("runs %s in its short setting, with the numbers of the headless run", (twin) => {
    const cache = path.join(folder, `${twin}-stages`);
    const { status, stderr } = spawnSync(
      NBCONVERT,
      ["--to", "notebook", "--execute", path.resolve("notebooks", twin), "--output-dir", folder, "--output", twin],
      { encoding: "utf8", env: { ...env, PHASECELL_SET: "effort=short", PHASECELL_CACHE: cache }, timeout: 280_000 },
    );
    expect(stderr).not.toMatch(/Error/);
    expect(status).toBe(0);
    const { cells } = JSON.parse(fs.readFileSync(path.join(folder, twin), "utf8")) as {
      cells: { outputs?: Output[] }[];
    };
    const outputs = cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const figures = outputs.filter(({ data }) => data?.["application/vnd.vegalite.v5+json"]);
    for (const { data } of figures) expect(data).toHaveProperty(["image/svg+xml"]);
    expect(outputs.some(({ data }) => data && ("image/svg+xml" in data || "text/html" in data))).toBe(true);

    // Without a browser the same stages have the same keys and the same bits.
    const html = twin.replace(/ipynb$/, "html");
    const short = fs.readFileSync(path.join("notebooks", html), "utf8").includes("const effort = view(");
    const headless = path.join(folder, `${twin}-headless`);
    const given = short ? ["--set", "effort=short"] : [];
    phasecell("run", `notebooks/${html}`, ...given, "--cache", headless, "--out", path.join(folder, "out"));
    const [own, other] = [diskEntries(cache), diskEntries(headless)];
    expect(other.size).toBeGreaterThan(0);
    for (const [key, { provenance, value }] of other)
      expect(own.get(key)?.value, `${provenance.stage} of ${twin}`).toEqual(value);
  });
});
