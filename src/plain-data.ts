import { InputError } from "./errors.js";

/**
 * Plain data (null, booleans, numbers, strings, arrays, records, typed arrays) as bytes: a JSON header and the raw
 * typed arrays after it, the same in Node and in a page.
 *
 *     "PCD1" | header bytes (u32) | header, JSON in UTF-8 | zeros to a multiple of 8 | typed arrays, each 8-aligned
 *
 * In the header a typed array is `{"$":"Float64Array","at":offset,"length":n}`, a number that JSON cannot hold
 * `{"$":"NaN"}`, and a record with a key `$` of its own `{"$":"record","entries":[[key,value],...]}`.
 */

const TYPED_ARRAYS = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
};
type TypedArray = InstanceType<(typeof TYPED_ARRAYS)[keyof typeof TYPED_ARRAYS]>;

const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

const MAGIC = 0x31444350;
const aligned = (offset: number): number => (offset + 7) & ~7;

export interface EncodeOptions {
  /** What the value is called in a complaint: `stage fit: input dataset`. */
  readonly what: string;
  /** Equal content, equal bytes, for hashing: keys in alphabetical order, an array that occurs twice written twice. */
  readonly sortKeys?: boolean;
}

/** Bytes of plain data; InputError naming the path of what is not plain (a function, a class, a promise). */
export function encodePlainData(value: unknown, { what, sortKeys = false }: EncodeOptions): Uint8Array {
  const placed: { at: number; array: TypedArray }[] = [];
  const offsets = new Map<TypedArray, number>();
  const open = new Set<object>();
  let end = 0;

  const encode = (item: unknown, path: string): unknown => {
    if (item === null || typeof item === "string" || typeof item === "boolean") return item;
    if (typeof item === "number") return encodeNumber(item);
    if (item === undefined) return { $: "undefined" };
    if (typeof item !== "object") throw notPlain(path, typeof item);
    if (ArrayBuffer.isView(item)) return encodeArray(item as TypedArray, path);
    if (open.has(item)) throw notPlain(path, "a cycle");
    open.add(item);
    const encoded = Array.isArray(item)
      ? item.map((entry, i) => encode(entry, `${path}[${i}]`))
      : encodeRecord(item, path);
    open.delete(item);
    return encoded;
  };
  const encodeArray = (array: TypedArray, path: string): unknown => {
    const kind = array.constructor.name;
    if (!Object.hasOwn(TYPED_ARRAYS, kind)) throw notPlain(path, kind);
    const known = sortKeys ? undefined : offsets.get(array);
    const at = known ?? end;
    if (known === undefined) {
      offsets.set(array, at);
      placed.push({ at, array });
      end = aligned(end + array.byteLength);
    }
    return { $: kind, at, length: array.length };
  };
  const encodeRecord = (record: object, path: string): unknown => {
    const prototype: unknown = Object.getPrototypeOf(record);
    if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype as object) !== null)
      throw notPlain(path, record.constructor?.name ?? "an object");
    const given = Object.entries(record).filter(([, entry]) => entry !== undefined);
    if (sortKeys) given.sort(([a], [b]) => (a < b ? -1 : 1));
    const entries = given.map(([key, entry]): [string, unknown] => [key, encode(entry, `${path}.${key}`)]);
    return Object.hasOwn(record, "$") ? { $: "record", entries } : Object.fromEntries(entries);
  };

  const header = new TextEncoder().encode(JSON.stringify(encode(value, what)));
  const start = aligned(8 + header.length);
  const bytes = new Uint8Array(start + end);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const { at, array } of placed)
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + at);
  return bytes;
}

const notPlain = (path: string, found: string): InputError =>
  new InputError({
    what: path,
    value: found,
    expected: "plain data (numbers, strings, arrays, records, typed arrays)",
  });

function encodeNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $: "-0" };
  return Number.isFinite(value) ? value : { $: String(value) };
}

/** The value that was encoded; InputError when the bytes are not such an encoding or are cut short. */
export function decodePlainData(bytes: Uint8Array, what: string): unknown {
  const broken = (found: string): InputError =>
    new InputError({ what, value: found, expected: "plain data as PhaseCell writes it" });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw broken("other bytes");
  const headerLength = view.getUint32(4, true);
  const start = aligned(8 + headerLength);
  if (8 + headerLength > bytes.length) throw broken("a file cut short");

  const decodeArray = (kind: keyof typeof TYPED_ARRAYS, at: number, length: number): TypedArray => {
    const type = TYPED_ARRAYS[kind];
    const from = start + at;
    const to = from + length * type.BYTES_PER_ELEMENT;
    if (!(at >= 0 && length >= 0 && to <= bytes.length)) throw broken("a file cut short");
    return new type(new Uint8Array(bytes.subarray(from, to)).buffer);
  };
  const decode = (item: unknown): unknown => {
    if (typeof item !== "object" || item === null) return item;
    if (Array.isArray(item)) return item.map(decode);
    const record = item as Record<string, unknown>;
    const mark = record.$;
    if (typeof mark !== "string")
      return Object.fromEntries(Object.entries(record).map(([key, entry]) => [key, decode(entry)]));
    if (mark === "undefined") return undefined;
    if (Object.hasOwn(SPECIAL_NUMBERS, mark)) return SPECIAL_NUMBERS[mark];
    if (mark === "record")
      return Object.fromEntries((record.entries as [string, unknown][]).map(([key, entry]) => [key, decode(entry)]));
    if (Object.hasOwn(TYPED_ARRAYS, mark))
      return decodeArray(mark as keyof typeof TYPED_ARRAYS, record.at as number, record.length as number);
    throw broken(`the unknown mark ${mark}`);
  };
  return decode(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))));
}
