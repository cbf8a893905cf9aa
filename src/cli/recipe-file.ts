import fs from "node:fs";
import path from "node:path";
import type * as v from "valibot";
import { InputError } from "../errors.js";
import { parseExtxyz } from "../formats/extxyz.js";
import { readText } from "../formats/files.node.js";
import { parsePoscar } from "../formats/poscar.js";
import { parsePotentialExpression } from "../formats/potential-expression.js";
import { projectFolder, readablePlace, realFolder } from "../notebook/project-folder.node.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { parseWith } from "../schema.js";
import type { Structure } from "../structure/structure.js";
import type { CommandOption } from "./command.js";

/** A recipe and the readers of the files it names: their paths are relative to the recipe. */
export interface RecipeFile<Recipe> {
  readonly recipe: Recipe;
  readonly file: string;
  /** The place of a file that the recipe names; an InputError where it may not. */
  place(name: string): string;
  /** The one structure of a file: extended XYZ, or POSCAR. */
  structure(name: string): Structure;
  /** A potential expression, or a potential as JSON in the recipe itself. */
  potential(given: unknown): PotentialSpec;
}

/** Which files a recipe may name. */
export interface RecipeRules {
  /** Folders besides that of the recipe's project. */
  readonly readable: readonly string[];
}

/** The option of commands with recipes. */
export const ALLOW_READ = {
  type: "string",
  multiple: true,
  placeholder: "DIR",
  help: "the recipe may name files of this folder, too",
} as const satisfies CommandOption;

/** Reads a JSON recipe and checks it; a schema may depend on the recipe. */
export function readRecipeFile<S extends v.GenericSchema>(
  positionals: readonly string[],
  schema: S | ((json: unknown) => S),
  usage: string,
  rules: RecipeRules,
): RecipeFile<v.InferOutput<S>> {
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new InputError({ what: "recipe", value: positionals.join(" "), expected: `one file: phasecell ${usage}` });
  const folder = path.dirname(file);
  const text = readText(file);
  const folders = [projectFolder(folder), ...rules.readable.map(realFolder)];
  const place = (name: string): string => placeOf(name, folder, folders, path.basename(file));
  const read = (name: string): string => readText(place(name));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError({ what: file, value: (error as Error).message, expected: "JSON" });
  }
  return {
    recipe: parseWith(typeof schema === "function" ? schema(json) : schema, json, path.basename(file)),
    file,
    place,
    structure(name) {
      const content = read(name);
      const poscar = /(^|[\\/.])(POSCAR|CONTCAR|vasp)([^\\/]*)$/.test(name);
      const frames = poscar ? parsePoscar(content, { file: name }) : parseExtxyz(content, { file: name });
      if (frames.length !== 1)
        throw new InputError({ what: name, value: `${frames.length} structures`, expected: "one" });
      return frames[0]!.structure;
    },
    potential: (given) =>
      typeof given === "string" ? parsePotentialExpression(given, read) : (given as PotentialSpec),
  };
}

/** The place of a file that a recipe names, if it may; a file that is not there is left to the reader's complaint. */
function placeOf(name: string, folder: string, folders: readonly string[], recipe: string): string {
  const given = path.resolve(folder, name);
  return fs.existsSync(given) ? readablePlace(name, folder, folders, `file of ${recipe}`) : given;
}
