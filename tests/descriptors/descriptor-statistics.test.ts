import { describe, expect, test } from "vitest";
import { createBispectrum } from "../../src/descriptors/bispectrum.js";
import { componentStatistics, effectiveDimension } from "../../src/descriptors/descriptor-statistics.js";
import { strainResponse } from "../../src/descriptors/strain-response.js";
import { randomStream } from "../../src/random.js";
import { deform, strainGradient } from "../../src/structure/cell.js";
import { diamond } from "../../src/structure/lattices.js";
import { rattled } from "../support/structures.js";

const descriptor = createBispectrum({
  kind: "bispectrum",
  twojmax: 4,
  rcutfac: 4.5,
  elements: [{ element: "Si", radius: 0.5, weight: 1 }],
});

describe("statistics of descriptors", () => {
  test("mean and standard deviation of each component", () => {
    expect(componentStatistics(Float64Array.of(1, 10, 3, 10), 2)).toEqual({
      mean: Float64Array.of(2, 10),
      deviation: Float64Array.of(1, 0),
    });
  });

  test("effective dimension: independent components count each, copies once, constants not at all", () => {
    const random = randomStream(1, "rattle");
    const columns = (make: (draw: number[]) => number[]): Float64Array =>
      Float64Array.from(Array.from({ length: 20_000 }, () => make([0, 0, 0].map(() => random.normal()))).flat());
    expect(
      effectiveDimension(
        columns(([a = 0, b = 0, c = 0]) => [a, 5 * b, c - 1]),
        3,
      ),
    ).toBeCloseTo(3, 2);
    expect(
      effectiveDimension(
        columns(([a = 0]) => [a, -2 * a + 7, 4]),
        3,
      ),
    ).toBeCloseTo(1, 10);
  });

  test("a length that does not fit is refused", () => {
    expect(() => effectiveDimension(new Float64Array(7), 3)).toThrow("expected a multiple of 3 components");
  });
});

describe("response to strain", () => {
  test("is the derivative of the mean components", async () => {
    const session = await descriptor.open();
    const structure = rattled(diamond("Si", 5.43), 0.1);
    const response = strainResponse(session, structure);
    const length = descriptor.length;
    const means = (strain: number[]): Float64Array =>
      componentStatistics(session.values(deform(structure, strainGradient(strain))), length).mean;
    for (let axis = 0; axis < 6; axis++) {
      const strain = (sign: number) => Array.from({ length: 6 }, (_, i) => (i === axis ? sign * 1e-5 : 0));
      const [plus, minus] = [means(strain(1)), means(strain(-1))];
      for (let k = 0; k < length; k++) {
        const slope = (plus[k]! - minus[k]!) / 2e-5;
        expect(Math.abs(response[axis * length + k]! - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }
    }
    session.dispose();
  });

  test("the perfect diamond does not feel shear to first order", async () => {
    const session = await descriptor.open();
    const response = strainResponse(session, diamond("Si", 5.43));
    const shear = response.subarray(3 * descriptor.length);
    expect(Math.max(...shear.map(Math.abs))).toBeLessThan(1e-9 * Math.max(...response.map(Math.abs)));
    session.dispose();
  });
});
