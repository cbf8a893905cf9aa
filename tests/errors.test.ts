import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { didYouMean, InputError } from "../src/errors.js";
import { parseWith } from "../src/schema.js";

describe("complaints", () => {
  it("are one line: what, value, expected, what to try", () => {
    const error = new InputError({ what: "cutoff", value: -1, expected: "a positive length in A", attempt: "4.8" });
    expect(error.message).toBe("cutoff: -1; expected a positive length in A; try 4.8");
  });

  it("shorten a long value and keep it on one line", () => {
    const { message } = new InputError({ what: "line 3", value: `a\nb ${"x".repeat(500)}` });
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(140);
  });

  it("suggest the nearest known word, or none", () => {
    expect(didYouMean("temprature", ["temperature", "pressure"])).toBe("temperature");
    expect(didYouMean("zzz", ["temperature", "pressure"])).toBeUndefined();
    expect(didYouMean("Qq", ["X", "Si"])).toBeUndefined();
  });
});

describe("parseWith", () => {
  const schema = v.strictObject({ md: v.strictObject({ temperature: v.number(), steps: v.optional(v.number(), 10) }) });

  it("fills defaults", () => {
    expect(parseWith(schema, { md: { temperature: 300 } }, "recipe")).toEqual({ md: { temperature: 300, steps: 10 } });
  });

  it("names the path of a wrong value", () => {
    expect(() => parseWith(schema, { md: { temperature: "hot" } }, "recipe")).toThrow(
      "recipe.md.temperature: hot; expected number",
    );
  });

  it("suggests the key that was meant", () => {
    expect(() => parseWith(schema, { md: { temperature: 300, step: 5 } }, "recipe")).toThrow(
      /unknown key recipe\.md\.step; .*try steps/,
    );
  });

  it("looks into the branch of a union that was meant", () => {
    const lattice = v.strictObject({ kind: v.literal("lattice"), a: v.number() });
    const other = v.strictObject({ kind: v.literal("file"), path: v.string() });
    const union = v.strictObject({
      structure: v.union([v.string(), lattice]),
      from: v.variant("kind", [lattice, other]),
    });
    const complaint = (structure: unknown, from: unknown) => () => parseWith(union, { structure, from }, "recipe");
    const file = { kind: "file", path: "a" };
    expect(complaint({ kind: "lattice", a: "x" }, file)).toThrow("recipe.structure.a: x; expected number");
    expect(complaint({ kind: "lattice", a: 1, b: 2 }, file)).toThrow(
      "unknown key recipe.structure.b; expected one of kind, a",
    );
    expect(complaint("a", { ...file, pth: 1 })).toThrow("unknown key recipe.from.pth; expected one of kind, path");
    expect(complaint(3, file)).toThrow("recipe.structure: 3; expected (string | Object)");
  });
});
