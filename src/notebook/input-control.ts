import { didYouMean, InputError } from "../errors.js";

/** A value a reader may set: what `Inputs.range(...)` and its kin return on hosts without Observable's own inputs. */
export interface InputControl<T = unknown> {
  readonly control: "range" | "number" | "select" | "radio" | "checkbox" | "toggle" | "text" | "button" | "table";
  readonly label: string;
  readonly value: T;
  /** Of range and number. */
  readonly extent?: readonly [number, number];
  readonly step?: number;
  /** Of select, radio, checkbox and table: the texts shown. */
  readonly options?: readonly string[];
  /** The values behind `options`. */
  readonly values?: readonly unknown[];
}

export interface RangeOptions {
  readonly label?: string;
  readonly value?: number;
  readonly step?: number;
}

export interface ChoiceOptions<T> {
  readonly label?: string;
  readonly value?: T;
}

type Choices<T> = readonly T[] | ReadonlyMap<string, T>;

/** Observable's `Inputs` as records: a host shows them, `--set name=value` sets them. */
export const Inputs = {
  range: (extent: readonly [number, number], options: RangeOptions = {}): InputControl<number> => ({
    control: "range",
    ...numeric(extent, options),
  }),
  number: (extent: readonly [number, number], options: RangeOptions = {}): InputControl<number> => ({
    control: "number",
    ...numeric(extent, options),
  }),
  select: <T>(choices: Choices<T>, options: ChoiceOptions<T> = {}): InputControl<T> => ({
    control: "select",
    ...choice(choices, options),
  }),
  radio: <T>(choices: Choices<T>, options: ChoiceOptions<T> = {}): InputControl<T> => ({
    control: "radio",
    ...choice(choices, options),
  }),
  checkbox: <T>(choices: Choices<T>, options: ChoiceOptions<readonly T[]> = {}): InputControl<readonly T[]> => {
    const { texts, values } = toChoices(choices);
    return { control: "checkbox", label: options.label ?? "", value: options.value ?? [], options: texts, values };
  },
  toggle: (options: ChoiceOptions<boolean> = {}): InputControl<boolean> => ({
    control: "toggle",
    label: options.label ?? "",
    value: options.value ?? false,
  }),
  text: (options: ChoiceOptions<string> = {}): InputControl<string> => ({
    control: "text",
    label: options.label ?? "",
    value: options.value ?? "",
  }),
  button: (label: string): InputControl<number> => ({ control: "button", label, value: 0 }),
  /** Rows to choose from, records or an arquero table; no row chosen means all of them. */
  table: <T extends object>(
    rows: readonly T[] | { objects(): T[] },
    { label = "" }: { readonly label?: string } = {},
  ): InputControl<readonly T[]> => {
    const values = "objects" in rows ? rows.objects() : [...rows];
    return { control: "table", label, value: values, options: alignedRows(values), values };
  },
} as const;

/** Each row as text, columns below each other. */
function alignedRows(rows: readonly object[]): string[] {
  const show = (value: unknown): string =>
    typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "");
  const texts = rows.map((row) => Object.values(row).map(show));
  const widths = texts.reduce<number[]>(
    (widest, row) => row.map((text, k) => Math.max(widest[k] ?? 0, text.length)),
    [],
  );
  // Spaces that HTML does not join.
  return texts.map((row) => row.map((text, k) => text.padEnd(widths[k]!, "\u00a0")).join("\u00a0\u00a0"));
}

function numeric(extent: readonly [number, number], { label = "", value, step }: RangeOptions) {
  const middle = value ?? (extent[0] + extent[1]) / 2;
  return { label, value: middle, extent, ...(step === undefined ? {} : { step }) };
}

function choice<T>(choices: Choices<T>, { label = "", value }: ChoiceOptions<T>) {
  const { texts, values } = toChoices(choices);
  return { label, value: value === undefined ? values[0]! : value, options: texts, values };
}

function toChoices<T>(choices: Choices<T>): { texts: string[]; values: T[] } {
  if (Array.isArray(choices)) return { texts: choices.map(String), values: [...(choices as readonly T[])] };
  const map = choices as ReadonlyMap<string, T>;
  return { texts: [...map.keys()], values: [...map.values()] };
}

export const isInputControl = (value: unknown): value is InputControl =>
  typeof value === "object" && value !== null && "control" in value && "value" in value;

/** The value that `text` means to a control: `--set temperature=900`. */
export function parseInput(name: string, { control, extent, options = [], values = [] }: InputControl, text: string) {
  const what = `--set ${name}`;
  if (control === "text") return text;
  if (control === "toggle") {
    if (text !== "true" && text !== "false") throw new InputError({ what, value: text, expected: "true or false" });
    return text === "true";
  }
  if (control === "select" || control === "radio") return pick(what, text, options, values);
  if (control === "table") return pickRows(what, text, values);
  if (control === "checkbox")
    return text === "" ? [] : text.split(",").map((part) => pick(what, part.trim(), options, values));
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const [low, high] = extent ?? [0, Number.MAX_SAFE_INTEGER];
  if (!(number >= low && number <= high))
    throw new InputError({ what, value: text, expected: `a number from ${low} to ${high}` });
  return number;
}

/** Rows by their number, the first being 1: `--set chosen=1,4`. */
function pickRows(what: string, text: string, rows: readonly unknown[]): unknown {
  const places = text.split(",").map(Number);
  if (!places.every((place) => Number.isInteger(place) && place >= 1 && place <= rows.length))
    throw new InputError({ what, value: text, expected: `numbers of rows from 1 to ${rows.length}, as in 1,4` });
  return places.map((place) => rows[place - 1]);
}

function pick(what: string, text: string, options: readonly string[], values: readonly unknown[]): unknown {
  const at = options.indexOf(text);
  if (at >= 0) return values[at];
  const meant = didYouMean(text, options);
  throw new InputError({
    what,
    value: text,
    expected: `one of ${options.join(", ")}`,
    ...(meant ? { attempt: meant } : {}),
  });
}
