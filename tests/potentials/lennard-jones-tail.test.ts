import { describe, expect, it } from "vitest";
import { lennardJonesTail } from "../../src/potentials/lennard-jones-tail.js";
import { toStructure } from "../../src/structure/structure.js";

describe("long-range correction of Lennard-Jones", () => {
  // NIST Standard Reference Simulation Website, Lennard-Jones fluid: atoms, box edge, cutoff, U_LRC.
  it.each([
    [800, 10, 3, -198.49],
    [200, 8, 3, -24.23],
    [400, 10, 3, -49.622],
    [30, 8, 3, -0.54517],
    [800, 10, 4, -83.769],
  ])("of %d atoms in a box of %d at cutoff %d is NIST's to the printed digits", (count, edge, cutoff, reference) => {
    const structure = toStructure({
      cell: [edge, 0, 0, 0, edge, 0, 0, 0, edge],
      numbers: new Array(count).fill(18),
      positions: new Float64Array(3 * count),
    });
    const { energy } = lennardJonesTail({ epsilon: 1, sigma: 1, cutoff }, structure);
    expect(Number(energy.toPrecision(5))).toBe(reference);
  });

  // Not -dU/dV: that would add the impulse of the jump at the cutoff, which the virial of a truncated law leaves out.
  it("has the pressure -(2 pi / 3) rho^2 times the integral of r^3 u'(r) beyond the cutoff", () => {
    const [epsilon, sigma, cutoff] = [0.01, 3.4, 8];
    const structure = toStructure({
      cell: [10, 0, 0, 0, 10, 0, 0, 0, 10],
      numbers: [18, 18],
      positions: new Float64Array(6),
    });
    let integral = 0;
    const steps = 20_000;
    for (let k = 0; k < steps; k++) {
      // r = cutoff / t maps the tail onto 0 < t < 1; midpoint rule.
      const t = (k + 0.5) / steps;
      const r = cutoff / t;
      const slope = 4 * epsilon * (-12 * sigma ** 12 * r ** -13 + 6 * sigma ** 6 * r ** -7);
      integral += (r ** 3 * slope * cutoff) / t ** 2 / steps;
    }
    const expected = ((-2 * Math.PI) / 3) * (2 / 1000) ** 2 * integral;
    const { pressure } = lennardJonesTail({ epsilon, sigma, cutoff }, structure);
    expect(Math.abs(pressure / expected - 1)).toBeLessThan(1e-6);
  });
});
