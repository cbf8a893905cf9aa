import { formatReal, type ReadOptions, splitWords, TextLines } from "./text-lines.js";

/** One entry of a .sw file: the numbers of an ordered triplet of elements, the first at the center. */
export interface StillingerWeberEntry {
  readonly elements: readonly [string, string, string];
  /** eV. */
  readonly epsilon: number;
  /** A. */
  readonly sigma: number;
  readonly a: number;
  readonly lambda: number;
  readonly gamma: number;
  readonly cosTheta0: number;
  readonly A: number;
  readonly B: number;
  readonly p: number;
  readonly q: number;
  readonly tolerance: number;
}

const NUMBERS = ["epsilon", "sigma", "a", "lambda", "gamma", "cosTheta0", "A", "B", "p", "q", "tolerance"] as const;
const EXPECTED = `three elements and ${NUMBERS.length} numbers: ${NUMBERS.join(", ")}`;

/** Reads LAMMPS's .sw entries (metal units): 14 words each, over one or more lines, `#` begins a comment. */
export function parseStillingerWeber(text: string, { file = "sw" }: ReadOptions = {}): StillingerWeberEntry[] {
  const lines = new TextLines(text, file);
  const entries: StillingerWeberEntry[] = [];
  let words: string[] = [];
  while (lines.left > 0) {
    words.push(...splitWords(lines.next("an entry").replace(/#.*/, "")));
    if (words.length > 14) lines.fail(words.join(" "), EXPECTED);
    if (words.length < 14) continue;
    entries.push(toEntry(words, lines, entries));
    words = [];
  }
  if (words.length > 0) lines.fail(words.join(" "), EXPECTED);
  if (entries.length === 0) lines.fail("no entries", EXPECTED, Math.max(0, lines.lines.length - 1));
  return entries;
}

function toEntry(words: readonly string[], lines: TextLines, before: readonly StillingerWeberEntry[]) {
  const elements = words.slice(0, 3) as [string, string, string];
  if (!elements.every((symbol) => /^[A-Za-z]/.test(symbol))) lines.fail(elements.join(" "), EXPECTED);
  if (before.some((entry) => entry.elements.join(" ") === elements.join(" ")))
    lines.fail(`${elements.join(" ")} twice`, "each ordered triplet once");
  const values = lines.reals(words.slice(3), NUMBERS.length, EXPECTED);
  const entry = Object.fromEntries(NUMBERS.map((name, k) => [name, values[k]!])) as Record<
    (typeof NUMBERS)[number],
    number
  >;
  const negative = NUMBERS.find((name) => !["cosTheta0", "lambda", "A", "B"].includes(name) && entry[name] < 0);
  if (negative !== undefined) lines.fail(`${negative} ${entry[negative]}`, `${negative} of at least 0`);
  return { elements, ...entry };
}

/** Writes .sw entries that LAMMPS reads. */
export function formatStillingerWeber(entries: readonly StillingerWeberEntry[], comment = "PhaseCell"): string {
  const rows = entries.map((entry) => [...entry.elements, ...NUMBERS.map((name) => formatReal(entry[name]))].join(" "));
  return `# ${comment.split(/\s*[\r\n]+\s*/).join(" ")}\n# elements i j k, ${NUMBERS.join(", ")}\n${rows.join("\n")}\n`;
}
