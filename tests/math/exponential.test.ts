import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { toward } from "../support/moves.js";

/** Largest difference of the engines for a pair at 400 distances, over what `scale` says an energy is made of. */
async function largestError(spec: LawSpec, scale: (r: number) => number): Promise<number> {
  const potential = createPotential(spec);
  const start = toward([18, 18], 1);
  const [reference, wasm] = [await potential.open(start, {}, "reference"), await potential.open(start, {}, "wasm")];
  let largest = 0;
  for (let k = 0; k < 400; k++) {
    const r = 0.02 + 0.0173 * k;
    const move = { positions: toward([18, 18], r).positions };
    const difference = (await wasm.evaluate(move)).energy - (await reference.evaluate(move)).energy;
    largest = Math.max(largest, Math.abs(difference) / scale(r));
  }
  reference.dispose();
  wasm.dispose();
  return largest;
}

describe("exponential and logarithm of the WebAssembly engine", () => {
  // Both engines see the same argument, so that only the function differs: a few units in the last place, 2.2e-16.
  it("has exp to rounding", async () => {
    const [alpha, r0] = [8, 3];
    const spec = { kind: "morse", pairs: [{ elements: ["Ar", "Ar"], depth: 1, alpha, r0, cutoff: 7 }] };
    const error = await largestError(spec, (r) => Math.exp(-2 * alpha * (r - r0)) + 2 * Math.exp(-alpha * (r - r0)));
    expect(error).toBeLessThan(1e-15);
  });

  it("has ln to rounding", async () => {
    // The twin takes ln(1 - x), which rounds 1 - x; the reference takes log1p.
    const spec = { kind: "uhlenbeck-ford", strength: 1, sigma: 1, cutoff: 7 };
    const error = await largestError(spec, (r) => 1 + Math.exp(-(r ** 2)) / (1 - Math.exp(-(r ** 2))));
    expect(error).toBeLessThan(1e-15);
  });
});
