import { describe, expect, it } from "vitest";
import { hermitianEigen } from "../../src/math/hermitian-eigen.js";
import { allPairs } from "../../src/neighbors/all-pairs.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { cubicConstants, elasticConstants } from "../../src/properties/elastic.js";
import { type ForceConstants, forceConstants } from "../../src/properties/force-constants.js";
import { soundVelocities } from "../../src/properties/phonon-dispersion.js";
import { dynamicalMatrix, phononModes } from "../../src/properties/phonons.js";
import { cellVolume, deform, timesMatrix } from "../../src/structure/cell.js";
import { bcc, diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { TIME_UNIT_FS } from "../../src/units.js";
import { frozenOpticalMode } from "../support/frozen-phonon.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { strained, withElements } from "../support/structures.js";
import { largestDifference, largestMagnitude } from "../support/tolerance.js";

/** Argon, cut off between shells so that no neighbor stands at the jump. */
const ARGON = { epsilon: 0.0103, sigma: 3.4, cutoff: 8 };
const argon = createPotential({ kind: "lennard-jones", ...ARGON });
const silicon = createPotential(stillingerWeberSilicon);
const A_SILICON = 5.430949777364731;
/** THz, what rounding and the fourth order of displacements cost (peers.md 5 asks for it). */
const EXACT = 1e-6;
const somewhere = [0.13, 0.29, -0.41];

/** The dynamical matrix of pairs: sum over neighbors of Phi (1 - exp iqr), Phi = (u'' - u'/r) rr/r^2 + u'/r. */
function pairFrequencies(structure: Structure, q: readonly number[], mass: number): Float64Array {
  const { cell } = structure;
  const list = allPairs(structure, ARGON.cutoff);
  const real = new Float64Array(9);
  const bonds = timesMatrix(Float64Array.from(list.shifts), cell);
  for (let k = 0; k < list.neighbors.length; k++) {
    const bond = bonds.subarray(3 * k, 3 * k + 3);
    const r = Math.hypot(...bond);
    const s = (ARGON.sigma / r) ** 6;
    const slope = (4 * ARGON.epsilon * (-12 * s * s + 6 * s)) / r;
    const curvature = (4 * ARGON.epsilon * (156 * s * s - 42 * s)) / r ** 2;
    const phase = 2 * Math.PI * [0, 1, 2].reduce((sum, d) => sum + q[d]! * list.shifts[3 * k + d]!, 0);
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) {
        const phi = ((curvature - slope / r) * bond[a]! * bond[b]!) / r ** 2 + (a === b ? slope / r : 0);
        real[3 * a + b]! += (phi * (1 - Math.cos(phase))) / mass;
      }
  }
  const { values } = hermitianEigen({ size: 3, real, imaginary: new Float64Array(9) });
  return values.map((x) => (Math.sqrt(x) * 1000) / (2 * Math.PI * TIME_UNIT_FS));
}

const frequencies = (constants: ForceConstants, q: readonly number[]) => phononModes(constants, q).frequencies;

