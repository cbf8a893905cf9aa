import { InputError } from "../errors.js";
import { makeFolder } from "../formats/files.node.js";
import { isInside, projectFolder, realFile } from "../notebook/project-folder.node.js";
import { runNotebook } from "../notebook/run-notebook.node.js";
import { writeRun } from "../notebook/write-run.node.js";
import { type CommandIo, defineCommand, printResult } from "./command.js";
import { formatDuration } from "./progress-bars.js";
import { version } from "./version.node.js";

export const command = defineCommand({
  name: "run",
  summary: "a notebook (.html or .ipynb) without a browser: figures, numbers and a report",
  usage: "run NOTEBOOK [--set name=value]... [--out DIR]",
  options: {
    set: { type: "string", multiple: true, placeholder: "NAME=VALUE", help: "sets an input of the notebook" },
    out: { type: "string", placeholder: "DIR", help: "where results go (results/<notebook>)" },
    seed: { type: "string", placeholder: "N", help: "seed of every stage (0)" },
    cache: { type: "string", placeholder: "DIR", help: "where stages are kept (.cache/stages)" },
    trust: { type: "boolean", help: "run a notebook from outside this project; let cells import modules of Node" },
    "allow-read": {
      type: "string",
      multiple: true,
      placeholder: "DIR",
      help: "cells may read files of this folder, too",
    },
    "no-cache": { type: "boolean", help: "compute everything anew and keep nothing" },
  },
  async run(args, io) {
    const [file, ...others] = args.positionals;
    if (file === undefined || others.length)
      throw new InputError({
        what: "notebook",
        value: args.positionals.join(" "),
        expected: "one file: phasecell run NOTEBOOK",
      });
    const { values } = args;
    if (!values.trust) checkTrusted(file);
    const folder = values.out ?? `results/${baseName(file)}`;
    makeFolder(folder);
    const cacheFolder = values["no-cache"] ? undefined : (values.cache ?? ".cache/stages");
    if (cacheFolder !== undefined) makeFolder(cacheFolder);
    const start = performance.now();
    const restore = consoleToStderr(io);
    try {
      const run = await runNotebook(file, {
        settings: parseSettings(values.set ?? []),
        readable: values["allow-read"] ?? [],
        nodeModules: values.trust ?? false,
        seed: parseSeed(values.seed ?? "0"),
        ...(cacheFolder === undefined ? {} : { cacheFolder }),
        version: version(),
        library: () => import("../index.js"),
        warn: (line) => void io.stderr.write(`phasecell: ${line}\n`),
        signal: io.signal,
        onProgress: io.onProgress,
      });
      const written = await writeRun(run, file, folder);
      const stages = run.cells.flatMap((cell) => cell.stages);
      const cached = stages.filter((stage) => stage.cached).length;
      const milliseconds = Math.round(performance.now() - start);
      printResult(
        args,
        io,
        { ...written, milliseconds, stagesFromCache: cached, stagesComputed: stages.length - cached },
        `${[written.report, written.results, written.run, written.notebook, ...written.figures, ...written.pictures].join("\n")}\n${stages.length - cached} ${stages.length - cached === 1 ? "stage" : "stages"} computed, ${cached} from the cache, ${formatDuration(milliseconds)} taken`,
      );
      run.graph.dispose();
    } finally {
      restore();
    }
  },
});

/** A notebook is a program: one from elsewhere runs only when the user says so. */
function checkTrusted(file: string): void {
  const project = projectFolder(".");
  if (isInside(realFile(file), project)) return;
  throw new InputError({
    what: "notebook, a program from outside this project",
    value: file,
    expected: `one inside ${project}`,
    attempt: "--trust",
  });
}

const baseName = (file: string): string => file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");

function parseSettings(given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((setting) => {
      const at = setting.indexOf("=");
      if (at < 1) throw new InputError({ what: "--set", value: setting, expected: "name=value" });
      return [setting.slice(0, at), setting.slice(at + 1)] as const;
    }),
  );
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(seed) || seed < 0)
    throw new InputError({ what: "--seed", value: text, expected: "a whole number from 0 to 2^53 - 1" });
  return seed;
}

/** What cells log is not a result: it goes to stderr. */
function consoleToStderr(io: CommandIo): () => void {
  const kept = { log: console.log, info: console.info, debug: console.debug };
  const write = (...parts: unknown[]): void => {
    io.stderr.write(`${parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ")}\n`);
  };
  Object.assign(console, { log: write, info: write, debug: write });
  return () => void Object.assign(console, kept);
}
