import { describe, expect, it } from "vitest";
import { energyAtVolume, pressureAtVolume } from "../../src/properties/equation-of-state.js";
import { finiteStrainAt, fitFiniteStrain } from "../../src/properties/finite-strain.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

const volumes = Array.from({ length: 8 }, (_, k) => 10 + 0.4 * k);
const state = { energy: -3000, volume: 11.8, bulkModulus: 140, bulkModulusDerivative: 5.2 } as const;

describe("fitFiniteStrain", () => {
  it("holds a Birch-Murnaghan equation of third order exactly, with its pressure and bulk modulus", () => {
    const shape = { form: "birch-murnaghan", ...state } as const;
    const fit = fitFiniteStrain(
      volumes,
      volumes.map((v) => energyAtVolume(shape, v)),
    );
    expect(fit.residual).toBeLessThan(1e-11);
    for (const v of [10.3, 11.8, 12.5]) {
      const { value, slope } = finiteStrainAt(fit, v);
      expect(value).toBeCloseTo(energyAtVolume(shape, v), 9);
      expect(-slope * GPA_PER_EV_A3).toBeCloseTo(pressureAtVolume(shape, v), 6);
    }
    expect(finiteStrainAt(fit, 11.8).curvature * 11.8 * GPA_PER_EV_A3).toBeCloseTo(140, 5);
  });

  it("gives the derivatives of its own value", () => {
    const fit = fitFiniteStrain(
      volumes,
      volumes.map((v) => energyAtVolume({ form: "vinet", ...state, energy: -4 }, v)),
    );
    const [v, h] = [11.1, 1e-3];
    const [low, middle, high] = [v - h, v, v + h].map((at) => finiteStrainAt(fit, at));
    expect((high!.value - low!.value) / (2 * h)).toBeCloseTo(middle!.slope, 7);
    expect((high!.slope - low!.slope) / (2 * h)).toBeCloseTo(middle!.curvature, 7);
  });

  it("asks for more volumes than it has unknowns", () => {
    expect(() => fitFiniteStrain([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])).toThrow(/at least 6 volumes/);
  });
});
