import { existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { BUILD_DIGEST } from "../build-digest.generated.js";
import type { ByteStore } from "../byte-store.js";
import { InputError } from "../errors.js";
import { cellLabel } from "../notebook/cell.js";
import { checkTypes, compileNotebook } from "../notebook/compile-notebook.node.js";
import { highlightTypeScript } from "../notebook/highlight.js";
import { findParts } from "./notebook-parts.js";
import type { PageNotebook } from "./page-notebook.js";

/** A notebook compiled for the page, and the files that the site must hold for it. */
export interface CompiledPage {
  readonly notebook: PageNotebook;
  /** Key of `PageModules` -> what a bundler resolves: an absolute path, or a package seen from the notebook. */
  readonly modules: ReadonlyMap<string, ModuleSource>;
  /** Data files, relative to the root. */
  readonly attachments: readonly string[];
}

export interface ModuleSource {
  readonly specifier: string;
  /** The notebook that imports it. */
  readonly importer: string;
}

export interface CompilePageOptions {
  /** Folder that the site mirrors; nothing outside it is read. */
  readonly root: string;
  readonly version: string;
  /** Remembers notebooks that passed the type check. */
  readonly store?: ByteStore;
  /** Default true. */
  readonly typeCheck?: boolean;
}

/** Parses, transpiles and type-checks a notebook; the first mistake is a complaint that names the cell. */
export async function compilePage(file: string, options: CompilePageOptions): Promise<CompiledPage> {
  const { root, version, store, typeCheck = true } = options;
  const place = fromRoot(root, file, "notebook");
  const { notebook, cells } = await compileNotebook(file);
  if (typeCheck) await checkTypes(cells, file, store);
  const { specifiers, imports, attachments } = findParts(cells);
  const modules = new Map<string, ModuleSource>();
  const keys: Record<string, string> = {};
  for (const specifier of specifiers) {
    const name = specifier.replace(/^npm:/, "").replace(/(?<=.)@[\d^~][^/]*/, "");
    if (/^[a-z]+:/.test(name))
      throw new InputError({
        what: `${file}: import`,
        value: specifier,
        expected: "an installed package or a file of the project: pages load nothing from other hosts",
      });
    const key = name.startsWith(".") ? `./${fromRoot(root, path.resolve(path.dirname(file), name), specifier)}` : name;
    const source = key.startsWith("./") ? path.resolve(root, key) : name;
    keys[specifier] = key;
    modules.set(key, { specifier: source, importer: path.resolve(file) });
  }
  return {
    notebook: {
      title: notebook.title,
      file: place,
      cells: cells.map((compiled) => ({
        ...compiled,
        code: isShownCode(compiled.cell) ? highlightTypeScript(compiled.cell.value) : "",
      })),
      modules: keys,
      imports: Object.fromEntries(
        [...imports].map(([name, { specifier, name: exported }]) => [
          name,
          { module: keys[specifier]!, name: exported },
        ]),
      ),
      version,
      build: BUILD_DIGEST,
    },
    modules,
    attachments: attachments.map((name) => {
      const cell = cells.find(({ body }) => body.includes(name))!;
      const what = `${cellLabel(cell.cell)}: FileAttachment`;
      const found = path.resolve(path.dirname(file), name);
      if (!existsSync(found) || !statSync(found).isFile())
        throw new InputError({ what, value: name, expected: "a file beside the notebook" });
      return fromRoot(root, found, what);
    }),
  };
}

const isShownCode = ({ mode, hidden }: { mode: string; hidden: boolean }): boolean =>
  (mode === "ts" || mode === "js") && !hidden;

/** Path of a file from the root, with slashes; links are followed, so that none leads out. */
function fromRoot(root: string, file: string, what: string): string {
  const real = existsSync(file) ? realpathSync(file) : path.resolve(file);
  const relative = path.relative(realpathSync(root), real);
  if (relative.startsWith("..") || path.isAbsolute(relative))
    throw new InputError({ what, value: file, expected: `a file inside ${root}` });
  return relative.split(path.sep).join("/");
}
