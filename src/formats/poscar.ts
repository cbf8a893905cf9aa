import { InputError } from "../errors.js";
import { cellVolume, toCartesian } from "../structure/cell.js";
import { findAtomicNumber, symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { AtomColumn, Structure } from "../structure/structure.js";
import { checkedStructure } from "./checked-structure.js";
import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

/**
 * Reads VASP's POSCAR or CONTCAR: with symbols (VASP 5) or with them in the comment (VASP 4), scale factors or a volume
 * (negative scale), Direct or Cartesian, selective dynamics (column `move_mask`, true = free), Cartesian velocities
 * (column `velocities`, A/fs). The predictor-corrector block of a CONTCAR is left out.
 */
export function parsePoscar(text: string, { file = "POSCAR" }: ReadOptions = {}): LabeledStructure[] {
  const lines: TextLines = new TextLines(text, file);
  const comment = lines.next("a comment");
  const { cell, scale } = readCell(lines);
  const { numbers, count } = readSpecies(lines, comment);
  let style = lines.next("Selective dynamics, Direct or Cartesian").trim();
  const selective = /^s/i.test(style);
  if (selective) style = lines.next("Direct or Cartesian").trim();
  if (!/^[ckd]/i.test(style)) lines.fail(style, "Direct or Cartesian");
  const cartesian = /^[ck]/i.test(style);
  const coordinates = new Float64Array(3 * count);
  const free = new Uint8Array(selective ? 3 * count : 0);
  for (let atom = 0; atom < count; atom++) {
    const expected = `three coordinates${selective ? " and three of T or F" : ""} of atom ${atom + 1} of ${count}`;
    const words = lines.words(expected);
    coordinates.set(lines.reals(words.slice(0, 3), 3, expected), 3 * atom);
    if (!selective) continue;
    const flags = words.slice(3, 6).map((word) => /^\.?([TF])/i.exec(word)?.[1]?.toUpperCase());
    if (flags.length !== 3 || flags.includes(undefined)) lines.fail(words.join(" "), expected);
    free.set(
      flags.map((flag) => (flag === "T" ? 1 : 0)),
      3 * atom,
    );
  }
  const positions = cartesian ? coordinates.map((x, k) => x * scale[k % 3]!) : toCartesian(cell, coordinates);
  const velocities = readVelocities(lines, count);
  const arrays: Record<string, AtomColumn> = {
    ...(selective ? { move_mask: { kind: "logical", width: 3, values: free } } : {}),
    ...(velocities ? { velocities: { kind: "real", width: 3, values: velocities } } : {}),
  };
  const structure = checkedStructure(
    {
      cell,
      numbers,
      positions,
      ...(Object.keys(arrays).length === 0 ? {} : { arrays }),
      ...(comment.trim() === "" ? {} : { info: { comment: comment.trim() } }),
    },
    (value, wanted) => lines.fail(value, wanted),
  );
  return [{ structure, group: "default" }];
}

function readCell(lines: TextLines): { cell: number[]; scale: number[] } {
  const expected = "a scale factor, three of them, or a negative volume";
  const factors = lines.reals(lines.words(expected), undefined, expected);
  if (![1, 3].includes(factors.length) || factors.includes(0)) lines.fail(factors.join(" "), expected);
  if (factors.length === 3 && factors.some((factor) => factor < 0)) lines.fail(factors.join(" "), expected);
  const rows = "a lattice vector (three numbers)";
  const bare = [1, 2, 3].flatMap(() => lines.reals(lines.words(rows), 3, rows));
  const volume = cellVolume(bare);
  const lengths = [0, 3, 6].map((k) => Math.hypot(bare[k]!, bare[k + 1]!, bare[k + 2]!));
  if (!(volume > 1e-12 * lengths[0]! * lengths[1]! * lengths[2]!)) lines.fail(bare.join(" "), "independent vectors");
  const [first = 1] = factors;
  const uniform = first > 0 ? first : Math.cbrt(-first / volume);
  const scale = factors.length === 3 ? factors : [uniform, uniform, uniform];
  return { cell: bare.map((x, k) => x * scale[k % 3]!), scale };
}

function readSpecies(lines: TextLines, comment: string): { numbers: Uint8Array; count: number } {
  const expected = "chemical symbols, or the numbers of atoms";
  let words = lines.words(expected);
  let symbols = splitWords(comment);
  const named = words.length > 0 && /^[A-Za-z]/.test(words[0]!);
  if (named) {
    symbols = words;
    words = lines.words("the number of atoms of each species");
  }
  const counts = words.map((word) => lines.integer(word, "the number of atoms of each species", 1));
  // Symbols may carry the name of a pseudopotential: Si_pv, Ta_sv/1a2b3c.
  const elements = symbols.map((symbol) => findAtomicNumber(symbol.replace(/[_/].*$/, "")));
  if (counts.length === 0 || (named && counts.length !== symbols.length))
    lines.fail(words.join(" "), `one number of atoms for each of ${symbols.join(" ")}`);
  if (elements.length < counts.length || elements.slice(0, counts.length).includes(undefined))
    lines.fail(
      symbols.join(" "),
      named ? "chemical symbols" : "a line of chemical symbols before the numbers (VASP 5), or symbols in the comment",
      named ? lines.index - 2 : 0,
    );
  const count = counts.reduce((sum, n) => sum + n, 0);
  if (count > lines.left) lines.fail(`${count} atoms, ${lines.left} lines left`, "one line per atom");
  return { numbers: Uint8Array.from(counts.flatMap((n, k) => new Array<number>(n).fill(elements[k]!))), count };
}

/** Velocities come after a blank line, or a line that starts with a letter. */
function readVelocities(lines: TextLines, count: number): Float64Array | undefined {
  if (lines.left === 0) return undefined;
  const separator = lines.next("velocities").trim();
  if (/^lattice velocities/i.test(separator)) return undefined;
  if (separator !== "" && !/^[ck]/i.test(separator))
    lines.fail(separator, `the end after ${count} atoms, or a blank line and Cartesian velocities`);
  if (lines.lines.slice(lines.index).every((line) => line.trim() === "")) return undefined;
  const expected = `three velocities (A/fs) for each of ${count} atoms`;
  const velocities = new Float64Array(3 * count);
  for (let atom = 0; atom < count; atom++) velocities.set(lines.reals(lines.words(expected), 3, expected), 3 * atom);
  return velocities;
}

/** Writes VASP 5 Cartesian coordinates, which read back to the same bits; runs of one element in the order of the atoms. */
export function formatPoscar(frames: readonly LabeledStructure[]): string {
  const [frame] = frames;
  if (frame === undefined || frames.length !== 1)
    throw new InputError({ what: "POSCAR", value: `${frames.length} frames`, expected: "one per file" });
  const { structure } = frame;
  const { cell, numbers, positions, arrays = {}, info = {} } = structure;
  if (cellVolume(cell) === 0)
    throw new InputError({ what: "POSCAR", value: "no cell", expected: "three independent lattice vectors" });
  const runs: { symbol: string; count: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.symbol === symbolOf(number)) last.count++;
    else runs.push({ symbol: symbolOf(number), count: 1 });
  }
  const { move_mask: mask, velocities } = arrays;
  const free = mask?.kind === "logical" && (mask.width === 3 || mask.width === 1) ? mask : undefined;
  const rows = Array.from(numbers, (_, atom) => {
    const flags = [0, 1, 2].map((k) => (free?.values[free.width * atom + (k % free.width)] ? "T" : "F"));
    return `${triple(positions, atom)}${free ? ` ${flags.join(" ")}` : ""}`;
  });
  const { comment } = info;
  const title = typeof comment === "string" ? comment.replace(/[\r\n]+/g, " ").trim() : "";
  return `${[
    title === "" ? runs.map(({ symbol, count }) => `${symbol}${count}`).join(" ") : title,
    "1.0",
    ...[0, 1, 2].map((row) => triple(cell, row)),
    runs.map(({ symbol }) => symbol).join(" "),
    runs.map(({ count }) => count).join(" "),
    ...(free ? ["Selective dynamics"] : []),
    "Cartesian",
    ...rows,
    ...velocityRows(structure, velocities),
  ].join("\n")}\n`;
}

const triple = (values: Float64Array, row: number): string =>
  Array.from(values.subarray(3 * row, 3 * row + 3), formatReal).join(" ");

function velocityRows({ numbers }: Structure, velocities: AtomColumn | undefined): string[] {
  if (velocities?.kind !== "real" || velocities.width !== 3) return [];
  return ["", ...Array.from(numbers, (_, atom) => triple(velocities.values, atom))];
}
