import type { CompiledCell } from "../notebook/cell.js";

/** A cell as a page holds it. */
export interface PageCell extends CompiledCell {
  /** Its source as colored HTML; empty for prose and hidden code. */
  readonly code: string;
}

/** What a name that cells import stands for: an export of a module, "default", or "*" for the whole module. */
export interface ImportedName {
  /** Key of `PageModules`. */
  readonly module: string;
  readonly name: string;
}

/** A notebook compiled for a page: plain data, nothing left to transpile. */
export interface PageNotebook {
  readonly title: string;
  /** Path from the root of the site: `notebooks/01-silicon.html`. */
  readonly file: string;
  readonly cells: readonly PageCell[];
  /** Specifier as the cells write it -> key of `PageModules`. */
  readonly modules: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, ImportedName>>;
  /** Version of the package. */
  readonly version: string;
  /** The sources of the library, so that results of another build are not taken for those of this one. */
  readonly build: string;
}

/** Modules that cells may import, loaded when the first cell needs them. */
export type PageModules = Readonly<Record<string, () => Promise<unknown>>>;

/** Where the notebook lies in its document. */
export const DATA_ELEMENT = "notebook-data";
