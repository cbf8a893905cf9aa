import { didYouMean, InputError } from "../errors.js";
import { type CompiledCell, cellLabel, type StageCall } from "./cell.js";

/** Host names that a stage must not use: their effect or content would be missing when it comes from the cache. */
const HOST_ONLY = new Set(["display", "view", "stage", "invalidation", "signal", "FileAttachment"]);

/** Name -> the cell that defines it. */
export type Definitions = ReadonlyMap<string, CompiledCell>;

/**
 * Checks a whole notebook before anything runs: a name defined twice, a name nobody defines, a cycle, a stage that
 * captures what it does not list. `known` are the names that the host defines.
 */
export function checkGraph(cells: readonly CompiledCell[], known: ReadonlySet<string>): void {
  const definedBy = new Map<string, CompiledCell>();
  for (const compiled of cells) {
    checkOwnNames(compiled, definedBy);
    for (const name of compiled.outputs) definedBy.set(name, compiled);
  }
  for (const compiled of cells) checkNeededNames(compiled, definedBy, known);
  for (const compiled of cells) checkCycle(compiled, definedBy);
  for (const compiled of cells) checkStages(compiled, definedBy);
}

/** Complains about a name that another cell defines too. */
export function checkOwnNames(compiled: CompiledCell, definedBy: Definitions): void {
  for (const name of compiled.outputs) {
    const other = definedBy.get(name);
    if (other && other !== compiled)
      throw new InputError({
        what: `${cellLabel(compiled.cell)}: ${name} is already defined by ${cellLabel(other.cell)}`,
        attempt: "another name, or braces around what is not for other cells",
      });
  }
}

/** Complains about a name that no cell defines. */
export function checkNeededNames(
  { cell, inputs }: CompiledCell,
  definedBy: Definitions,
  known: ReadonlySet<string>,
): void {
  for (const name of inputs) {
    if (definedBy.has(name) || known.has(name) || name in globalThis) continue;
    const meant = didYouMean(name, [...definedBy.keys(), ...known]);
    throw new InputError({
      what: `${cellLabel(cell)}: ${name} is not defined`,
      ...(meant ? { attempt: meant } : {}),
    });
  }
}

/** Complains about a cell that needs itself. */
export function checkCycle(compiled: CompiledCell, definedBy: Definitions): void {
  const seen = new Set<CompiledCell>();
  const visit = (from: CompiledCell, path: readonly CompiledCell[]): void => {
    for (const name of from.inputs) {
      const needed = definedBy.get(name);
      if (needed === compiled)
        throw new InputError({
          what: `circular definition: ${[...path, compiled].map(({ cell }) => cellLabel(cell)).join(" needs ")}`,
        });
      if (!needed || seen.has(needed)) continue;
      seen.add(needed);
      visit(needed, [...path, needed]);
    }
  };
  visit(compiled, [compiled]);
}

/** Complains about a stage that uses what it does not list. */
export function checkStages(compiled: CompiledCell, definedBy: Definitions): void {
  if (compiled.stages.length === 0) return;
  const imported = new Set([...definedBy.values()].flatMap((cell) => cell.imported));
  for (const stage of compiled.stages) checkCaptures(compiled, stage, { definedBy, imported });
}

interface Names {
  readonly definedBy: ReadonlyMap<string, CompiledCell>;
  readonly imported: ReadonlySet<string>;
}

function checkCaptures({ cell, outputs }: CompiledCell, stage: StageCall, { definedBy, imported }: Names): void {
  for (const name of stage.captured) {
    if (imported.has(name) || stage.listed.includes(name)) continue;
    const place = `${cellLabel(cell)} line ${stage.line}: stage ${stage.name}`;
    if (HOST_ONLY.has(name))
      throw new InputError({ what: `${place} uses ${name} inside its function`, attempt: `${name} outside the stage` });
    const isGlobal = !definedBy.has(name) && !outputs.includes(name) && name in globalThis;
    if (isGlobal) continue;
    throw new InputError({
      what: `${place} captures ${name}`,
      expected: "every variable it uses among its inputs",
      attempt: `stage("${stage.name}", { ${[...stage.listed, name].join(", ")} }, ...)`,
    });
  }
}
