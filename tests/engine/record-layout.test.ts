import { beforeAll, expect, it } from "vitest";
import { DYNAMICS } from "../../src/dynamics/dynamics-layout.js";
import { layOut, openRecord } from "../../src/engine/record-layout.js";
import { SYSTEM } from "../../src/engine/system-layout.js";
import { initEngine, instantiateKernels } from "../../src/engine/wasm-module.js";
import { NEIGHBORHOOD } from "../../src/neighbors/neighborhood-layout.js";
import { EVALUATOR } from "../../src/potentials/evaluator-layout.js";

beforeAll(initEngine);

it("records are as large in TypeScript as in AssemblyScript", () => {
  const { exports, release } = instantiateKernels();
  const sizes = [SYSTEM, NEIGHBORHOOD, EVALUATOR, DYNAMICS].map((layout) => layout.bytes);
  expect([0, 1, 2, 3].map((record) => exports.recordBytes(record))).toEqual(sizes);
  release();
});

it("fields are aligned to their size and read back as written", () => {
  const layout = layOut({ a: "i32", b: "f64", c: "usize", d: "f64" });
  expect(layout.offsets).toEqual({ a: 0, b: 8, c: 16, d: 24 });
  const record = openRecord(new WebAssembly.Memory({ initial: 1 }), layout, 64);
  record.set("a", -3);
  record.set("b", 0.1);
  record.set("c", 4_000_000_000);
  expect([record.get("a"), record.get("b"), record.get("c")]).toEqual([-3, 0.1, 4_000_000_000]);
});

it("a released memory serves the next instance with zeroed tables", () => {
  const first = instantiateKernels();
  const address = first.packer.f64([1, 2, 3]);
  first.release();
  const second = instantiateKernels();
  expect(second.memory).toBe(first.memory);
  expect(second.packer.allocate(24)).toBe(address);
  expect(new Float64Array(second.memory.buffer, address, 3)).toEqual(new Float64Array(3));
  second.release();
});
