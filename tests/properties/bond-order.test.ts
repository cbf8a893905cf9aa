import { describe, expect, it } from "vitest";
import { harmonicCount, sphericalHarmonics } from "../../src/math/spherical-harmonics.js";
import { bondOrder, bondOrderThird, solidBonds } from "../../src/properties/bond-order.js";
import { findBonds } from "../../src/properties/order-neighbors.js";
import { disorderedPackings, vibratingCrystal } from "../../src/properties/phase-order-references.js";
import { bcc, diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { rattled } from "../support/structures.js";

describe("sphericalHarmonics", () => {
  it("are those of the textbooks", () => {
    const [theta, phi] = [0.7, 2.1];
    const [x, y, z] = [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)];
    const [real, imaginary] = [new Float64Array(harmonicCount(3)), new Float64Array(harmonicCount(3))];
    sphericalHarmonics(3)(x, y, z, 1, real, imaginary, 0);
    const y21 = -Math.sqrt(15 / (8 * Math.PI)) * Math.sin(theta) * Math.cos(theta);
    const y32 = Math.sqrt(105 / (32 * Math.PI)) * Math.sin(theta) ** 2 * Math.cos(theta);
    expect(real[4]).toBeCloseTo(y21 * Math.cos(phi), 12);
    expect(imaginary[4]).toBeCloseTo(y21 * Math.sin(phi), 12);
    expect(real[8]).toBeCloseTo(y32 * Math.cos(2 * phi), 12);
    expect(imaginary[8]).toBeCloseTo(y32 * Math.sin(2 * phi), 12);
  });
});

describe("neighbors by solid angle", () => {
  it.each([
    ["fcc", fcc("Cu", 3.6), 12],
    ["hcp", hcp("Ti", 2.95, 4.68), 12],
    ["bcc", bcc("Fe", 2.87), 14],
    ["diamond", diamond("Si", 5.43), 16],
  ])("%s", (_, structure, count) => {
    const { offsets } = findBonds(structure, "solid-angle");
    for (let i = 0; i + 1 < offsets.length; i++) expect(offsets[i + 1]! - offsets[i]!).toBe(count);
  });
});

describe("bondOrder", () => {
  // Steinhardt, Nelson and Ronchetti 1983, table I; Mickel et al., J. Chem. Phys. 138 (2013) 044501.
  it.each([
    ["fcc", fcc("Cu", 3.6), 0.19094, 0.57452, -0.159317, -0.013161],
    ["hcp", hcp("Mg", 3), 0.09722, 0.48476, 0.134097, -0.012442],
    ["bcc", bcc("Fe", 2.87), 0.03637, 0.51069, 0.159317, 0.013161],
  ])("q4, q6, w4, w6 of %s without a cutoff, averaged or not", (_, structure, q4, q6, w4, w6) => {
    for (const averaged of [false, true]) {
      for (const q of bondOrder(structure, 4, { averaged })) expect(q).toBeCloseTo(q4, 4);
      for (const q of bondOrder(structure, 6, { averaged })) expect(q).toBeCloseTo(q6, 4);
      for (const w of bondOrderThird(structure, 4, { averaged })) expect(w).toBeCloseTo(w4, 5);
      for (const w of bondOrderThird(structure, 6, { averaged })) expect(w).toBeCloseTo(w6, 5);
    }
  });

  it("averages the disorder of a rattled crystal away", () => {
    const shaken = rattled(supercell(fcc("Cu", 3.6), [4, 4, 4]), 0.3);
    const spread = (averaged: boolean): number => {
      const q = bondOrder(shaken, 6, { neighbors: { nearest: 12 }, averaged });
      return Math.max(...q) - Math.min(...q);
    };
    expect(spread(true)).toBeLessThan(spread(false) / 2);
  });
});

describe("solidBonds", () => {
  it("tells a vibrating crystal from a packing at random", () => {
    for (const crystal of [fcc("Cu", 3.6), bcc("Fe", 2.87), hcp("Mg", 3)])
      expect(solidBonds(vibratingCrystal(crystal, 2)[0]!).fraction).toBeGreaterThan(0.97);
    for (const packing of disorderedPackings(2)) expect(solidBonds(packing).fraction).toBeLessThan(0.03);
  });
});
