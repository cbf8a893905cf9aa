import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePlainData, encodePlainData } from "../src/plain-data.js";

const options = { what: "value" };
const roundTrip = (value: unknown): unknown => decodePlainData(encodePlainData(value, options), "value");

describe("plain data as bytes", () => {
  test("every JSON value and typed array survives", () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.float64Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
      fc.int32Array({ maxLength: 5 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        expect(roundTrip({ given })).toEqual({ given });
      }),
    );
  });

  test("numbers that JSON cannot hold, keys that look like marks, shared arrays", () => {
    const shared = Float64Array.of(1, 2);
    const given = {
      nan: Number.NaN,
      minus: -0,
      far: Number.NEGATIVE_INFINITY,
      mark: { $: "NaN" },
      a: shared,
      b: shared,
      hole: [undefined, 1],
    };
    expect(roundTrip(given)).toEqual(given);
  });

  test("equal content gives equal bytes for hashing, whatever the order of keys and the identity of arrays", () => {
    const array = Float64Array.of(1, 2, 3);
    const bytes = (value: unknown) => encodePlainData(value, { what: "value", sortKeys: true });
    expect(bytes({ a: array, b: Int32Array.of(4), c: array })).toEqual(
      bytes({ c: array.slice(), b: Int32Array.of(4), a: array }),
    );
    expect(bytes({ a: 1 })).not.toEqual(bytes({ a: 2 }));
  });

  test("what is not plain data is named by its path", () => {
    expect(() => encodePlainData({ model: { open: () => 1 } }, options)).toThrow(
      /value\.model\.open: function; expected plain data/,
    );
    expect(() => encodePlainData([new Map()], options)).toThrow(/value\[0\]: Map/);
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => encodePlainData(loop, options)).toThrow(/value\.self: a cycle/);
  });

  test("bytes cut short at any place are refused", () => {
    const bytes = encodePlainData({ a: Float64Array.of(1, 2), b: "text" }, options);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodePlainData(bytes.subarray(0, length), "entry")).toThrow();
  });
});
