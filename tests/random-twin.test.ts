import { beforeAll, expect, it } from "vitest";
import { initEngine, instantiateKernels } from "../src/engine/wasm-module.js";
import { circularOfTurn, exponential, logarithm } from "../src/math/elementary.js";
import { RandomSite, randomStream } from "../src/random.js";

beforeAll(initEngine);

it("normal deviates of WebAssembly are those of the stream, bit for bit", () => {
  const { exports, memory, packer, release } = instantiateKernels();
  const out = packer.allocate(8 * 8000);
  for (const [seed, step] of [
    [1, 0],
    [2 ** 40 + 12345, 4_000_000_000],
  ] as const) {
    exports.fillNormals(out, seed >>> 0, Math.floor(seed / 2 ** 32), RandomSite.langevin, step, 0, 1000);
    const stream = randomStream(seed, "langevin", step);
    expect(Array.from(new Float64Array(memory.buffer, out, 8000))).toEqual(
      Array.from({ length: 8000 }, () => stream.normal()),
    );
  }
  release();
});

it("a block of deviates and a uniform number can be drawn from anywhere in the stream", () => {
  const { exports, memory, packer, release } = instantiateKernels();
  const out = packer.allocate(8 * 24);
  exports.fillNormals(out, 7, 0, RandomSite.barostat, 3, 5, 1);
  const stream = randomStream(7, "barostat", 3);
  const normals = Array.from({ length: 48 }, () => stream.normal());
  expect(Array.from(new Float64Array(memory.buffer, out, 8))).toEqual(normals.slice(40));
  const uniforms = randomStream(7, "barostat", 3);
  for (let draw = 0; draw < 9; draw++)
    expect(exports.uniformAt(7, 0, RandomSite.barostat, 3, draw)).toBe(uniforms.uniform());
  release();
});

it("elementary functions agree with the host's to a few units in the last place", () => {
  const stream = randomStream(1, "bootstrap");
  for (let k = 0; k < 3000; k++) {
    const u = stream.uniform();
    const x = 60 * u - 30;
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(4e-15);
    expect(Math.abs(logarithm(u) - Math.log(u))).toBeLessThan(4e-16 * (1 + Math.abs(Math.log(u))));
    const [cosine, sine] = circularOfTurn(u);
    expect(Math.abs(cosine - Math.cos(2 * Math.PI * u))).toBeLessThan(1e-15);
    expect(Math.abs(sine - Math.sin(2 * Math.PI * u))).toBeLessThan(1e-15);
  }
});
