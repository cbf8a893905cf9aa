import type { Cell, Notebook } from "@observablehq/notebook-kit";

export type { Cell, Notebook };

/** A call of `stage` in a cell, as its source shows it. */
export interface StageCall {
  readonly name: string;
  /** 1 is the first line of the cell. */
  readonly line: number;
  /** Inputs listed under their own name: `{ dataset }`. */
  readonly listed: readonly string[];
  /** Names from outside that its function uses: of other cells, or of this cell outside the function. */
  readonly captured: readonly string[];
}

/** A cell ready to run: Observable's semantics as `@observablehq/notebook-kit` transpiles them. */
export interface CompiledCell {
  readonly cell: Cell;
  /** Names it reads: of other cells, or of the host (`display`, `Inputs`). */
  readonly inputs: readonly string[];
  /** Names it defines for other cells. */
  readonly outputs: readonly string[];
  /** Those of `outputs` that are imports of a library. */
  readonly imported: readonly string[];
  /** Names bound to an input: `const temperature = view(Inputs.range(...))`. */
  readonly views: readonly string[];
  readonly stages: readonly StageCall[];
  /** Its value is shown without `display`. */
  readonly autodisplay: boolean;
  /** A JavaScript function of `inputs`; `import(...)` is written `__import(...)`. */
  readonly body: string;
}

/** How a complaint names a cell: by its number in the file, or as the host calls it. */
export const cellLabel = (cell: Cell & { readonly label?: string }): string => cell.label ?? `cell ${cell.id}`;
