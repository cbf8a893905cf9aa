import { expect, test } from "vitest";
import { compileCell } from "../../src/notebook/compile-cell.js";
import { verdictKeys } from "../../src/notebook/jupyter/passed-checks.node.js";

const compiled = (...sources: readonly string[]) =>
  sources.map((value, i) => compileCell({ id: i + 1, mode: "ts", value, pinned: false, hidden: false }));
const keysOf = (...sources: readonly string[]): (string | undefined)[] => {
  const cells = compiled(...sources);
  return cells.map(verdictKeys(cells));
};

test("the verdict on a cell rests on its text and on all that it reaches", () => {
  const chain = ["const a = 1;", "const b = a;", "const c = b;", "const other = 5;"];
  const before = keysOf(...chain);
  expect(new Set(before).size).toBe(4);
  const after = keysOf("const a = 'one';", ...chain.slice(1));
  expect(after.map((key, i) => key === before[i])).toEqual([false, false, false, true]);
});

test("cells whose words cross have verdicts as well: a property may be called as another cell's value", () => {
  const crossed = ["const weights = { elastic: 20 };", "const fit = weights;", "const elastic = fit.elastic;"];
  const keys = keysOf(...crossed);
  expect(keys).not.toContain(undefined);
  expect(keysOf(...crossed)).toEqual(keys);
  expect(keysOf("const weights = { elastic: '20' };", ...crossed.slice(1))).not.toContain(keys[2]);
});

test("cells that rest on files of the project are checked each time", () => {
  const [file, reader, apart] = keysOf('import { x } from "./x.js";', "const y = x;", "const z = 1;");
  expect([file, reader]).toEqual([undefined, undefined]);
  expect(apart).toBeDefined();
});
