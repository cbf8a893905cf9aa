import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

/** `alloy`: one density per element; `finnis-sinclair`: one for each element that feels it. */
export type SetflForm = "alloy" | "finnis-sinclair";

/** What a setfl file says of one element. */
export interface SetflElement {
  readonly symbol: string;
  /** As the file says; not always the true one. */
  readonly number: number;
  /** amu. */
  readonly mass: number;
  /** A. */
  readonly latticeConstant: number;
  readonly lattice: string;
}

/** Tables of an embedded-atom potential; they start at 0. */
export interface Setfl {
  readonly form: SetflForm;
  /** The three lines at the top. */
  readonly comments: readonly string[];
  readonly elements: readonly SetflElement[];
  /** Spacing of the embedding tables. */
  readonly densityStep: number;
  /** A, spacing of the density and pair tables. */
  readonly radialStep: number;
  /** A. */
  readonly cutoff: number;
  /** [element] eV. */
  readonly embedding: readonly (readonly number[])[];
  /** [source element][1, or the element that feels it]. */
  readonly density: readonly (readonly (readonly number[])[])[];
  /** [(0,0), (1,0), (1,1), (2,0), ...] r phi(r) in eV A. */
  readonly pair: readonly (readonly number[])[];
}

/** Reads DYNAMO's setfl tables as LAMMPS does: `.eam.alloy` (form alloy) and `.eam.fs` (form finnis-sinclair). */
export function parseSetfl(text: string, form: SetflForm, { file = "setfl" }: ReadOptions = {}): Setfl {
  const lines = new TextLines(text, file);
  const comments = [1, 2, 3].map((line) => lines.next(`comment line ${line} of 3`));
  const symbols = readSymbols(lines);
  const grid = readGrid(lines, symbols.length, form, text.length);
  const elements: SetflElement[] = [];
  const [embedding, density]: [number[][], number[][][]] = [[], []];
  for (const symbol of symbols) {
    elements.push(readElement(symbol, lines));
    embedding.push(readTable(grid.densities, lines, `the embedding energy of ${symbol}`));
    const feeling = form === "alloy" ? [""] : symbols.map((other) => ` at ${other}`);
    density.push(feeling.map((at) => readTable(grid.radii, lines, `the density of ${symbol}${at}`)));
  }
  const pair: number[][] = [];
  symbols.forEach((a, i) => {
    for (const b of symbols.slice(0, i + 1))
      pair.push(readTable(grid.radii, lines, `the pair function of ${a} and ${b}`));
  });
  const rest = lines.nextFilled();
  if (rest !== undefined) lines.fail(rest, `the end after ${pair.length} pair tables; .eam.alloy or .eam.fs confused`);
  const { densityStep, radialStep, cutoff } = grid;
  return { form, comments, elements, densityStep, radialStep, cutoff, embedding, density, pair };
}

function readSymbols(lines: TextLines): string[] {
  const expected = "the number of elements and their symbols";
  const [count, ...symbols] = lines.words(expected);
  if (lines.integer(count, expected, 1, 118) !== symbols.length || !symbols.every((symbol) => /^[A-Za-z]/.test(symbol)))
    lines.fail([count, ...symbols].join(" "), expected);
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) < index);
  if (twice !== undefined) lines.fail(`${twice} twice`, "each element once");
  return symbols;
}

function readGrid(lines: TextLines, elements: number, form: SetflForm, characters: number) {
  const expected = "Nrho drho Nr dr cutoff";
  const words = lines.words(expected);
  if (words.length !== 5) lines.fail(words.join(" "), expected);
  const densities = lines.integer(words[0], `${expected} with Nrho of at least 5`, 5);
  const densityStep = lines.real(words[1], expected);
  const radii = lines.integer(words[2], `${expected} with Nr of at least 5`, 5);
  const radialStep = lines.real(words[3], expected);
  const cutoff = lines.real(words[4], expected);
  if (!(densityStep > 0 && radialStep > 0 && cutoff > 0)) lines.fail(words.join(" "), `${expected} above 0`);
  const tables = elements * (form === "alloy" ? 1 : elements) + (elements * (elements + 1)) / 2;
  // A number takes two characters at least: a file too short for its counts is refused before anything is allocated.
  if (2 * (elements * densities + tables * radii) > characters + 2)
    lines.fail(
      words.join(" "),
      `${elements * densities + tables * radii} numbers in a file of ${characters} characters`,
    );
  return { densities, densityStep, radii, radialStep, cutoff };
}

function readElement(symbol: string, lines: TextLines): SetflElement {
  const expected = `atomic number, mass, lattice constant and lattice of ${symbol}`;
  const [number, mass, constant, ...lattice] = lines.words(expected);
  const element = {
    symbol,
    number: lines.integer(number, expected),
    mass: lines.real(mass, expected),
    latticeConstant: lines.real(constant, expected),
    lattice: lattice.join(" "),
  };
  if (!(element.mass > 0)) lines.fail(mass, expected);
  return element;
}

/** `count` numbers, any number per line; the last line must end with the last of them. */
function readTable(count: number, lines: TextLines, what: string): number[] {
  const values: number[] = [];
  while (values.length < count) {
    const expected = `number ${values.length + 1} of ${count} of ${what}`;
    for (const word of splitWords(lines.next(expected))) values.push(lines.real(word, expected));
  }
  if (values.length > count) lines.fail(`${values.length - count} numbers too many`, `${count} numbers of ${what}`);
  return values;
}

/** Writes setfl tables that LAMMPS reads; every number reads back to the same bits. */
export function formatSetfl(setfl: Setfl): string {
  const table = (values: readonly number[]): string => {
    const rows: string[] = [];
    for (let k = 0; k < values.length; k += 5)
      rows.push(
        values
          .slice(k, k + 5)
          .map(formatReal)
          .join(" "),
      );
    return rows.join("\n");
  };
  const { comments, elements, embedding, density, pair } = setfl;
  return `${[
    ...[0, 1, 2].map((k) => (comments[k] ?? "").replace(/[\r\n]+/g, " ")),
    `${elements.length} ${elements.map(({ symbol }) => symbol).join(" ")}`,
    `${embedding[0]?.length} ${formatReal(setfl.densityStep)} ${pair[0]?.length} ${formatReal(setfl.radialStep)} ${formatReal(setfl.cutoff)}`,
    ...elements.flatMap(({ number, mass, latticeConstant, lattice }, index) => [
      `${number} ${formatReal(mass)} ${formatReal(latticeConstant)} ${lattice}`.trim(),
      table(embedding[index]!),
      ...density[index]!.map(table),
    ]),
    ...pair.map(table),
  ].join("\n")}\n`;
}
