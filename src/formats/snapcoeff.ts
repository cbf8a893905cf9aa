import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

/** One element of a .snapcoeff file. */
export interface SnapCoefficients {
  readonly element: string;
  /** In units of rcutfac. */
  readonly radius: number;
  readonly weight: number;
  /** Constant (eV) first, then one per component and, where the model is quadratic, per product. */
  readonly coefficients: readonly number[];
}

/** Words of the next line with something before `#`, or undefined at the end. */
function nextWords(lines: TextLines): string[] | undefined {
  while (lines.left > 0) {
    const words = splitWords(lines.next("a line").replace(/#.*/, ""));
    if (words.length > 0) return words;
  }
  return undefined;
}

/** Reads LAMMPS's SNAP coefficients: `elements coefficients`, then per element `symbol radius weight` and one per line. */
export function parseSnapcoeff(text: string, { file = "snapcoeff" }: ReadOptions = {}): SnapCoefficients[] {
  const lines: TextLines = new TextLines(text, file);
  const header = nextWords(lines) ?? [];
  const expected = "the numbers of elements and of coefficients per element";
  if (header.length !== 2) lines.fail(header.join(" ") || "no numbers", expected);
  const [elements, count] = header.map((word) => lines.integer(word, expected, 1)) as [number, number];
  if (elements * (count + 1) > lines.left)
    lines.fail(`${elements} elements of ${count} coefficients, ${lines.left} lines left`, expected);
  const found: SnapCoefficients[] = [];
  for (let k = 0; k < elements; k++) {
    const entry = "an element, its radius and its weight";
    const [element = "", ...numbers] = nextWords(lines) ?? [];
    if (!/^[A-Za-z]/.test(element)) lines.fail(element || "end of file", entry);
    if (found.some((other) => other.element === element)) lines.fail(`${element} twice`, "each element once");
    const [radius, weight] = lines.reals(numbers, 2, entry) as [number, number];
    const coefficients = Array.from({ length: count }, (_, n) => {
      const wanted = `coefficient ${n + 1} of ${count} of ${element}, one per line`;
      const words = nextWords(lines);
      if (words === undefined) lines.fail("end of file", wanted, lines.lines.length - 1);
      return lines.reals(words, 1, wanted)[0]!;
    });
    found.push({ element, radius, weight, coefficients });
  }
  const rest = nextWords(lines);
  if (rest !== undefined) lines.fail(rest.join(" "), `the end after ${elements} x ${count} coefficients`);
  return found;
}

/** Writes a .snapcoeff file that LAMMPS reads; every number reads back to the same bits. */
export function formatSnapcoeff(elements: readonly SnapCoefficients[], comment = "PhaseCell"): string {
  const blocks = elements.map(
    ({ element, radius, weight, coefficients }) =>
      `${element} ${formatReal(radius)} ${formatReal(weight)}\n${coefficients.map(formatReal).join("\n")}\n`,
  );
  const title = comment.split(/\s*[\r\n]+\s*/).join(" ");
  return `# ${title}\n\n${elements.length} ${elements[0]?.coefficients.length ?? 0}\n${blocks.join("")}`;
}
