import path from "node:path";
import { makeFolder, writeText } from "../formats/files.node.js";
import { katexStyle } from "./katex-style.node.js";
import { escapeHtml } from "./markup.js";
import { renderReport } from "./report.js";
import { collectResults } from "./results.js";
import type { NotebookRun } from "./run-notebook.node.js";

/** The files of a run, by what they hold. */
export interface WrittenRun {
  readonly report: string;
  readonly results: string;
  readonly run: string;
  readonly figures: readonly string[];
}

/** Writes report.html, results.json, figures as SVG (the same bytes for the same run) and run.json (times, cache hits). */
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
  makeFolder(path.join(folder, "figures"));
  const write = (file: string, text: string): string => {
    const place = path.join(folder, file);
    writeText(place, text);
    return place;
  };
  return {
    report: write("report.html", report.html),
    results: write("results.json", toJson(outcome)),
    run: write("run.json", toJson(logOf(run, name))),
    figures: [...report.figures].map(([figure, svg]) => write(`figures/${figure}.svg`, svg)),
  };
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
  const settings = [...run.graph.controls].map(([input, { value }]) => ` --set ${input}=${String(value)}`);
  return `phasecell run ${name}${settings.join("")} --seed ${run.seed}`;
}

const toJson = (value: unknown): string =>
  `${JSON.stringify(value, (_, item) => (ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : (item as unknown)), 2)}\n`;
