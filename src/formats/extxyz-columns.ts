import { InputError } from "../errors.js";
import { findAtomicNumber } from "../structure/elements.js";
import type { AtomColumn, Structure } from "../structure/structure.js";
import { formatReal, parseReal, splitWords, type TextLines } from "./text-lines.js";

/** One entry of `Properties`: name, type (R, I, S or L) and number of columns. */
export interface ColumnHeader {
  readonly name: string;
  readonly code: "R" | "I" | "S" | "L";
  readonly width: number;
}

/** Complains about the comment line of a frame, or the line of an atom. */
export type Fail = (value: string, expected: string, atom?: number) => never;

/** What can stand between the colons of an unquoted `Properties`. */
const COLUMN_NAME = /^[^\s:"'{}[\]=\\,]+$/;

/** Reads `name:type:width:...`. */
export function parseColumns(properties: string, fail: Fail): ColumnHeader[] {
  const parts = properties.split(":");
  const expected = "name:type:columns triples with types R, I, S or L";
  if (parts.length % 3 !== 0) fail(`Properties=${properties}`, expected);
  const headers: ColumnHeader[] = [];
  for (let k = 0; k < parts.length; k += 3) {
    const [name = "", code = "", width = ""] = parts.slice(k, k + 3);
    if (!COLUMN_NAME.test(name) || !/^[RISL]$/.test(code) || !/^[1-9]\d{0,3}$/.test(width))
      fail(`Properties=${properties}`, expected);
    if (headers.some((header) => header.name === name)) fail(`Properties ${name} twice`, "each name once");
    headers.push({ name, code: code as ColumnHeader["code"], width: Number(width) });
  }
  return headers;
}

/** Reads `count` rows of these columns. */
export function readColumns(
  headers: readonly ColumnHeader[],
  count: number,
  lines: TextLines,
): Map<string, AtomColumn> {
  const total = headers.reduce((sum, { width }) => sum + width, 0);
  const columns = headers.map(({ name, code, width }) => ({ name, column: emptyColumn(code, width, count) }));
  for (let atom = 0; atom < count; atom++) {
    const words = splitWords(lines.next("an atom"));
    if (words.length !== total) lines.fail(`${words.length} columns`, `${total}, as Properties says`);
    let at = 0;
    for (const { name, column } of columns)
      for (let k = 0; k < column.width; k++) readWord(words[at++]!, name, column, atom * column.width + k, lines);
  }
  return new Map(columns.map(({ name, column }) => [name, column]));
}

function emptyColumn(code: ColumnHeader["code"], width: number, count: number): AtomColumn & { values: unknown } {
  const size = width * count;
  if (code === "R") return { kind: "real", width, values: new Float64Array(size) };
  if (code === "I") return { kind: "integer", width, values: new Int32Array(size) };
  if (code === "L") return { kind: "logical", width, values: new Uint8Array(size) };
  return { kind: "string", width, values: new Array<string>(size) };
}

const LOGICALS: Readonly<Record<string, number>> = { T: 1, True: 1, F: 0, False: 0 };

function readWord(word: string, name: string, column: AtomColumn, at: number, lines: TextLines): void {
  switch (column.kind) {
    case "real": {
      const value = parseReal(word) ?? (/^[+-]?nan$/i.test(word) ? Number.NaN : undefined);
      if (value === undefined) lines.fail(word, `a number in ${name}`);
      column.values[at] = value;
      return;
    }
    case "integer":
      column.values[at] = lines.integer(word, `a 32-bit whole number in ${name}`, -(2 ** 31), 2 ** 31 - 1);
      return;
    case "logical":
      if (!Object.hasOwn(LOGICALS, word)) lines.fail(word, `T or F in ${name}`);
      column.values[at] = LOGICALS[word]!;
      return;
    case "string":
      (column.values as string[])[at] = word;
  }
}

/** Takes species (or atomic numbers) and positions out of the columns. */
export function takeAtoms(
  columns: Map<string, AtomColumn>,
  fail: Fail,
): { numbers: Uint8Array; positions: Float64Array } {
  const position = columns.get("pos");
  if (position?.kind !== "real" || position.width !== 3) fail("Properties", "pos:R:3");
  const bad = position.values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) fail(`pos ${position.values[bad]}`, "finite numbers", Math.floor(bad / 3));
  const species = columns.get("species");
  const z = columns.get("Z");
  const fromSymbols =
    species?.kind === "string" && species.width === 1 ? species.values.map(findAtomicNumber) : undefined;
  const fromNumbers = z?.kind === "integer" && z.width === 1 ? Array.from(z.values) : undefined;
  const numbers = fromSymbols ?? fromNumbers;
  if (numbers === undefined) fail("Properties", "species:S:1 or Z:I:1");
  numbers.forEach((number, atom) => {
    if (number === undefined || !(number >= 0 && number <= 118))
      fail(`species ${fromSymbols ? species!.values[atom] : number}`, "a chemical element", atom);
    if (fromNumbers && fromNumbers[atom] !== number) fail("species and Z that differ", "the same element", atom);
  });
  for (const name of ["pos", "species", "Z"]) columns.delete(name);
  return { numbers: Uint8Array.from(numbers as number[]), positions: position.values };
}

/** A column to write: its header, and the words of one atom. */
export interface WrittenColumn extends ColumnHeader {
  text(atom: number): string;
}

/** Species, positions, forces if any, then the columns that the structure carries. */
export function columnsOf(structure: Structure, forces: Float64Array | undefined): WrittenColumn[] {
  const { numbers, positions, arrays = {} } = structure;
  const reals = (values: Float64Array, width: number) => (atom: number) =>
    Array.from(values.subarray(width * atom, width * (atom + 1)), formatReal).join(" ");
  const columns: WrittenColumn[] = [
    { name: "species", code: "S", width: 1, text: () => "" },
    { name: "pos", code: "R", width: 3, text: reals(positions, 3) },
  ];
  if (forces) columns.push({ name: "forces", code: "R", width: 3, text: reals(forces, 3) });
  for (const [name, column] of Object.entries(arrays)) {
    if (columns.some((other) => other.name === name) || name === "Z" || !COLUMN_NAME.test(name))
      throw new InputError({ what: "column name", value: name, expected: "a name that extxyz does not reserve" });
    if (column.values.length !== column.width * numbers.length || column.width < 1)
      throw new InputError({
        what: `column ${name}`,
        value: `${column.values.length} values`,
        expected: `${column.width} per atom`,
      });
    columns.push({ name, code: CODES[column.kind], width: column.width, text: wordsOf(name, column) });
  }
  return columns;
}

const CODES = { real: "R", integer: "I", logical: "L", string: "S" } as const;

function wordsOf(name: string, column: AtomColumn): (atom: number) => string {
  const { kind, width } = column;
  const word = (at: number): string => {
    const value = column.values[at]!;
    if (kind === "real") return Number.isNaN(value) ? "nan" : formatReal(value as number);
    if (kind === "logical") return value ? "T" : "F";
    const text = String(value);
    if (text === "" || /\s/.test(text))
      throw new InputError({ what: `column ${name}`, value: text, expected: "words without blanks" });
    return text;
  };
  return (atom) => Array.from({ length: width }, (_, k) => word(atom * width + k)).join(" ");
}
