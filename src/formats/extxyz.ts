import { InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { InfoValue } from "../structure/structure.js";
import { checkedStructure } from "./checked-structure.js";
import { columnsOf, parseColumns, readColumns, takeAtoms } from "./extxyz-columns.js";
import { formatInfo, formatJson, type InfoEntry, parseInfo } from "./extxyz-info.js";
import { takeLabels } from "./extxyz-labels.js";
import { voigtToMatrix } from "./stress.js";
import { formatReal, type ReadOptions, TextLines } from "./text-lines.js";

const DEFAULT_PROPERTIES = "species:S:1:pos:R:3";

/**
 * Reads every frame of an extended XYZ text as ASE does. Energy, forces, stress (9 numbers, or 6 in the order xx yy zz
 * yz xz xy) or virial (-V stress), `config_type` and `weight` become labels; other keys and columns are kept in
 * `info` and `arrays`. A comment without any `=` is kept as `info.comment`.
 */
export function parseExtxyz(text: string, { file = "extxyz" }: ReadOptions = {}): LabeledStructure[] {
  const lines = new TextLines(text, file);
  const frames: LabeledStructure[] = [];
  for (let line = lines.nextFilled(); line !== undefined; line = lines.nextFilled())
    frames.push(readFrame(line, lines));
  if (frames.length === 0) lines.fail("no frames", "a line with the number of atoms", 0);
  return frames;
}

function readFrame(first: string, lines: TextLines): LabeledStructure {
  const expected = "the number of atoms of a frame";
  const count = lines.integer(first.trim(), `${expected}, at least 1`, 1);
  if (count > lines.left - 1)
    lines.fail(`${count} atoms, ${Math.max(0, lines.left - 1)} lines after the comment`, expected);
  const comment = lines.next("a comment line").trim();
  const commentLine = lines.index - 1;
  const fail = (value: string, wanted: string, atom = -1): never => lines.fail(value, wanted, commentLine + 1 + atom);
  const entries: Map<string, InfoEntry> =
    comment.includes("=") || comment === ""
      ? parseInfo(comment, fail)
      : new Map([["comment", { text: comment, value: comment }]]);
  const take = (key: string): InfoEntry | undefined => {
    const entry = entries.get(key);
    entries.delete(key);
    return entry;
  };

  const properties = take("Properties")?.text ?? DEFAULT_PROPERTIES;
  const lattice = toLattice(take("Lattice"), fail);
  const givenPbc = toPbc(take("pbc"), fail);
  const columns = readColumns(parseColumns(properties, fail), count, lines);
  const vectors = readVectors(lines);
  if (vectors.length > 0 && lattice) fail(`Lattice and ${vectors.length} VEC lines`, "one of the two");
  const cell = lattice ?? Float64Array.from({ length: 9 }, (_, k) => vectors.flat()[k] ?? 0);
  const pbc =
    givenPbc ?? ([0, 1, 2].map((k) => lattice !== undefined || k < vectors.length) as [boolean, boolean, boolean]);
  const { numbers, positions } = takeAtoms(columns, fail);
  const labels = takeLabels(entries, columns, cell, fail);
  return {
    structure: checkedStructure(
      {
        cell,
        pbc,
        numbers,
        positions,
        ...(columns.size === 0 ? {} : { arrays: Object.fromEntries(columns) }),
        ...(entries.size === 0
          ? {}
          : { info: Object.fromEntries([...entries].map(([key, { value }]): [string, InfoValue] => [key, value])) }),
      },
      fail,
    ),
    ...labels,
  };
}

function toLattice(
  entry: InfoEntry | undefined,
  fail: (value: string, expected: string) => never,
): Float64Array | undefined {
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (!Array.isArray(value) || value.length !== 9 || typeof value[0] !== "number")
    fail(`Lattice="${entry.text}"`, "9 numbers: the three lattice vectors, A");
  return Float64Array.from(value as number[]);
}

function toPbc(
  entry: InfoEntry | undefined,
  fail: (value: string, expected: string) => never,
): [boolean, boolean, boolean] | undefined {
  if (entry === undefined) return undefined;
  const { value } = entry;
  const flags = Array.isArray(value) ? (value as unknown[]) : [value, value, value];
  if (flags.length !== 3 || !flags.every((flag) => typeof flag === "boolean"))
    fail(`pbc="${entry.text}"`, "three logicals such as T T F");
  return flags as [boolean, boolean, boolean];
}

/** Lattice vectors as pseudo-atoms `VEC1 x y z` after the atoms, up to three. */
function readVectors(lines: TextLines): number[][] {
  const vectors: number[][] = [];
  while (lines.lines[lines.index]?.trimStart().startsWith("VEC")) {
    const expected = `VEC${vectors.length + 1} and three numbers (A)`;
    const [name, ...numbers] = lines.words(expected);
    if (name !== `VEC${vectors.length + 1}` || vectors.length === 3) lines.fail(name, expected);
    vectors.push(lines.reals(numbers, 3, expected));
  }
  return vectors;
}

/** Keys that the writer sets itself; found in `info` they would be read back as something else. */
const RESERVED = new Set(["Lattice", "Properties", "pbc", "config_type", "energy", "stress", "weight", "provenance"]);

/** Writes frames as extended XYZ that ASE reads; numbers read back to the same bits. */
export function formatExtxyz(frames: readonly LabeledStructure[]): string {
  return frames.map(formatFrame).join("");
}

function formatFrame(frame: LabeledStructure, index: number): string {
  const { structure, energy, forces, stress, group, weight, provenance } = frame;
  const { cell, pbc, numbers, info = {} } = structure;
  for (const [name, length, expected] of [
    ["positions", structure.positions.length, 3 * numbers.length],
    ["forces", forces?.length ?? 3 * numbers.length, 3 * numbers.length],
    ["stress", stress?.length ?? 6, 6],
  ] as const)
    if (length !== expected)
      throw new InputError({ what: `frame ${index} ${name}`, value: `${length} numbers`, expected: `${expected}` });
  const columns = columnsOf(structure, forces);
  const comment: string[] = [];
  if (cell.some((x) => x !== 0)) comment.push(`Lattice="${Array.from(cell, formatReal).join(" ")}"`);
  comment.push(`Properties=${columns.map(({ name, code, width }) => `${name}:${code}:${width}`).join(":")}`);
  if (energy !== undefined) comment.push(`energy=${formatReal(energy)}`);
  if (stress !== undefined) comment.push(`stress="${voigtToMatrix(stress).map(formatReal).join(" ")}"`);
  if (group !== "default") comment.push(formatInfo("config_type", group));
  if (weight !== undefined) comment.push(`weight=${formatReal(weight)}`);
  if (provenance !== undefined && Object.keys(provenance).length > 0)
    comment.push(formatJson("provenance", provenance));
  for (const [key, value] of Object.entries(info)) {
    if (RESERVED.has(key) || key === "" || /[\r\n]/.test(key))
      throw new InputError({
        what: `frame ${index} info key`,
        value: key,
        expected: "a key that extxyz does not reserve",
      });
    comment.push(formatInfo(key, value));
  }
  comment.push(`pbc="${pbc.map((flag) => (flag ? "T" : "F")).join(" ")}"`);
  const rows = Array.from(numbers, (number, atom) =>
    [symbolOf(number), ...columns.slice(1).map((column) => column.text(atom))].join(" "),
  );
  return `${numbers.length}\n${comment.join(" ")}\n${rows.join("\n")}\n`;
}
