import { describe, expect, it } from "vitest";
import { massesOf } from "../../src/dynamics/velocities.js";
import { crystalFiniteSize, extrapolateToInfinite } from "../../src/free-energy/finite-size.js";
import { thermalWavelength } from "../../src/free-energy/ideal-gas.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { forceConstants } from "../../src/properties/force-constants.js";
import { type PhononMesh, phononMesh } from "../../src/properties/phonon-mesh.js";
import { cellVolume } from "../../src/structure/cell.js";
import { diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { findSymmetry } from "../../src/structure/symmetry.js";
import { BOLTZMANN, PLANCK, TIME_UNIT_FS } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const temperature = 500;
const kT = BOLTZMANN * temperature;

/** Sum over the modes of a mesh, per primitive cell, but for modes without frequency. */
const sumOver = ({ frequencies, weights }: PhononMesh, part: (frequency: number) => number): number =>
  frequencies.reduce((sum, f, i) => {
    const weight = weights[Math.floor((i * weights.length) / frequencies.length)]!;
    return f > 1e-3 ? sum + weight * part(f) : sum;
  }, 0);

/** Classical F/kT of a mode: THz are 1e-3 per fs. */
const modeEnergy = (frequency: number): number => Math.log((PLANCK * frequency * 1e-3) / kT);

/**
 * (F(N) - N f)/N [eV] of a harmonic crystal of n^3 primitive cells: the modes of an unshifted mesh of n^3 points and the
 * center of mass, against a fine mesh; and what the estimate says.
 */
async function finiteSizes(
  law: LawSpec,
  crystal: ReturnType<typeof fcc>,
  [a, b, c]: readonly [number, number, number],
) {
  const { primitive } = await findSymmetry(crystal, 1e-3);
  const constants = await forceConstants(createPotential(law), primitive);
  const finite = await phononMesh(constants, { divisions: [a, b, c], shifted: false });
  const fine = await phononMesh(constants, { divisions: [30, 30, 30] });
  const basis = primitive.numbers.length;
  const cells = a * b * c;
  const atoms = cells * basis;
  const [mass = 0] = massesOf(primitive);
  const volume = cellVolume(primitive.cell) / basis;
  const center = Math.log(thermalWavelength(atoms * mass, temperature) ** 3 / (volume * basis));
  const exact = (kT / atoms) * (cells * (sumOver(finite, modeEnergy) - sumOver(fine, modeEnergy)) + center);
  const omega = 2 * Math.PI * 1e-3 * TIME_UNIT_FS;
  const meanSquaredDisplacement = (kT / mass / basis) * sumOver(fine, (f) => 1 / (f * omega) ** 2);
  const estimate = crystalFiniteSize({ atoms, translations: cells, volume, meanSquaredDisplacement }, temperature);
  return { exact, estimate, atoms };
}

describe("crystalFiniteSize", () => {
  const argon = { kind: "lennard-jones", epsilon: 0.5, sigma: 2.3, cutoff: 6 };
  it.each([
    ["fcc", argon, fcc("Cu", 3.55)],
    ["hcp", argon, hcp("Cu", 3.55 / Math.SQRT2, 3.55 * Math.sqrt(4 / 3))],
    ["diamond", stillingerWeberSilicon, diamond("Si", 5.431)],
  ] as const)(
    "is that of a harmonic %s crystal in a compact cell within 0.6 kT/N, of 5 to 9",
    async (name, law, crystal) => {
      const sizes =
        name === "hcp"
          ? ([
              [5, 5, 3],
              [8, 8, 5],
            ] as const)
          : ([
              [4, 4, 4],
              [6, 6, 6],
            ] as const);
      for (const n of sizes) {
        const { exact, estimate, atoms } = await finiteSizes(law, crystal, n);
        expect(exact).toBeLessThan(-5 * (kT / atoms));
        expect(Math.abs(estimate - exact)).toBeLessThan(0.6 * (kT / atoms));
      }
    },
  );
});

describe("extrapolateToInfinite", () => {
  it("is the line in 1/N by weighted least squares, with its error", () => {
    const points = [100, 200, 400].map((atoms) => ({ atoms, gibbs: { value: -4 + 0.3 / atoms, error: 1e-3 } }));
    const { gibbs, slope, chiSquared, freedom } = extrapolateToInfinite(points);
    expect(gibbs.value).toBeCloseTo(-4, 12);
    expect(slope.value).toBeCloseTo(0.3, 9);
    expect(chiSquared).toBeCloseTo(0, 9);
    expect(freedom).toBe(1);
    // Of x = 0.01, 0.005, 0.0025: mean of squares over n sum (x - mean)^2.
    const x = points.map(({ atoms }) => 1 / atoms);
    const [sum, squares] = [x.reduce((a, b) => a + b), x.reduce((a, b) => a + b * b, 0)];
    expect(gibbs.error).toBeCloseTo(1e-3 * Math.sqrt(squares / (3 * squares - sum ** 2)), 9);
  });

  it("wants two sizes", () => {
    const point = { atoms: 64, gibbs: { value: -4, error: 1e-3 } };
    expect(() => extrapolateToInfinite([point, point])).toThrow(/sizes: \[64,64\]; expected two different ones/);
  });
});
