import { InputError } from "../errors.js";
import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

const NUMBERS = [
  "m",
  "gamma",
  "lambda3",
  "c",
  "d",
  "cosTheta0",
  "n",
  "beta",
  "lambda2",
  "B",
  "R",
  "D",
  "lambda1",
  "A",
] as const;

/**
 * One entry of a .tersoff file: the numbers of an ordered triplet, the first at the center, in eV and A. Names are those of
 * the file: an element's symbol, or a variant of it like Si(D).
 */
export type TersoffEntry = { readonly elements: readonly [string, string, string] } & {
  readonly [name in (typeof NUMBERS)[number]]: number;
};

const WORDS = 3 + NUMBERS.length;
const EXPECTED = `three elements and ${NUMBERS.length} numbers: ${NUMBERS.join(", ")}`;

/** Reads LAMMPS's .tersoff entries (metal units): 17 words each, over one or more lines, `#` begins a comment. */
export function parseTersoff(text: string, { file = "tersoff" }: ReadOptions = {}): TersoffEntry[] {
  const lines = new TextLines(text, file);
  const entries: TersoffEntry[] = [];
  let words: string[] = [];
  while (lines.left > 0) {
    words.push(...splitWords(lines.next("an entry").replace(/#.*/, "")));
    if (words.length > WORDS) lines.fail(words.join(" "), EXPECTED);
    if (words.length < WORDS) continue;
    entries.push(toEntry(words, lines, entries));
    words = [];
  }
  if (words.length > 0) lines.fail(words.join(" "), EXPECTED);
  if (entries.length === 0) lines.fail("no entries", EXPECTED, Math.max(0, lines.lines.length - 1));
  return entries;
}

function toEntry(words: readonly string[], lines: TextLines, before: readonly TersoffEntry[]): TersoffEntry {
  const elements = words.slice(0, 3) as [string, string, string];
  if (!elements.every((name) => /^[A-Za-z]/.test(name))) lines.fail(elements.join(" "), EXPECTED);
  if (before.some((entry) => entry.elements.join(" ") === elements.join(" ")))
    lines.fail(`${elements.join(" ")} twice`, "each ordered triplet once");
  const values = lines.reals(words.slice(3), NUMBERS.length, EXPECTED);
  const numbers = Object.fromEntries(NUMBERS.map((name, k) => [name, values[k]!])) as Omit<TersoffEntry, "elements">;
  if (numbers.m !== 1 && numbers.m !== 3) lines.fail(`m ${numbers.m}`, "m of 1 or 3");
  const negative = NUMBERS.find((name) => !["lambda3", "c", "cosTheta0"].includes(name) && numbers[name] < 0);
  if (negative !== undefined) lines.fail(`${negative} ${numbers[negative]}`, `${negative} of at least 0`);
  return { elements, ...numbers };
}

/**
 * The entries among these variants of elements (all of the file where none are named), under the symbols of the elements:
 * Si(D) becomes Si. Throws where one element is there in several variants.
 */
export function chooseTersoffVariants(
  entries: readonly TersoffEntry[],
  variants: readonly string[],
  file: string,
): TersoffEntry[] {
  const what = file.replace(/\s+/g, " ");
  const offered = [...new Set(entries.flatMap(({ elements }) => elements))];
  const absent = variants.find((name) => !offered.includes(name));
  if (absent !== undefined) throw new InputError({ what, value: absent, expected: `of ${offered.join(", ")}` });
  const chosen = variants.length > 0 ? variants : offered;
  const symbol = (name: string): string => name.replace(/\(.*\)$/, "");
  const several = chosen.filter((a) => chosen.some((b) => a !== b && symbol(a) === symbol(b)));
  if (several.length > 0)
    throw new InputError({
      what,
      value: several.join(", "),
      expected: "one variant of each element",
      attempt: `${what}(${chosen.filter((a, k) => chosen.findIndex((b) => symbol(a) === symbol(b)) === k).join(",")})`,
    });
  return entries
    .filter(({ elements }) => elements.every((name) => chosen.includes(name)))
    .map((entry) => ({ ...entry, elements: entry.elements.map(symbol) as [string, string, string] }));
}

/** Writes .tersoff entries that LAMMPS reads. */
export function formatTersoff(entries: readonly TersoffEntry[], comment = "PhaseCell"): string {
  const rows = entries.map((entry) => [...entry.elements, ...NUMBERS.map((name) => formatReal(entry[name]))].join(" "));
  return `# ${comment.split(/\s*[\r\n]+\s*/).join(" ")}\n# elements i j k, ${NUMBERS.join(", ")}\n${rows.join("\n")}\n`;
}
