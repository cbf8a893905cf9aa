import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { SOURCE_DIGEST } from "../build-digest.generated.js";
import { ComputationError, InputError } from "../errors.js";
import type { ModuleSource } from "./compile-page.node.js";
import { PAGE_STYLE } from "./page-style.js";

/** The program of all pages, bundled: scripts, workers, fonts, styles. */
export interface PageApp {
  /** Folder with its files. */
  readonly folder: string;
  /** File names in the folder. */
  readonly script: string;
  readonly styles: readonly string[];
}

export interface BuildAppOptions {
  /** What notebooks import, by key. */
  readonly modules: ReadonlyMap<string, ModuleSource>;
  /** Bundles are kept here and used again while nothing they are made of changed. */
  readonly cacheFolder: string;
}

/** Built JavaScript of this package, also when this module itself runs from its TypeScript source (in tests). */
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Bundles the page's program with everything it may load from node_modules: nothing comes from another host. */
export async function buildPageApp({ modules, cacheFolder }: BuildAppOptions): Promise<PageApp> {
  const local = [...modules].filter(([key]) => key.startsWith("./"));
  const content = await Promise.all(local.map(([, { specifier }]) => readFile(specifier, "utf8")));
  const recipe = JSON.stringify([SOURCE_DIGEST, PAGE_STYLE, [...modules], content]);
  const folder = path.resolve(cacheFolder, createHash("sha256").update(recipe).digest("hex").slice(0, 16));
  const record = path.join(folder, "app.json");
  if (existsSync(record)) return { ...(JSON.parse(await readFile(record, "utf8")) as Omit<PageApp, "folder">), folder };
  const work = `${folder}.${process.pid}`;
  await writeEntries(work, modules);
  try {
    const built = await bundle(work, modules);
    await writeFile(path.join(work, "app/app.json"), JSON.stringify(built));
    await rm(folder, { recursive: true, force: true });
    await rename(path.join(work, "app"), folder);
    return { ...built, folder };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The entries of the bundle: the page, and the worker that computes its stages. */
async function writeEntries(work: string, modules: ReadonlyMap<string, ModuleSource>): Promise<void> {
  const loaders = [...modules.keys()].map(
    (key) => `  ${JSON.stringify(key)}: () => import(${JSON.stringify(`notebook:${key}`)}),`,
  );
  const table = `const modules = {\n${loaders.join("\n")}\n};\n`;
  const from = (name: string): string => JSON.stringify(path.join(dist, "page", name));
  await mkdir(work, { recursive: true });
  await writeFile(path.join(work, "page.css"), PAGE_STYLE);
  await writeFile(
    path.join(work, "page.js"),
    `import "katex/dist/katex.min.css";
import "@observablehq/inputs/dist/index.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "@fontsource-variable/source-serif-4/wght-italic.css";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/spline-sans-mono/wght.css";
import "./page.css";
import { startPage } from ${from("start.js")};
${table}startPage({
  modules,
  startStageWorker: () => new Worker(new URL("./stages.js", import.meta.url), { type: "module" }),
  startLiveWorker: () => new Worker(new URL("./live.js", import.meta.url), { type: "module" }),
});
`,
  );
  await writeFile(
    path.join(work, "stages.js"),
    `import { serveStages } from ${from("serve-stages.js")};\n${table}serveStages(modules);\n`,
  );
  await writeFile(path.join(work, "live.js"), `import { serveLive } from ${from("serve-live.js")};\nserveLive();\n`);
}

async function bundle(work: string, modules: ReadonlyMap<string, ModuleSource>): Promise<Omit<PageApp, "folder">> {
  const { build } = await import("vite");
  const resolver = (): Plugin => notebookModules(modules);
  const output = await build({
    root: work,
    base: "./",
    configFile: false,
    logLevel: "error",
    plugins: [resolver(), newestFonts()],
    worker: { format: "es", plugins: () => [resolver()], rolldownOptions: { output: { keepNames: true } } },
    build: {
      target: "es2022",
      outDir: path.join(work, "app"),
      assetsDir: "",
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: path.join(work, "page.js"), output: { keepNames: true } },
    },
  });
  const files = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
  const entry = files.find((file) => file.type === "chunk" && file.isEntry);
  if (!entry) throw new ComputationError({ what: "bundling the page", expected: "an entry" });
  const styles = files.flatMap(({ fileName }) => (fileName.endsWith(".css") ? [fileName] : []));
  return { script: entry.fileName, styles };
}

/** Every browser that runs these pages knows woff2: older formats of the same fonts are left out. */
const newestFonts = (): Plugin => ({
  name: "newest-fonts",
  enforce: "pre",
  transform: (code, id) =>
    /\.css$/.test(id) ? code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("[^"]*"\)/g, "") : null,
});

/** Finds what notebooks import from where they lie, then from this package. */
function notebookModules(modules: ReadonlyMap<string, ModuleSource>): Plugin {
  const PREFIX = "notebook:";
  return {
    name: "notebook-modules",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.startsWith(PREFIX)) {
        if (source.startsWith(".") || path.isAbsolute(source) || source.startsWith("#")) return null;
        // The entries lie outside of this package: what they need is found from inside it.
        const fromHere = path.join(dist, "index.js");
        return importer === undefined || importer === fromHere
          ? null
          : ((await this.resolve(source, importer, { skipSelf: true })) ??
              (await this.resolve(source, fromHere, { skipSelf: true })));
      }
      const key = source.slice(PREFIX.length);
      if (key === "phasecell") return path.join(dist, "index.js");
      const { specifier, importer: notebook } = modules.get(key)!;
      const found =
        (await this.resolve(specifier, notebook, { skipSelf: true })) ??
        (await this.resolve(specifier, path.join(dist, "index.js"), { skipSelf: true }));
      if (!found || found.external)
        throw new InputError({
          what: `${path.basename(notebook)}: import`,
          value: key,
          expected: "an installed package",
        });
      return found;
    },
  };
}
