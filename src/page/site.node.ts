import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../errors.js";
import { makeFolder } from "../formats/files.node.js";
import { diskStore } from "../notebook/disk-store.node.js";
import type { LongWork } from "../progress.js";
import { buildPageApp, type PageApp } from "./build-app.node.js";
import { type CompiledPage, compilePage, type ModuleSource } from "./compile-page.node.js";
import { indexDocument } from "./index-page.node.js";
import { homeOf, ISOLATION_FILE, ISOLATION_WORKER, notebookDocument } from "./site-page.js";

export interface SiteOptions extends LongWork {
  /** Folder that the site mirrors. */
  readonly root: string;
  readonly version: string;
  /** Where bundles and the verdicts of the type checker are kept. */
  readonly cacheFolder: string;
}

/** Every module that a set of notebooks imports. */
export const modulesOf = (pages: readonly CompiledPage[]): Map<string, ModuleSource> =>
  new Map(pages.flatMap(({ modules }) => [...modules]));

/** Compiles notebooks with the verdicts of earlier builds remembered. */
export async function compilePages(
  files: readonly string[],
  { root, version, cacheFolder, onProgress, signal }: SiteOptions,
): Promise<CompiledPage[]> {
  const store = diskStore(path.join(cacheFolder, "types"));
  const pages: CompiledPage[] = [];
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ task: "notebooks", done: i, total: files.length, note: path.basename(file) });
    pages.push(await compilePage(file, { root, version, store }));
  }
  onProgress?.({ task: "notebooks", done: files.length, total: files.length });
  return pages;
}

/**
 * Writes a static site: the notebooks, their data, the program, an index. All addresses are relative, nothing is loaded
 * from elsewhere. Files of an earlier site in the same folder are replaced.
 */
export async function buildSite(files: readonly string[], folder: string, options: SiteOptions): Promise<string[]> {
  const pages = await compilePages(files, options);
  const app = await buildPageApp({ modules: modulesOf(pages), cacheFolder: path.join(options.cacheFolder, "app") });
  makeFolder(folder);
  await clearSite(folder);
  await copyApp(app, path.join(folder, "app"));
  const written: string[] = [];
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
    written.push(path.join(folder, file));
  };
  await write(ISOLATION_FILE, ISOLATION_WORKER);
  for (const { notebook, attachments } of pages) {
    await write(notebook.file, notebookDocument(notebook, { ...app, home: homeOf(notebook.file) }));
    for (const file of attachments)
      await cp(path.join(options.root, file), path.join(folder, file), { recursive: true });
  }
  await write(
    "index.html",
    await indexDocument(
      pages.map(({ notebook }) => notebook),
      { ...app, root: options.root },
    ),
  );
  return written;
}

/** What a site may hold; a folder with anything else in it is not ours to empty. */
const MARK = ".phasecell-site";

async function clearSite(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.includes(MARK)) for (const name of names) await rm(path.join(folder, name), { recursive: true });
  else if (names.length) throw notEmpty(folder);
  await writeFile(path.join(folder, MARK), "");
}

const notEmpty = (folder: string): InputError =>
  new InputError({
    what: "--out",
    value: folder,
    expected: "an empty folder, or one with a site that this command wrote",
  });

/** Copies the bundled program, without the record of its cache. */
async function copyApp(app: PageApp, folder: string): Promise<void> {
  await cp(app.folder, folder, { recursive: true, filter: (file) => path.basename(file) !== "app.json" });
}
