import path from "node:path";
import { InputError } from "../errors.js";
import { makeFolder, writeBytes, writeText } from "../formats/files.node.js";
import { formatExecutedNotebook } from "./executed-notebook.js";
import { katexStyle } from "./katex-style.node.js";
import { escapeHtml } from "./markup.js";
import { isInside, realFolder } from "./project-folder.node.js";
import { rasterize } from "./rasterize.node.js";
import { renderReport } from "./report.js";
import { collectResults, inputsOf } from "./results.js";
import type { NotebookRun } from "./run-notebook.node.js";

/** The files of a run, by what they hold. */
export interface WrittenRun {
  readonly report: string;
  readonly results: string;
  readonly run: string;
  /** The .ipynb with its outputs. */
  readonly notebook: string;
  /** SVG. */
  readonly figures: readonly string[];
  /** The same as PNG. */
  readonly pictures: readonly string[];
}

/**
 * Writes report.html, results.json, the executed .ipynb, figures as SVG and PNG (the same bytes for the same run), and
 * run.json (times, cache hits).
 */
export async function writeRun(run: NotebookRun, file: string, folder: string): Promise<WrittenRun> {
  const name = path.basename(file);
  const report = await renderReport({
    title: run.notebook.title,
    graph: run.graph,
    cells: run.cells,
    equationStyle: await katexStyle(),
    footer: `Computed by PhaseCell ${escapeHtml(run.versions.phasecell ?? "")} from <code>${escapeHtml(name)}</code>. To make it again: <code>${escapeHtml(commandOf(run, name))}</code>`,
  });
  const results = await collectResults(run.graph);
  const outcome = {
    notebook: name,
    seed: run.seed,
    engine: run.engine,
    versions: run.versions,
    ...results,
    stages: Object.fromEntries(stagesOf(run).map(({ provenance }) => [provenance.stage, provenance])),
  };
  const executed = await formatExecutedNotebook(run.document, run.graph, run.cells);
  const pictures = await Promise.all([...report.figures.values()].map((svg) => rasterize(svg)));
  const drawn = [...report.figures];
  const figures = drawn.map(([figure, svg]): OutputFile => [`figures/${figure}.svg`, svg]);
  const images = drawn.map(([figure], i): OutputFile => [`figures/${figure}.png`, pictures[i]!]);
  const documents: OutputFile[] = [
    ["report.html", report.html],
    ["results.json", toJson(outcome)],
    ["run.json", toJson(logOf(run, name))],
    [name.replace(/(\.\w+)?$/, ".ipynb"), executed],
  ];
  writeFiles(folder, [...documents, ...figures, ...images]);
  const placed = (files: readonly OutputFile[]): string[] => files.map(([file]) => path.join(folder, file));
  const [reportFile, resultsFile, runFile, notebookFile] = placed(documents) as [string, string, string, string];
  return {
    report: reportFile,
    results: resultsFile,
    run: runFile,
    notebook: notebookFile,
    figures: placed(figures),
    pictures: placed(images),
  };
}

type OutputFile = readonly [file: string, content: string | Uint8Array];

/** Writes files into a folder and its folder of figures; a name or a link that leads out of it is refused before. */
function writeFiles(folder: string, files: readonly OutputFile[]): void {
  makeFolder(path.join(folder, "figures"));
  const inside = realFolder(folder);
  for (const [file] of files)
    if (!/^(figures\/)?[^\\/]+$/.test(file) || !isInside(realFolder(path.dirname(path.join(folder, file))), inside))
      throw new InputError({ what: "output", value: file, expected: `a place inside ${folder}` });
  for (const [file, content] of files)
    if (typeof content === "string") writeText(path.join(folder, file), content);
    else writeBytes(path.join(folder, file), content);
}

const stagesOf = (run: NotebookRun) => run.cells.flatMap(({ stages }) => stages);

/** What may differ between two runs of the same notebook: times and what the cache served. */
function logOf(run: NotebookRun, notebook: string): unknown {
  const stages = stagesOf(run);
  return {
    notebook,
    milliseconds: Math.round(run.milliseconds),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    stagesFromCache: stages.filter(({ cached }) => cached).length,
    stagesComputed: stages.filter(({ cached }) => !cached).length,
    stages: stages.map(({ provenance, cached, milliseconds, computedIn }) => ({
      stage: provenance.stage,
      key: provenance.key,
      cached,
      milliseconds: Math.round(milliseconds),
      computedIn: Math.round(computedIn),
    })),
  };
}

function commandOf(run: NotebookRun, name: string): string {
  const settings = inputsOf(run.graph).map(([input, value]) => ` --set ${input}=${String(value)}`);
  return `phasecell run ${name}${settings.join("")} --seed ${run.seed}`;
}

const toJson = (value: unknown): string =>
  `${JSON.stringify(value, (_, item) => (ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : (item as unknown)), 2)}\n`;
