import { expect, it } from "vitest";
import { kineticEnergy, massesOf, thermalVelocities } from "../../src/dynamics/velocities.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN } from "../../src/units.js";
import { withElements } from "../support/structures.js";

const alloy = withElements(supercell(fcc("Cu", 3.6), [6, 6, 6]), [29, 79]);

it("drawn velocities have the temperature asked for, no momentum, and equal energy in every element", () => {
  const velocities = thermalVelocities(alloy, 900, 3);
  const masses = massesOf(alloy);
  const degrees = 3 * masses.length - 3;
  expect(kineticEnergy(masses, velocities)).toBeCloseTo((degrees / 2) * BOLTZMANN * 900, 9);
  for (let d = 0; d < 3; d++) {
    const momentum = masses.reduce((sum, mass, i) => sum + mass * velocities[3 * i + d]!, 0);
    // A single atom has about 70 amu 0.005 A/fs.
    expect(Math.abs(momentum)).toBeLessThan(1e-12);
  }
  const copper = masses.map((mass, i) => (alloy.numbers[i] === 29 ? mass : 0));
  // 432 atoms: the share of one half has a standard error of 1.4%.
  expect(kineticEnergy(copper, velocities) / kineticEnergy(masses, velocities)).toBeCloseTo(0.5, 1.2);
});

it("masses come from a column where there is one", () => {
  const values = Float64Array.from(alloy.numbers, (_, i) => 1 + i);
  expect(massesOf({ ...alloy, arrays: { masses: { kind: "real", width: 1, values } } })).toEqual(values);
  const wrong = { ...alloy, arrays: { masses: { kind: "real", width: 1, values: values.map((m) => m - 3) } } } as const;
  expect(() => massesOf(wrong)).toThrow("mass of atom 0: -2; expected above 0 amu");
});
