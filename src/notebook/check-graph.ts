import { didYouMean, InputError } from "../errors.js";
import { type CompiledCell, cellLabel, type StageCall } from "./cell.js";

/** Host names that a stage must not use: their effect or content would be missing when it comes from the cache. */
const HOST_ONLY = new Set(["display", "view", "stage", "invalidation", "signal", "FileAttachment"]);

/**
 * Checks a whole notebook before anything runs: a name defined twice, a name nobody defines, a cycle, a stage that
 * captures what it does not list. `known` are the names that the host defines.
 */
export function checkGraph(cells: readonly CompiledCell[], known: ReadonlySet<string>): void {
  const definedBy = checkNames(cells, known);
  checkCycles(cells, definedBy);
  const imported = new Set(cells.flatMap((compiled) => compiled.imported));
  for (const compiled of cells)
    for (const stage of compiled.stages) checkCaptures(compiled, stage, { definedBy, imported });
}

function checkNames(cells: readonly CompiledCell[], known: ReadonlySet<string>): Map<string, CompiledCell> {
  const definedBy = new Map<string, CompiledCell>();
  for (const compiled of cells)
    for (const name of compiled.outputs) {
      const other = definedBy.get(name);
      if (other)
        throw new InputError({
          what: `${cellLabel(compiled.cell)}: ${name} is already defined by ${cellLabel(other.cell)}`,
          attempt: "another name, or braces around what is not for other cells",
        });
      definedBy.set(name, compiled);
    }
  for (const { cell, inputs } of cells)
    for (const name of inputs) {
      if (definedBy.has(name) || known.has(name) || name in globalThis) continue;
      const meant = didYouMean(name, [...definedBy.keys(), ...known]);
      throw new InputError({
        what: `${cellLabel(cell)}: ${name} is not defined`,
        ...(meant ? { attempt: meant } : {}),
      });
    }
  return definedBy;
}

function checkCycles(cells: readonly CompiledCell[], definedBy: ReadonlyMap<string, CompiledCell>): void {
  const done = new Set<CompiledCell>();
  const visit = (compiled: CompiledCell, path: readonly CompiledCell[]): void => {
    if (done.has(compiled)) return;
    if (path.includes(compiled)) {
      const cycle = [...path.slice(path.indexOf(compiled)), compiled].map(({ cell }) => cellLabel(cell));
      throw new InputError({ what: `circular definition: ${cycle.join(" needs ")}` });
    }
    for (const name of compiled.inputs) {
      const needed = definedBy.get(name);
      if (needed) visit(needed, [...path, compiled]);
    }
    done.add(compiled);
  };
  for (const compiled of cells) visit(compiled, []);
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
