import { InputError } from "../../errors.js";
import type { CompiledCell } from "../cell.js";
import { checkCycle, checkNeededNames, checkOwnNames, checkStages } from "../check-graph.js";
import { CELL_BUILTINS, HOST_BUILTINS } from "../graph.js";
import { makeInterruptible } from "../interruptible.js";
import { CellTypeChecker, typeNames, wordsOf } from "../type-check.node.js";
import { CellSyntaxError, compileSource } from "./cell-source.js";
import type { CellFailure, GraphChange } from "./executor-protocol.js";
import { describeFailure, type ErrorContent } from "./failure-report.node.js";
import { PassedChecks, verdictKeys } from "./passed-checks.node.js";

/** A cell of the notebook as the kernel knows it. */
export interface SessionCell {
  /** Stable number. */
  readonly id: number;
  /** What the front end calls it. */
  readonly key: string;
  /** Number of the execution that gave it its present text. */
  count: number;
  code: string;
  /** Absent until its text was valid once. */
  compiled?: CompiledCell;
  /** Why it cannot run. */
  failure?: CellFailure;
}

export interface RunRequest {
  readonly key: string;
  readonly code: string;
  readonly count: number;
  /** Cells that are gone, or wait for their own turn. */
  readonly removed: readonly string[];
  /** The front end never says which cells are gone: a name that stands twice belongs to the cell that was run last. */
  readonly takesNames?: boolean;
}

const KNOWN: ReadonlySet<string> = new Set([...CELL_BUILTINS, ...HOST_BUILTINS]);

/**
 * The cells that have been run, checked together: which changes of the graph a run of one cell asks for. A cell that
 * cannot run stands in the graph with its failure, so that what needs it does not go on with old values.
 */
export class NotebookSession {
  readonly cells = new Map<string, SessionCell>();
  readonly checker: CellTypeChecker;
  readonly #passed: PassedChecks;
  #next = 1;
  #newestDefines = false;

  constructor(folder: string, cacheFolder: string) {
    this.checker = new CellTypeChecker(folder);
    this.#passed = new PassedChecks(cacheFolder);
  }

  byId(id: number): SessionCell | undefined {
    for (const cell of this.cells.values()) if (cell.id === id) return cell;
    return undefined;
  }

  /** The cell that code of a front end without cell ids stands for: the one that defines its names, or has its text. */
  keyFor(code: string): string {
    const outputs = namesDefined(code);
    for (const { key, code: known, compiled } of this.cells.values())
      if (code === known || compiled?.outputs.some((name) => outputs.has(name))) return key;
    return `cell-${this.#next}`;
  }

