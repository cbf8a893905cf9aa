import { didYouMean, InputError } from "../errors.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { formatExtxyz, parseExtxyz } from "./extxyz.js";
import { formatFitsnapJson, parseFitsnapJson } from "./fitsnap-json.js";
import { formatLammpsData } from "./format-lammps-data.js";
import { parseLammpsData } from "./lammps-data.js";
import { parseMlearnJson } from "./mlearn-json.js";
import { formatPoscar, parsePoscar } from "./poscar.js";
import { parseVasprun } from "./vasprun.js";

/** What a person may say about a structure file. */
export interface FormatOptions {
  /** Names the file in complaints and tells the format by its extension. */
  readonly file: string;
  /** The format's name where the extension does not tell. */
  readonly format?: string;
  /** Chemical symbols of the atom types of LAMMPS data. */
  readonly elements?: readonly string[];
}

/** A file format of structures: reading, writing or both. */
export interface StructureFormat {
  readonly name: string;
  /** Names of files that are of this format, without folder and .gz. */
  readonly pattern: RegExp;
  readonly parse: (text: string, options: FormatOptions) => LabeledStructure[];
  readonly format?: (frames: readonly LabeledStructure[], options: FormatOptions) => string;
  /** One structure per file. */
  readonly single?: boolean;
}

/** Every format by name. `.json` is mlearn's where the text is a list, FitSNAP's otherwise. */
export const STRUCTURE_FORMATS: readonly StructureFormat[] = [
  { name: "extxyz", pattern: /\.(ext)?xyz$/i, parse: parseExtxyz, format: formatExtxyz },
  {
    name: "poscar",
    pattern: /(^(POSCAR|CONTCAR)|\.(poscar|vasp|contcar)$)/i,
    parse: parsePoscar,
    format: formatPoscar,
    single: true,
  },
  { name: "vasprun", pattern: /(^vasprun|\.xml$)/i, parse: parseVasprun },
  {
    name: "lammps-data",
    pattern: /(^data\.|\.(data|lmp|lammps)$)/i,
    parse: parseLammpsData,
    format: formatLammpsData,
    single: true,
  },
  { name: "fitsnap-json", pattern: /\.json$/i, parse: parseFitsnapJson, format: formatFitsnapJson, single: true },
  { name: "mlearn-json", pattern: /\.json$/i, parse: parseMlearnJson },
];

/** The format of a file by its name, the format asked for, or (of .json) the beginning of the text. */
export function structureFormat({ file, format }: FormatOptions, text?: string): StructureFormat {
  const names = STRUCTURE_FORMATS.map(({ name }) => name);
  if (format !== undefined) {
    const found = STRUCTURE_FORMATS.find(({ name }) => name === format.toLowerCase());
    if (found) return found;
    const meant = didYouMean(format, names);
    throw new InputError({
      what: "format",
      value: format,
      expected: `one of ${names.join(", ")}`,
      ...(meant === undefined ? {} : { attempt: meant }),
    });
  }
  const base = (file.split(/[\\/]/).at(-1) ?? file).replace(/\.gz$/i, "");
  const fitting = STRUCTURE_FORMATS.filter(({ pattern }) => pattern.test(base));
  const isList = text !== undefined && /^\uFEFF?\s*\[/.test(text);
  const found = fitting.length > 1 && isList ? fitting.find(({ name }) => name === "mlearn-json") : fitting[0];
  if (found) return found;
  throw new InputError({
    what: file,
    value: "unknown extension",
    expected: ".xyz, .vasp, POSCAR, vasprun.xml, .data or .json",
    attempt: `naming the format: ${names.join(", ")}`,
  });
}

/** Reads every structure of a text in the format that `options` names. */
export function parseStructures(text: string, options: FormatOptions): LabeledStructure[] {
  return structureFormat(options, text).parse(text, options);
}

/** Writes structures in the format that `options` names. */
export function formatStructures(frames: readonly LabeledStructure[], options: FormatOptions): string {
  const { name, format, single } = structureFormat(options);
  if (format === undefined)
    throw new InputError({
      what: options.file,
      value: `${name} can only be read`,
      expected: STRUCTURE_FORMATS.filter((other) => other.format)
        .map((other) => other.name)
        .join(", "),
    });
  if (frames.length === 0)
    throw new InputError({ what: options.file, value: "no structures", expected: "at least one" });
  if (single && frames.length > 1)
    throw new InputError({
      what: options.file,
      value: `${frames.length} frames`,
      expected: `one frame in a file of format ${name}`,
      attempt: "--frame N, counted from 0, or extxyz",
    });
  return format(frames, options);
}
