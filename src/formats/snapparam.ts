import { didYouMean } from "../errors.js";
import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

/** The hyperparameters of a .snapparam file, under LAMMPS's names; absent ones are absent. */
export interface SnapParameters {
  /** A, times the sum of two radii. */
  readonly rcutfac: number;
  readonly twojmax: number;
  readonly rfac0?: number;
  readonly rmin0?: number;
  readonly switchflag?: boolean;
  readonly bzeroflag?: boolean;
  readonly quadraticflag?: boolean;
  readonly chemflag?: boolean;
  readonly bnormflag?: boolean;
  readonly wselfallflag?: boolean;
  readonly switchinnerflag?: boolean;
  /** A, one per element. */
  readonly sinner?: readonly number[];
  readonly dinner?: readonly number[];
}

const REALS = ["rcutfac", "rfac0", "rmin0"];
const FLAGS = [
  ...["switchflag", "bzeroflag", "quadraticflag", "chemflag", "bnormflag", "wselfallflag", "switchinnerflag"],
];
const LISTS = ["sinner", "dinner"];
/** How LAMMPS divides its work: no physics. */
const IGNORED = ["chunksize", "parallelthresh"];
const KEYWORDS = ["twojmax", ...REALS, ...FLAGS, ...LISTS, ...IGNORED, "diagonalstyle"];

/** Reads LAMMPS's SNAP hyperparameters, one `keyword value` per line. The old `diagonalstyle` must be 3, the only one left. */
export function parseSnapparam(text: string, { file = "snapparam" }: ReadOptions = {}): SnapParameters {
  const lines = new TextLines(text, file);
  const found: Record<string, number | boolean | number[]> = {};
  while (lines.left > 0) {
    const [keyword, ...values] = splitWords(lines.next("a line").replace(/#.*/, ""));
    if (keyword === undefined) continue;
    if (Object.hasOwn(found, keyword)) lines.fail(`${keyword} twice`, "each keyword once");
    const value = readValue(keyword, values, lines);
    if (value !== undefined) found[keyword] = value;
  }
  for (const required of ["rcutfac", "twojmax"])
    if (!(required in found))
      lines.fail("end of file", `${required} and its value`, Math.max(0, lines.lines.length - 1));
  return found as unknown as SnapParameters;
}

function readValue(
  keyword: string,
  values: readonly string[],
  lines: TextLines,
): number | boolean | number[] | undefined {
  const text = `${keyword} ${values.join(" ")}`;
  if (LISTS.includes(keyword) && values.length > 0)
    return lines.reals(values, undefined, `${keyword} and a number per element`);
  if (!KEYWORDS.includes(keyword)) {
    const meant = didYouMean(keyword, KEYWORDS);
    lines.fail(keyword, `a keyword of SNAP${meant === undefined ? "" : ` such as ${meant}`}`);
  }
  if (values.length !== 1) lines.fail(text, `${keyword} and one value`);
  const [word] = values as [string];
  if (REALS.includes(keyword)) return lines.real(word, `${keyword} and a number`);
  if (keyword === "twojmax") return lines.integer(word, "twojmax and a whole number up to 100", 0, 100);
  if (FLAGS.includes(keyword)) return lines.integer(word, `${keyword} and 0 or 1`, 0, 1) === 1;
  if (keyword === "diagonalstyle" && word !== "3") lines.fail(text, "diagonalstyle 3");
  return undefined;
}

/** Writes a .snapparam file that LAMMPS reads. */
export function formatSnapparam(parameters: SnapParameters, comment = "PhaseCell"): string {
  const rows = Object.entries(parameters).map(([keyword, value]: [string, number | boolean | readonly number[]]) => {
    if (typeof value === "boolean") return `${keyword} ${value ? 1 : 0}`;
    if (typeof value === "number") return `${keyword} ${keyword === "twojmax" ? value : formatReal(value)}`;
    return `${keyword} ${value.map(formatReal).join(" ")}`;
  });
  return `# ${comment.split(/\s*[\r\n]+\s*/).join(" ")}\n\n${rows.join("\n")}\n`;
}
