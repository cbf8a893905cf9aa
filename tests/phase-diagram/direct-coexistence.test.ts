import { expect, it } from "vitest";
import { slownessOf } from "../../src/phase-diagram/direct-coexistence.js";
import { diamond, fcc } from "../../src/structure/lattices.js";

it.each([
  ["copper", fcc("Cu", 3.615), 138, 1],
  ["silicon, stiffer than copper", diamond("Si", 5.431), 101, 1],
  ["argon", fcc("Ar", 5.31), 2.9, 4.6],
])("times of %s are as long as its atoms are slow", (_, crystal, bulkModulus, expected) => {
  expect(slownessOf(crystal, bulkModulus)).toBeCloseTo(expected, 1);
});
