import type { InfoValue } from "../structure/structure.js";
import { formatReal, parseReal } from "./text-lines.js";

/** One `key=value` of a comment line: the text between the delimiters, and what it means. */
export interface InfoEntry {
  readonly text: string;
  readonly value: InfoValue;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "{": "}", "[": "]" };
const JSON_MARK = "_JSON ";

/**
 * The pairs of an extended XYZ comment line, as ASE takes them: values in quotes, braces or brackets, a backslash
 * before the character it protects, numbers and logicals recognized, a key alone is true. `fail` is called with what
 * is wrong.
 */
export function parseInfo(line: string, fail: (value: string, expected: string) => never): Map<string, InfoEntry> {
  const entries = new Map<string, InfoEntry>();
  for (const [key, text] of splitPairs(line, fail)) {
    if (key === "") fail(line, "a key before =");
    const entry = { text: text ?? "T", value: text === undefined ? true : toValue(key, text) };
    const before = entries.get(key);
    if (before !== undefined && before.text !== entry.text) fail(`${key} twice`, "each key once");
    entries.set(key, entry);
  }
  return entries;
}

function splitPairs(line: string, fail: (value: string, expected: string) => never): [string, string | undefined][] {
  const pairs: [string, string | undefined][] = [];
  let [key, text] = ["", undefined as string | undefined];
  let closing: string | undefined;
  let [started, delimited] = [false, false];
  const append = (character: string): void => {
    if (text === undefined) key += character;
    else text += character;
    started = true;
  };
  const finish = (): void => {
    if (started) pairs.push([key, text]);
    [key, text, started, delimited] = ["", undefined, false, false];
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === "\\") {
      at++;
      if (at === line.length) fail(line, "a character after the backslash");
      append(line[at]!);
    } else if (closing !== undefined) {
      if (character === closing) closing = undefined;
      else append(character);
    } else if (character in CLOSING) {
      closing = CLOSING[character];
      started = delimited = true;
    } else if (/\s/.test(character)) {
      while (/\s/.test(line[at + 1] ?? "")) at++;
      // Blanks around = belong to the pair.
      const beforeEquals = text === undefined && line[at + 1] === "=";
      if (!beforeEquals && (text !== "" || delimited)) finish();
    } else if (character === "=" && text === undefined) {
      text = "";
      started = true;
      delimited = false;
    } else append(character);
  }
  if (closing !== undefined) fail(line, `a closing ${closing}`);
  finish();
  return pairs;
}

function toValue(key: string, text: string): InfoValue {
  if (key.toLowerCase() === "uid") {
    const decoded = jsonOf(text);
    return typeof decoded === "string" ? decoded : text;
  }
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const numbers = words.map(parseNumber);
  if (numbers.length > 0 && numbers.every((number) => number !== undefined))
    return numbers.length === 1 ? numbers[0]! : numbers;
  if (words.length > 0 && words.every((word) => word === "T" || word === "F"))
    return words.length === 1 ? words[0] === "T" : words.map((word) => word === "T");
  if (text.startsWith(JSON_MARK)) {
    const value = fromJson(text.slice(JSON_MARK.length));
    if (isInfoValue(value)) return value;
  }
  return text;
}

/** Numbers that a double would change (long identifiers) stay text. */
function parseNumber(word: string): number | undefined {
  const value = parseReal(word);
  return value !== undefined && /^[+-]?\d+$/.test(word) && !Number.isSafeInteger(value) ? undefined : value;
}

/** The object behind `_JSON {...}`, or undefined. */
export const jsonOf = (text: string): unknown =>
  text.startsWith(JSON_MARK) ? fromJson(text.slice(JSON_MARK.length)) : undefined;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isScalar = (value: unknown): value is number | string | boolean =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

const isUniform = (values: readonly unknown[]): boolean =>
  values.every((value) => isScalar(value) && typeof value === typeof values[0]);

function isInfoValue(value: unknown): value is InfoValue {
  if (isScalar(value)) return true;
  if (!Array.isArray(value)) return false;
  return (
    isUniform(value) ||
    value.every((row) => Array.isArray(row) && row.every((x) => typeof x === "number" && Number.isFinite(x)))
  );
}

/** `key=value` such that `parseInfo`, and ASE, read the same value back. */
export function formatInfo(key: string, value: InfoValue): string {
  return `${protect(key)}=${protect(toText(key, value))}`;
}

/** `key="_JSON {...}"` for what is not an info value. */
export const formatJson = (key: string, value: unknown): string =>
  `${protect(key)}=${protect(JSON_MARK + JSON.stringify(value))}`;

function toText(key: string, value: InfoValue): string {
  // ASE takes what follows an empty value for the value: an empty text goes as JSON.
  const text = value === "" ? undefined : plainText(value);
  return text !== undefined && same(toValue(key, text), value) ? text : JSON_MARK + JSON.stringify(value);
}

function plainText(value: InfoValue): string | undefined {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "string") return value;
  if (value.some((item) => typeof item !== "number" && typeof item !== "boolean")) return undefined;
  return (value as readonly (number | boolean)[])
    .map((item) => (typeof item === "number" ? formatNumber(item) : item ? "T" : "F"))
    .join(" ");
}

const formatNumber = (value: number): string =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : formatReal(value);

const same = (a: InfoValue, b: InfoValue): boolean => typeof a === typeof b && JSON.stringify(a) === JSON.stringify(b);

function protect(text: string): string {
  if (/[\r\n]/.test(text)) return protect(JSON_MARK + JSON.stringify(text));
  return /^[\w.+-]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
