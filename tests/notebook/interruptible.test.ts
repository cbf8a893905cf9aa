import { describe, expect, test } from "vitest";
import { makeInterruptible } from "../../src/notebook/interruptible.js";

/** Runs a body whose check throws at its n-th call. */
function run(body: string, calls: number, ...values: unknown[]): unknown {
  let left = calls;
  const check = (): void => {
    if (--left < 0) throw new Error("stopped");
  };
  const create = new Function("__check", "__keep", `return ${makeInterruptible(body)}`);
  return create(check, (compute: object, text: string) =>
    Object.defineProperty(compute, "toString", { value: () => text }),
  )(...values);
}

describe("loops of cells", () => {
  test.each([
    ["while", "(() => { while (true) {} })"],
    ["while without braces", "(() => { let i = 0; while (true) i++; })"],
    ["for without a condition", "(() => { for (;;); })"],
    ["do", "(() => { do { } while (true); })"],
    ["of", "(() => { for (const x of (function* () { for (;;) yield 1; })()); })"],
    [
      "nested functions and methods",
      "(() => { class A { go() { for (let i = 0; i < 1e99; i++) Math.cos(i); } } new A().go(); })",
    ],
    ["outer counted loop", "(() => { for (let i = 0; i < 1e99; i++) for (let k = 0; k < 3; k++) i += 0; })"],
  ])("%s ends when the check throws", (_, body) => {
    expect(() => run(body, 10)).toThrow("stopped");
  });

  test("an asynchronous loop ends too", async () => {
    const body = "(async () => { for (;;) await null; })";
    await expect(run(body, 3)).rejects.toThrow("stopped");
  });

  test("values, short loops and line numbers stay", () => {
    const body =
      "((n) => {\n  let s = 0;\n  for (let i = 0; i < n; i++) s += i;\n  for (const x of [1, 2])\n    s += x;\n  return s;\n})";
    expect(run(body, 1e9, 10)).toBe(48);
    const text = makeInterruptible(body);
    expect(text.split("\n")).toHaveLength(body.split("\n").length);
    expect(text.split("\n")[2]).toBe(body.split("\n")[2]);
  });

  test("the function of a stage keeps the text that its key contains", () => {
    const compute = "({ n }) => { let s = 0; for (const x of n) { s += x; } return s; }";
    const stage = (_name: string, inputs: unknown, f: (inputs: unknown) => unknown) => [String(f), f(inputs)];
    expect(
      run(`((stage) => stage("s", {}, ${compute}))`, 1e9, (name: string, _: unknown, f: never) =>
        stage(name, { n: [1, 2] }, f),
      ),
    ).toEqual([compute, 3]);
  });
});
