import path from "node:path";
import type * as v from "valibot";
import { InputError } from "../errors.js";
import { parseExtxyz } from "../formats/extxyz.js";
import { readText } from "../formats/files.node.js";
import { parsePoscar } from "../formats/poscar.js";
import { parsePotentialExpression } from "../formats/potential-expression.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { parseWith } from "../schema.js";
import type { Structure } from "../structure/structure.js";

/** A recipe and the readers of the files it names: their paths are relative to the recipe. */
export interface RecipeFile<Recipe> {
  readonly recipe: Recipe;
  readonly file: string;
  /** The one structure of a file: extended XYZ, or POSCAR. */
  structure(name: string): Structure;
  /** A potential expression, or a potential as JSON in the recipe itself. */
  potential(given: unknown): PotentialSpec;
}

/** Reads a JSON recipe and checks it. */
export function readRecipeFile<S extends v.GenericSchema>(
  positionals: readonly string[],
  schema: S,
  usage: string,
): RecipeFile<v.InferOutput<S>> {
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new InputError({ what: "recipe", value: positionals.join(" "), expected: `one file: phasecell ${usage}` });
  const folder = path.dirname(file);
  const resolve = (name: string): string => path.resolve(folder, name);
  let json: unknown;
  try {
    json = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({ what: file, value: (error as Error).message, expected: "JSON" });
  }
  return {
    recipe: parseWith(schema, json, path.basename(file)),
    file,
    structure(name) {
      const text = readText(resolve(name));
      const poscar = /(^|[\\/.])(POSCAR|CONTCAR|vasp)([^\\/]*)$/.test(name);
      const frames = poscar ? parsePoscar(text, { file: name }) : parseExtxyz(text, { file: name });
      if (frames.length !== 1)
        throw new InputError({ what: name, value: `${frames.length} structures`, expected: "one" });
      return frames[0]!.structure;
    },
    potential: (given) =>
      typeof given === "string"
        ? parsePotentialExpression(given, (name) => readText(resolve(name)))
        : (given as PotentialSpec),
  };
}
