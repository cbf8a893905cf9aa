import { describe, expect, it } from "vitest";
import {
  energyAtVolume,
  enthalpyAtPressure,
  fitEquationOfState,
  pressureAtVolume,
  volumeAtPressure,
} from "../../src/properties/equation-of-state.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

const forms = ["birch-murnaghan", "vinet"] as const;
const shape = { energy: -1234.5, volume: 20.4, bulkModulus: 88.4, bulkModulusDerivative: 4.3 };
const volumes = Array.from({ length: 11 }, (_, i) => 20.4 * (0.8 + 0.03 * i));

describe.each(forms)("%s equation of state", (form) => {
  const state = { form, ...shape };

  it("pressure is minus the derivative of the energy", () => {
    for (const v of volumes) {
      const slope = (energyAtVolume(state, v + 1e-3) - energyAtVolume(state, v - 1e-3)) / 2e-3;
      expect(pressureAtVolume(state, v)).toBeCloseTo(-slope * GPA_PER_EV_A3, 4);
    }
  });

  it("has the bulk modulus and its pressure derivative at the minimum", () => {
    const bulk = (v: number): number =>
      (-v * (pressureAtVolume(state, v * 1.0001) - pressureAtVolume(state, v * 0.9999))) / (2e-4 * v);
    expect(bulk(20.4)).toBeCloseTo(88.4, 3);
    const squeezed = 20.4 * 0.999;
    expect((bulk(squeezed) - bulk(20.4)) / pressureAtVolume(state, squeezed)).toBeCloseTo(4.3, 1);
  });

  it("fits its own points back", () => {
    const fit = fitEquationOfState(
      volumes,
      volumes.map((v) => energyAtVolume(state, v)),
      { form },
    );
    expect(fit.energy).toBeCloseTo(shape.energy, 9);
    expect(fit.volume).toBeCloseTo(shape.volume, 6);
    expect(fit.bulkModulus).toBeCloseTo(shape.bulkModulus, 4);
    expect(fit.bulkModulusDerivative).toBeCloseTo(shape.bulkModulusDerivative, 4);
    expect(fit.residual).toBeLessThan(1e-9);
  });

  it("finds the volume of a pressure, under tension as well, and the enthalpy's slope is the volume", () => {
    for (const pressure of [-5, 0, 12, 40])
      expect(pressureAtVolume(state, volumeAtPressure(state, pressure))).toBeCloseTo(pressure, 8);
    const slope = ((enthalpyAtPressure(state, 10.01) - enthalpyAtPressure(state, 9.99)) / 0.02) * GPA_PER_EV_A3;
    expect(slope).toBeCloseTo(volumeAtPressure(state, 10), 4);
    expect(() => volumeAtPressure(state, -60)).toThrow(/spinodal/);
  });
});

describe("fitEquationOfState", () => {
  it("needs five points", () => {
    expect(() => fitEquationOfState([1, 2, 3, 4], [1, 2, 3, 4])).toThrow(/at least 5/);
  });
});
