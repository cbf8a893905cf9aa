import { InputError } from "../errors.js";
import { LARGEST_REAL } from "./text-lines.js";

/** Parses JSON; what is wrong is one line that names file and line. */
export function parseJson(text: string, file: string): unknown {
  const body = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(body);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const position = /position (\d+)/.exec(message)?.[1];
    const before = /end of JSON/i.test(message) ? body : body.slice(0, Number(position ?? 0));
    const line = before.split("\n").length;
    throw new InputError({ what: `${file} line ${line}`, value: message, expected: "JSON" }, { cause });
  }
}

/** A value inside a JSON document that knows where it stands, so that complaints name file and place. */
export class JsonPlace {
  constructor(
    readonly value: unknown,
    readonly file: string,
    readonly path = "",
  ) {}

  fail(expected: string): never {
    const what = `${this.file}${this.path === "" ? "" : ` ${this.path}`}`;
    throw new InputError({ what, value: this.value === undefined ? "nothing" : this.value, expected });
  }

  /** The member of an object; absent ones have the value undefined. */
  get(key: string): JsonPlace {
    const object = this.object();
    const path = this.path === "" ? key : `${this.path}.${key}`;
    return new JsonPlace(Object.hasOwn(object, key) ? object[key] : undefined, this.file, path);
  }

  /** `fail` about this place as the other parsers have it. */
  readonly complain = (value: string, expected: string): never =>
    new JsonPlace(value, this.file, this.path).fail(expected);

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  object(): Record<string, unknown> {
    if (this.value === null || typeof this.value !== "object" || Array.isArray(this.value)) this.fail("an object");
    return this.value as Record<string, unknown>;
  }

  /** Items of an array, of exactly `length` where given. */
  items(expected: string, length?: number): JsonPlace[] {
    const { value } = this;
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) this.fail(expected);
    return (value as unknown[]).map((item, k) => new JsonPlace(item, this.file, `${this.path}[${k}]`));
  }

  real(expected: string): number {
    if (typeof this.value !== "number" || !(Math.abs(this.value) <= LARGEST_REAL)) this.fail(expected);
    return this.value as number;
  }

  text(expected: string): string {
    if (typeof this.value !== "string") this.fail(expected);
    return this.value as string;
  }

  /** `rows` x `columns` numbers, flat. */
  matrix(rows: number, columns: number, expected: string): number[] {
    return this.items(expected, rows).flatMap((row) => row.items(expected, columns).map((item) => item.real(expected)));
  }
}