describe("force constants", () => {
  it("Lennard-Jones fcc: the analytic dynamical matrix of pairs, from two displaced supercells", async () => {
    const structure = fcc("Ar", 5.25, { primitive: true });
    const constants = await forceConstants(argon, structure);
    expect(constants.evaluations).toBe(2);
    for (const q of [somewhere, [0.5, 0, 0.5], [0.5, 0.5, 0.5], [0.01, 0, 0.02]])
      expect(
        largestDifference(frequencies(constants, q), pairFrequencies(structure, q, constants.masses[0]!)),
      ).toBeLessThan(EXACT);
  });

  it("springs between nearest neighbors: fcc along [100] has nu_L = sqrt(8k/m) |sin| and nu_T = sqrt(4k/m) |sin|", async () => {
    // A Morse law cut before the second shell, at its minimum: nothing but a curvature 2 D a^2.
    const [depth, alpha, distance] = [0.3, 1.4, 2.6];
    const spring = createPotential({
      kind: "morse",
      pairs: [{ elements: ["Cu", "Cu"], depth, alpha, r0: distance, cutoff: 3.2 }],
    });
    const constants = await forceConstants(spring, fcc("Cu", distance * Math.SQRT2, { primitive: true }));
    const scale = (1000 / (2 * Math.PI * TIME_UNIT_FS)) * Math.sqrt((2 * depth * alpha ** 2) / constants.masses[0]!);
    for (const way of [0.1, 0.5, 0.9, 1]) {
      // (way, 0, 0) 2 pi/a in reciprocal vectors of the primitive cell; phases of neighbors are pi way.
      const sine = Math.sin((Math.PI * way) / 2);
      const found = frequencies(constants, [0, way / 2, way / 2]);
      for (const [k, expected] of [2, 2, 2 * Math.SQRT2].entries())
        expect(Math.abs(found[k]! - expected * scale * sine)).toBeLessThan(EXACT);
    }
  });

  it.each([
    ["diamond", diamond("Si", A_SILICON, { primitive: true }), silicon, 2],
    ["hcp", hcp("Ar", 3.71, 6.06), argon, 4],
    ["hexagonal of two elements", withElements(hcp("Ar", 3.71, 6.06), [18, 36]), argon, 8],
  ] as const)("%s: symmetry saves displacements and changes nothing", async (_, structure, potential, evaluations) => {
    const quick = await forceConstants(potential, structure);
    const all = await forceConstants(potential, structure, { symmetry: false });
    expect(quick.evaluations).toBe(evaluations);
    expect(all.evaluations).toBe(12 * structure.numbers.length);
    for (const q of [somewhere, [0, 0, 0.5], [1 / 3, 1 / 3, 0]])
      expect(largestDifference(frequencies(quick, q), frequencies(all, q))).toBeLessThan(EXACT);
    for (const { drift, asymmetry } of [quick, all]) expect(Math.max(drift, asymmetry)).toBeLessThan(1e-8);
  });

  it("three acoustic modes are at rest at Gamma, D is Hermitian and periodic in the reciprocal lattice", async () => {
    const constants = await forceConstants(silicon, diamond("Si", A_SILICON, { primitive: true }));
    expect(largestMagnitude(frequencies(constants, [0, 0, 0]).subarray(0, 3))).toBeLessThan(1e-5);
    const here = frequencies(constants, somewhere);
    expect(largestDifference(here, frequencies(constants, [1.13, -1.71, 0.59]))).toBeLessThan(1e-9);
    expect(
      largestDifference(
        here,
        frequencies(
          constants,
          somewhere.map((x) => -x),
        ),
      ),
    ).toBeLessThan(1e-9);
    const { size, real, imaginary } = dynamicalMatrix(constants, somewhere);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        expect(real[i * size + j]).toBe(real[j * size + i]);
        expect(Math.abs(imaginary[i * size + j]! + imaginary[j * size + i]!)).toBe(0);
      }
  });

  it("turned crystals and shifted atoms have the same frequencies, at the same reduced wave vector", async () => {
    const structure = diamond("Si", A_SILICON, { primitive: true });
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const turned = deform(structure, [c, -s, 0, s * c, c * c, -s, s * s, s * c, c]);
    const shifted = { ...structure, positions: structure.positions.map((x, k) => x + [0.3, 7, -2][k % 3]!) };
    const here = frequencies(await forceConstants(silicon, structure), somewhere);
    for (const other of [turned, shifted])
      expect(largestDifference(here, frequencies(await forceConstants(silicon, other), somewhere))).toBeLessThan(EXACT);
  });

  it("the cubic cell at Gamma has the modes of the primitive one at Gamma and X", async () => {
    const primitive = await forceConstants(silicon, diamond("Si", A_SILICON, { primitive: true }));
    const cubic = await forceConstants(silicon, diamond("Si", A_SILICON));
    expect(cubic.evaluations).toBe(2);
    const folded = [
      [0, 0, 0],
      [0.5, 0.5, 0],
      [0.5, 0, 0.5],
      [0, 0.5, 0.5],
    ].flatMap((q) => Array.from(frequencies(primitive, q)));
    // Roots of what is left of zero are larger than what is left.
    expect(
      largestDifference(
        frequencies(cubic, [0, 0, 0]),
        folded.sort((a, b) => a - b),
      ),
    ).toBeLessThan(1e-5);
  });

  it("a supercell that is a little too small is still right where its waves fit in, by equally near images", async () => {
    const structure = fcc("Ar", 5.25, { primitive: true });
    const exact = await forceConstants(argon, structure);
    const small = await forceConstants(argon, structure, { repeats: [4, 4, 4] });
    for (const q of [
      [0.5, 0, 0.5],
      [0.5, 0.25, 0.75],
      [0.25, 0, 0],
    ])
      expect(largestDifference(frequencies(small, q), frequencies(exact, q))).toBeLessThan(EXACT);
  });

  it("a sheared cell without any symmetry but inversion: every displacement, and the frequencies of its supercell", async () => {
    const structure = strained(fcc("Ar", 5.25, { primitive: true }));
    const single = await forceConstants(argon, structure);
    const double = await forceConstants(argon, supercell(structure, [2, 1, 0, 0, 1, 0, 1, 0, 1]));
    const expected = [
      [0, 0, 0],
      [0.5, 0, 0.5],
    ]
      .flatMap((q) => Array.from(frequencies(single, q)))
      .sort((a, b) => a - b);
    expect(largestDifference(frequencies(double, [0, 0, 0]), expected)).toBeLessThan(1e-5);
  });

  it("sound is as fast as elastic constants say: Christoffel's equation along [100], [110] and [111]", async () => {
    const structure = diamond("Si", A_SILICON, { primitive: true });
    const constants = await forceConstants(silicon, structure);
    const { c11, c12, c44 } = cubicConstants(await elasticConstants(silicon, diamond("Si", A_SILICON)));
    // GPa over amu/A^3 to (m/s)^2: 1e9 / 1660.539.
    const density = (2 * constants.masses[0]!) / cellVolume(structure.cell);
    const speed = (modulus: number) => Math.sqrt((modulus / density) * (1e9 / 1660.5390666));
    const shear = (c11 - c12) / 2;
    for (const [direction, moduli] of [
      [
        [1, 0, 0],
        [c44, c44, c11],
      ],
      [
        [1, 1, 0],
        [shear, c44, (c11 + c12) / 2 + c44],
      ],
      [
        [1, 1, 1],
        [(c11 - c12 + c44) / 3, (c11 - c12 + c44) / 3, (c11 + 2 * c12 + 4 * c44) / 3],
      ],
    ] as const) {
      const expected = moduli.map(speed).sort((a, b) => a - b);
      const found = soundVelocities(constants, direction);
      for (const [k, v] of expected.entries()) expect(Math.abs(found[k]! / v - 1)).toBeLessThan(2e-5);
    }
  });

  it("silicon: the optical mode at Gamma is the curvature of the energy against the shift of the sublattices", async () => {
    const structure = diamond("Si", A_SILICON, { primitive: true });
    const expected = await frozenOpticalMode(silicon, structure);
    for (const f of frequencies(await forceConstants(silicon, structure), [0, 0, 0]).subarray(3))
      expect(f).toBeCloseTo(expected, 5);
  });

  it("bcc argon is unstable: imaginary frequencies are negative numbers", async () => {
    const constants = await forceConstants(argon, bcc("Ar", 4.2, { primitive: true }));
    expect(Math.min(...frequencies(constants, [0, 0, 0.5]))).toBeLessThan(-0.1);
  });

  it("complains of atoms that are not at rest, of slabs, and of wave vectors that are none", async () => {
    const cell = diamond("Si", A_SILICON, { primitive: true });
    const off = { ...cell, positions: cell.positions.map((x, k) => (k === 4 ? x + 0.1 : x)) };
    await expect(forceConstants(silicon, off)).rejects.toThrow(
      /phonons: a force of .* expected a crystal at rest; try/,
    );
    const slab = toStructure({ ...cell, pbc: [true, true, false] });
    await expect(forceConstants(silicon, slab)).rejects.toThrow(/periodic in three directions/);
    const constants = await forceConstants(silicon, cell);
    expect(() => phononModes(constants, [0, Number.NaN, 0])).toThrow(/wave vector/);
    const controller = new AbortController();
    controller.abort();
    await expect(forceConstants(silicon, cell, { signal: controller.signal })).rejects.toThrow(/abort/i);
  });
});