  /** Defines a cell and says what that changes. */
  run({ key, code, count, removed, takesNames = false }: RunRequest): {
    readonly cell: SessionCell;
    readonly changes: GraphChange[];
  } {
    this.#newestDefines = takesNames;
    const names = new Set<string>();
    const changes: GraphChange[] = removed.flatMap((one) => this.#remove(one, names));
    const old = this.cells.get(key);
    for (const name of namesOf(old?.compiled)) names.add(name);
    const cell: SessionCell = { id: old?.id ?? this.#next++, key, count, code };
    this.cells.set(key, cell);
    try {
      cell.compiled = compileSource({ id: cell.id, label: `cell [${count}]`, code });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      cell.failure = {
        name: "SyntaxError",
        message: error.message,
        ...(error instanceof CellSyntaxError ? { lines: [error.line] } : {}),
      };
      if (old?.compiled) cell.compiled = old.compiled;
    }
    for (const name of namesOf(cell.compiled)) names.add(name);
    if (cell.compiled) this.checker.set(cell.compiled);
    if (cell.failure && cell.compiled) changes.push(changeOf(cell, cell.compiled));
    return { cell, changes: [...changes, ...this.#check(names, cell)] };
  }

  /** Drops cells; those that need them fail. */
  remove(keys: readonly string[]): GraphChange[] {
    const names = new Set<string>();
    const changes = keys.flatMap((key) => this.#remove(key, names));
    return [...changes, ...this.#check(names, undefined)];
  }

  /** Everything anew, for a graph that was lost. */
  all(): GraphChange[] {
    return [...this.cells.values()].flatMap((cell) => (cell.compiled ? [changeOf(cell, cell.compiled)] : []));
  }

  /** A failure for the reader. */
  describe(failure: CellFailure, cell: SessionCell): ErrorContent {
    return describeFailure(failure, cell, this.cells.values());
  }

  #remove(key: string, names: Set<string>): GraphChange[] {
    const cell = this.cells.get(key);
    if (!cell) return [];
    this.cells.delete(key);
    this.checker.remove(cell.id);
    for (const name of namesOf(cell.compiled)) names.add(name);
    return [{ kind: "remove", id: cell.id }];
  }

  /** Checks a cell and whatever depends on these names; a dependent changes when it fails now or no longer. */
  #check(names: ReadonlySet<string>, own: SessionCell | undefined): GraphChange[] {
    const definedBy = new Map<string, CompiledCell>();
    // Where cells that are gone are known, the older definition counts: a cell that was just run cannot take a name away.
    const order = this.#newestDefines ? -1 : 1;
    for (const { compiled } of [...this.cells.values()].sort((a, b) => order * (a.count - b.count)))
      for (const name of compiled?.outputs ?? []) if (!definedBy.has(name)) definedBy.set(name, compiled!);
    const affected = this.#affected(names, own).filter((cell) => cell.compiled && !(cell === own && cell.failure));
    const before = new Map(affected.map((cell) => [cell, JSON.stringify(cell.failure)]));
    for (const cell of affected) this.#judgeNames(cell, definedBy);
    const keyOf = verdictKeys([...this.cells.values()].flatMap(({ compiled }) => compiled ?? []));
    for (const cell of affected) if (!cell.failure) this.#judgeTypes(cell, keyOf(cell.compiled!));
    // Cells that lose a name come before the one that has it now.
    return affected
      .filter((cell) => cell === own || JSON.stringify(cell.failure) !== before.get(cell))
      .sort((a, b) => Number(a.failure === undefined) - Number(b.failure === undefined))
      .map((cell) => changeOf(cell, cell.compiled!));
  }

  #affected(names: ReadonlySet<string>, own: SessionCell | undefined): SessionCell[] {
    const reached = new Set(names);
    const found = new Set<SessionCell>(own ? [own] : []);
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const cell of this.cells.values()) {
        const { compiled } = cell;
        if (!compiled || found.has(cell)) continue;
        // Words, not inputs: types are not among the inputs, and who defines a name twice has it among its outputs.
        if (![...reached].some((name) => wordsOf(compiled).has(name))) continue;
        found.add(cell);
        for (const name of namesOf(compiled)) reached.add(name);
      }
    }
    return [...found];
  }

  /** Looks for complaints that need no types. */
  #judgeNames(cell: SessionCell, definedBy: ReadonlyMap<string, CompiledCell>): void {
    const compiled = cell.compiled!;
    const checks: readonly (readonly [string, () => void])[] = [
      ["DuplicateNameError", () => checkOwnNames(compiled, definedBy)],
      ["ReferenceError", () => checkNeededNames(compiled, definedBy, KNOWN)],
      ["CircularDefinitionError", () => checkCycle(compiled, definedBy)],
      ["StageError", () => checkStages(compiled, definedBy)],
    ];
    delete cell.failure;
    for (const [name, check] of checks)
      try {
        check();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        cell.failure ??= { name, message: error.message };
      }
    this.checker.set(withOwnNames(cell, compiled));
  }

  #judgeTypes(cell: SessionCell, key: string | undefined): void {
    if (key !== undefined && this.#passed.has(key)) return;
    const complaints = this.checker.diagnostics([cell.id]);
    if (complaints.length === 0 && key !== undefined) this.#passed.add(key);
    if (complaints.length === 0) return;
    const lines = complaints.map(({ line, column, code, message }) => `line ${line}:${column}: TS${code} ${message}`);
    cell.failure = { name: "TypeCheckError", message: lines.join("\n"), lines: complaints.map(({ line }) => line) };
  }
}

/** Names that code defines, as far as it is valid. */
function namesDefined(code: string): ReadonlySet<string> {
  try {
    return new Set(compileSource({ id: 0, label: "cell", code }).outputs);
  } catch (error) {
    if (error instanceof InputError) return new Set();
    throw error;
  }
}

/** Values and types that other cells may use. */
const namesOf = (compiled: CompiledCell | undefined): readonly string[] =>
  compiled ? [...compiled.outputs, ...typeNames(compiled)] : [];

/** A name that another cell defines stays that cell's. */
const withOwnNames = ({ failure }: SessionCell, compiled: CompiledCell): CompiledCell =>
  failure?.name === "DuplicateNameError" ? { ...compiled, outputs: [] } : compiled;

function changeOf(cell: SessionCell, compiled: CompiledCell): GraphChange {
  const own = withOwnNames(cell, compiled);
  return cell.failure
    ? { kind: "define", compiled: own, failure: cell.failure }
    : { kind: "define", compiled: { ...own, body: makeInterruptible(own.body) } };
}
