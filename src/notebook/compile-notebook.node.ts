import { readFile } from "node:fs/promises";
import path from "node:path";
import { SOURCE_DIGEST } from "../build-digest.generated.js";
import type { ByteStore } from "../byte-store.js";
import { InputError } from "../errors.js";
import type { CompiledCell, Notebook } from "./cell.js";
import { checkGraph } from "./check-graph.js";
import { compileCell } from "./compile-cell.js";
import { sha256 } from "./digest.node.js";
import { CELL_BUILTINS, HOST_BUILTINS } from "./graph.js";
import type { NotebookDocument } from "./html-notebook.js";
import { parseNotebookDocument } from "./parse-notebook.js";
import type { CellDiagnostic } from "./type-check.node.js";

/** A notebook ready to run: cells transpiled and checked together; empty ones are left out. */
export interface CompiledNotebook {
  readonly notebook: Notebook;
  readonly document: NotebookDocument;
  /** In the order of the file. */
  readonly cells: readonly CompiledCell[];
}

/** Reads, parses and transpiles a notebook, and checks its graph. */
export async function compileNotebook(file: string): Promise<CompiledNotebook> {
  const document = parseNotebookDocument(await readNotebookFile(file), file);
  const notebook = { ...document.notebook, cells: document.cells.map(({ cell }) => cell) };
  const cells = notebook.cells.filter(({ value }) => value.trim() !== "").map(compileCell);
  checkGraph(cells, new Set([...CELL_BUILTINS, ...HOST_BUILTINS]));
  return { notebook, document, cells };
}

async function readNotebookFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new InputError({ what: "notebook", value: file, expected: "a file that can be read" }, { cause: error });
  }
}

/** Checked once per content of the notebook and build of the library: the compiler takes seconds. */
export async function checkTypes(
  cells: readonly CompiledCell[],
  file: string,
  store: ByteStore | undefined,
): Promise<void> {
  const key = sha256(
    JSON.stringify(["types", SOURCE_DIGEST, path.resolve(file), cells.map(({ cell }) => [cell.mode, cell.value])]),
  );
  if (await store?.get(key)) return;
  const { CellTypeChecker } = await import("./type-check.node.js");
  const checker = new CellTypeChecker(path.dirname(path.resolve(file)));
  for (const cell of cells) checker.set(cell);
  const complaint = typeComplaint(checker.diagnostics());
  if (complaint) throw complaint;
  await store?.put(key, new Uint8Array());
}

/** One line about what the compiler found, if it found anything. */
export function typeComplaint([first, ...others]: readonly CellDiagnostic[]): InputError | undefined {
  if (!first) return undefined;
  return new InputError({
    what: `cell ${first.cell} line ${first.line}:${first.column}: TS${first.code} ${first.message.slice(0, 300)}`,
    ...(others.length ? { attempt: `to mend this and ${others.length} more` } : {}),
  });
}
