import { InputError } from "../errors.js";

/** What a parser may be told about the text. */
export interface ReadOptions {
  /** Named in complaints. */
  readonly file?: string;
}

/** A text read line by line; every complaint names file and line. */
export class TextLines {
  readonly lines: readonly string[];
  /** Index of the next line. */
  index = 0;

  constructor(
    text: string,
    readonly file: string,
  ) {
    const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
    if (lines.at(-1) === "") lines.pop();
    this.lines = lines;
  }

  get left(): number {
    return this.lines.length - this.index;
  }

  /** The next line as it is; the end of the text is a complaint. */
  next(expected: string): string {
    const line = this.lines[this.index];
    if (line === undefined) {
      this.index++;
      this.fail("end of file", expected);
    }
    this.index++;
    return line;
  }

  /** The next line that is not blank, or undefined at the end. */
  nextFilled(): string | undefined {
    while (this.left > 0) {
      const line = this.next("a line");
      if (line.trim() !== "") return line;
    }
    return undefined;
  }

  /** The words of the next line. */
  words(expected: string): string[] {
    return splitWords(this.next(expected));
  }

  /** Complains about the line read last, or another by its index. */
  fail(value: unknown, expected: string, index = this.index - 1): never {
    throw new InputError({ what: `${this.file} line ${index + 1}`, value, expected });
  }

  /** The words of the line read last as finite numbers, exactly `count` of them unless undefined. */
  reals(words: readonly string[], count: number | undefined, expected: string): number[] {
    if (count !== undefined && words.length !== count) this.fail(words.join(" "), expected);
    return words.map((word) => this.real(word, expected));
  }

  real(word: string | undefined, expected: string): number {
    const value = word === undefined ? undefined : parseReal(word);
    if (value === undefined) this.fail(word ?? "nothing", expected);
    return value;
  }

  /** A whole number from `least` to `most`. */
  integer(word: string | undefined, expected: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    const value = word !== undefined && /^[+-]?\d+$/.test(word) ? Number(word) + 0 : Number.NaN;
    if (!(value >= least && value <= most)) this.fail(word ?? "nothing", expected);
    return value;
  }
}

/** The words of a line, separated by blanks. */
export function splitWords(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
}

/** Beyond this a number stands for a broken file, and squares of it overflow. */
export const LARGEST_REAL = 1e100;

/** A number as C, Python and Fortran (exponent D) write it; undefined for anything else, and for absurd magnitudes. */
export function parseReal(word: string): number | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/.test(word)) return undefined;
  const value = Number(word.replace(/[dD]/, "e"));
  return Math.abs(value) <= LARGEST_REAL ? value : undefined;
}

/** A finite number as the shortest text that reads back to the same bits, with a point where Python would take it for an integer. */
export function formatReal(value: number): string {
  if (!Number.isFinite(value)) throw new InputError({ what: "number to write", value, expected: "a finite number" });
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A decimal number times a power of ten, without rounding: units turn into each other and back exactly. */
export function shiftDecimal(word: string, power: number): string {
  const [mantissa, exponent = "0"] = word.split(/[eEdD]/);
  return `${mantissa}e${Number(exponent) + power}`;
}
