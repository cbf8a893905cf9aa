import { clampedSpline } from "../math/clamped-spline.js";
import { formatReal, type ReadOptions, TextLines } from "./text-lines.js";

/** A cubic spline of a file: knots on a grid, values there, slopes at the first and the last. */
export interface SplineTable {
  readonly knots: readonly number[];
  readonly values: readonly number[];
  readonly slopes: readonly [number, number];
}

/** What a .meam.spline or .meam.sw.spline file holds, in eV and A. */
export interface SplineMeamFile {
  /** The first line. */
  readonly comment: string;
  /** As the file names them; a file of the old form, for one element, does not. */
  readonly elements: readonly string[] | undefined;
  /** phi of the elements' pairs (0,0), (0,1), ..., (1,1), ... */
  readonly pair: readonly SplineTable[];
  /** rho, U and f of each element. */
  readonly density: readonly SplineTable[];
  readonly embedding: readonly SplineTable[];
  readonly bond: readonly SplineTable[];
  /** g of the elements' pairs. */
  readonly angle: readonly SplineTable[];
  /** F and G of .meam.sw.spline. */
  readonly threeBody?: { readonly bond: readonly SplineTable[]; readonly angle: readonly SplineTable[] };
}

/** Which style of LAMMPS the file is for: `meam/spline`, old or new, or `meam/sw/spline`. */
export type SplineMeamForm = "spline" | "sw-spline";

/** Reads LAMMPS's spline MEAM files (metal units). */
export function parseSplineMeam(
  text: string,
  form: SplineMeamForm = "spline",
  { file = "meam.spline" }: ReadOptions = {},
): SplineMeamFile {
  const lines = new TextLines(text, file);
  const comment = lines.next("a comment line");
  const named = /^\s*meam\/spline\s/.test(lines.lines[1] ?? "");
  if (named && form === "sw-spline")
    lines.fail(lines.next("splines"), "the number of knots: meam/sw/spline has one element");
  const elements = named ? readElements(lines) : undefined;
  const count = elements?.length ?? 1;
  const read = (what: string, splines: number): SplineTable[] =>
    Array.from({ length: splines }, (_, k) => readSpline(lines, splines > 1 ? `${what} ${k + 1}` : what, named));
  const pairs = (count * (count + 1)) / 2;
  const pair = read("phi", pairs);
  const threeBody = form === "sw-spline" ? { bond: read("F", 1), angle: read("G", 1) } : undefined;
  const density = read("rho", count);
  const embedding = read("U", count);
  const bond = read("f", count);
  const angle = read("g", pairs);
  const rest = lines.nextFilled();
  if (rest !== undefined) lines.fail(rest, "the end after g; meam/spline and meam/sw/spline confused");
  return { comment, elements, pair, density, embedding, bond, angle, ...(threeBody ? { threeBody } : {}) };
}

function readElements(lines: TextLines): string[] {
  const expected = "meam/spline, the number of elements and their symbols";
  const [, count, ...elements] = lines.words(expected);
  if (lines.integer(count, expected, 1, 118) !== elements.length || !elements.every((name) => /^[A-Za-z]/.test(name)))
    lines.fail([count, ...elements].join(" "), expected);
  const twice = elements.find((name, index) => elements.indexOf(name) < index);
  if (twice !== undefined) lines.fail(`${twice} twice`, "each element once");
  return elements;
}

function readSpline(lines: TextLines, what: string, named: boolean): SplineTable {
  if (named) {
    const form = lines.next(`spline3eq, which begins ${what}`).trim();
    if (form !== "spline3eq") lines.fail(form, `spline3eq, which begins ${what}`);
  }
  const words = lines.words(`the number of knots of ${what}`);
  const count = lines.integer(words.length === 1 ? words[0] : words.join(" "), `the number of knots of ${what}`, 2);
  if (count > lines.left) lines.fail(count, `at most as many knots as lines are left, ${lines.left}`);
  const ends = `the slopes at both ends of ${what}`;
  const slopes = lines.reals(lines.words(ends), 2, ends) as [number, number];
  // Flags of another program.
  if (!named) lines.next(`a line of flags of ${what}`);
  const knots: number[] = [];
  const values: number[] = [];
  for (let k = 0; k < count; k++) {
    const expected = `knot ${k + 1} of ${count} of ${what}: place, value, second derivative`;
    const [place, value] = lines.reals(lines.words(expected), 3, expected) as [number, number];
    if (k > 0 && place <= knots[k - 1]!) lines.fail(place, `knots of ${what} that rise`);
    knots.push(place);
    values.push(value);
  }
  return { knots, values, slopes };
}

/** Writes a file that LAMMPS reads: of the new form where elements are named, else of the old one. */
export function formatSplineMeam(given: SplineMeamFile): string {
  const { comment, elements, pair, density, embedding, bond, angle, threeBody } = given;
  const named = elements !== undefined && threeBody === undefined;
  const spline = ({ knots, values, slopes }: SplineTable): string[] => {
    const { curvatures } = clampedSpline(knots, values, slopes);
    return [
      ...(named ? ["spline3eq"] : []),
      `${knots.length}`,
      slopes.map(formatReal).join(" "),
      ...(named ? [] : ["1 1 1 1"]),
      ...knots.map((x, k) => [x, values[k]!, curvatures[k]!].map(formatReal).join(" ")),
    ];
  };
  const splines = [pair, threeBody?.bond ?? [], threeBody?.angle ?? [], density, embedding, bond, angle].flat();
  return `${[
    comment.replace(/[\r\n]+/g, " "),
    ...(named ? [`meam/spline ${elements.length} ${elements.join(" ")}`] : []),
    ...splines.flatMap(spline),
  ].join("\n")}\n`;
}
