import { describe, expect, it } from "vitest";
import { einsteinFreeEnergy, springConstantsOf } from "../../src/free-energy/einstein-crystal.js";
import { BOLTZMANN, PLANCK, TIME_UNIT_FS } from "../../src/units.js";

describe("einsteinFreeEnergy", () => {
  it("is that of classical oscillators: kT ln(h nu / kT) each", () => {
    // m = 28.0855 amu, k = 5 eV/A^2: nu = sqrt(k/m) / 2 pi = 6.5955 THz; h nu = 27.277 meV.
    const nu = Math.sqrt(5 / 28.0855) / (2 * Math.PI * TIME_UNIT_FS);
    expect(nu * 1e3).toBeCloseTo(6.596, 3);
    const kT = BOLTZMANN * 300;
    const { oscillators } = einsteinFreeEnergy(
      { masses: [28.0855], springConstants: [5], volume: 20, translations: 1 },
      300,
    );
    expect(oscillators).toBeCloseTo(3 * kT * Math.log((PLANCK * nu) / kT), 12);
  });

  it("corrects for the center of mass as Polson et al. do for equal atoms: kT ln[(N/V) (2 pi kT / N k)^(3/2)]", () => {
    const count = 108;
    const kT = BOLTZMANN * 600;
    const { centerOfMass } = einsteinFreeEnergy(
      { masses: Array(count).fill(63.5), springConstants: Array(count).fill(3), volume: 1300, translations: count },
      600,
    );
    expect(centerOfMass).toBeCloseTo(kT * Math.log((count / 1300) * ((2 * Math.PI * kT) / (count * 3)) ** 1.5), 12);
  });

  it("the free energy of one free particle does not depend on its spring: fixing and freeing it cancel", () => {
    const total = [1, 30].map((k) => {
      const { oscillators, centerOfMass } = einsteinFreeEnergy(
        { masses: [40], springConstants: [k], volume: 500, translations: 1 },
        250,
      );
      return oscillators + centerOfMass;
    });
    const kT = BOLTZMANN * 250;
    const thermal = PLANCK / TIME_UNIT_FS / Math.sqrt(2 * Math.PI * 40 * kT);
    expect(total[0]).toBeCloseTo(total[1]!, 12);
    expect(total[0]).toBeCloseTo(kT * Math.log(thermal ** 3 / 500), 12);
  });

  it("complains of springs and temperatures that cannot be", () => {
    const crystal = { masses: [1], springConstants: [-1], volume: 1, translations: 1 };
    expect(() => einsteinFreeEnergy(crystal, 300)).toThrow(/spring constant of atom 0: -1; expected above 0/);
    expect(() => einsteinFreeEnergy(crystal, 0)).toThrow(/temperature: 0/);
  });
});

it("springs reproduce the mean squared displacement: <dr^2> = 3 kT / k", () => {
  expect(springConstantsOf([0.03], 1000)[0]).toBeCloseTo((3 * BOLTZMANN * 1000) / 0.03, 12);
});
