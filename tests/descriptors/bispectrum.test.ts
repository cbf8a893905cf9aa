import { describe, expect, it } from "vitest";
import { createBispectrum } from "../../src/descriptors/bispectrum.js";
import type { BispectrumEntries } from "../../src/descriptors/bispectrum-spec.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { virialToStress } from "../../src/potentials/stress.js";
import { cellVolume } from "../../src/structure/cell.js";
import { bcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { moveAtom, reorder, rotated, strainedBy, toward } from "../support/moves.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { skewed } from "../support/structures.js";
import { largestDifference, largestMagnitude } from "../support/tolerance.js";

const of = (entries: BispectrumEntries) => createBispectrum({ kind: "bispectrum", ...entries });

/** Relative to the largest entry: sums in another order, own sine and cosine. */
const ROUNDING = 1e-11;

const near = (a: Float64Array, b: Float64Array, tolerance = ROUNDING): void =>
  expect(largestDifference(a, b)).toBeLessThan(tolerance * Math.max(1, largestMagnitude(b)));

for (const [name, entries] of Object.entries(bispectra))
  describe(`bispectrum, ${name}`, () => {
    const bispectrum = of(entries);
    const structure = snapAtoms(entries);

    it("is the same in both engines", async () => {
      const reference = await bispectrum.open("reference");
      const wasm = await bispectrum.open("wasm");
      for (const arranged of [structure, skewed(structure), { ...structure, pbc: [true, false, true] } as Structure]) {
        near(wasm.values(arranged), reference.values(arranged));
        const [own, truth] = [wasm.designBlock(arranged), reference.designBlock(arranged)];
        near(own.energy, truth.energy);
        near(own.forces, truth.forces);
        near(own.stress, truth.stress);
      }
      wasm.dispose();
    });

    it("gives the rows of a linear fit: its potential is the block times the coefficients", async () => {
      const spec = snapSpec(entries);
      const session = await createPotential(spec).open(structure, {}, "reference");
      const { energy, forces, virial } = await session.evaluate();
      const design = (await bispectrum.open("wasm")).designBlock(structure);
      const coefficients = spec.coefficients.flat();
      const times = (rows: Float64Array): Float64Array =>
        Float64Array.from({ length: rows.length / design.columns }, (_, row) =>
          coefficients.reduce((sum, c, k) => sum + c * rows[row * design.columns + k]!, 0),
        );
      near(times(design.energy), Float64Array.of(energy));
      near(times(design.forces), forces);
      near(times(design.stress), virialToStress(virial, cellVolume(structure.cell)));
    });

    it("has forces and stresses that are slopes of the energy row", async () => {
      const session = await bispectrum.open("wasm");
      const { columns, forces, stress } = session.designBlock(structure);
      const slope = (moved: (x: number) => Structure, step: number): Float64Array => {
        const [a, b, c, d] = [-2, -1, 1, 2].map((n) => session.designBlock(moved(n * step)).energy);
        return a!.map((x, k) => (x - d![k]! + 8 * (c![k]! - b![k]!)) / (12 * step));
      };
      for (const index of [0, 4, 11])
        near(
          slope((x) => moveAtom(structure, index, x), 1e-3),
          forces.subarray(index * columns, (index + 1) * columns).map((f) => -f),
          1e-8,
        );
      const volume = cellVolume(structure.cell);
      [0, 4, 8, 5, 2, 1].forEach((component, row) => {
        near(
          slope((x) => strainedBy(structure, component, x), 1e-4).map((x) => x / volume),
          stress.subarray(row * columns, (row + 1) * columns),
          1e-8,
        );
      });
    });

    it("does not feel rotation or the order of atoms", async () => {
      const session = await bispectrum.open("wasm");
      const values = session.values(structure);
      near(session.values(rotated(structure)), values);
      const order = [2, 0, 5, 1, 4, 3];
      const expected = order.flatMap((i) => [...values.subarray(i * bispectrum.length, (i + 1) * bispectrum.length)]);
      near(session.values(reorder(structure, order)), Float64Array.from(expected));
    });
  });

describe("bispectrum", () => {
  const one = (twojmax: number, more = {}) =>
    of({ twojmax, rcutfac: 5, elements: [{ element: "W", radius: 0.5, weight: 1 }], ...more });

  it("has the numbers of components of LAMMPS", () => {
    expect([0, 1, 2, 4, 6, 8].map((twojmax) => one(twojmax).length)).toEqual([1, 2, 5, 14, 30, 55]);
    expect(one(6, { quadraticflag: true }).length).toBe(30 + (30 * 31) / 2);
    expect(one(2).names).toEqual(["B(0,0,0)", "B(1,0,1)", "B(1,1,2)", "B(2,0,2)", "B(2,2,2)"]);
    const { elements } = bispectra["chemflag, bnormflag, wselfallflag"]!;
    expect(of({ twojmax: 6, rcutfac: 5, chemflag: true, elements }).length).toBe(8 * 30);
  });

  it("of an isolated atom is 2j + 1 each, or zero with bzeroflag", async () => {
    const atom = { ...bcc("W", 20), pbc: [false, false, false] } as Structure;
    for (const engine of ["reference", "wasm"] as const) {
      const bare = (await one(3, { bzeroflag: false }).open(engine)).values(atom);
      expect(largestDifference(bare.subarray(0, 8), [1, 2, 3, 3, 4, 3, 4, 4])).toBeLessThan(1e-14);
      expect(largestMagnitude((await one(3).open(engine)).values(atom))).toBeLessThan(1e-14);
    }
  });

  it("sees neighbors up to the cutoff of the pair", async () => {
    const entries = bispectra["two elements, odd twojmax, rmin0"]!;
    const session = await of(entries).open("wasm");
    const length = of(entries).length;
    const first = (distance: number): number =>
      largestMagnitude(session.values(toward([49, 15], distance)).subarray(0, length));
    expect(first(4.417)).toBeLessThan(1e-13);
    expect(first(4.415)).toBeGreaterThan(1e-9);
  });

  it.each([0, 1, 2, 10, 13])("is the same in both engines at twojmax %i", async (twojmax) => {
    const pair = toward([74, 74], 3.1);
    const third = {
      ...pair,
      numbers: Uint8Array.of(74, 74, 74),
      positions: Float64Array.of(...pair.positions, 1, -2, 1),
    };
    const descriptor = one(twojmax, { bnormflag: true });
    const [reference, wasm] = [await descriptor.open("reference"), await descriptor.open("wasm")];
    near(wasm.values(third), reference.values(third));
    near(wasm.designBlock(third).forces, reference.designBlock(third).forces);
  });

  it("serves structures with some of its elements only", async () => {
    for (const name of ["chemflag, bnormflag, wselfallflag", "quadraticflag, switchinnerflag"]) {
      const entries = bispectra[name]!;
      const [reference, wasm] = [await of(entries).open("reference"), await of(entries).open("wasm")];
      for (const number of [15, 49]) {
        const pair = toward([number], 2.4);
        near(wasm.designBlock(pair).forces, reference.designBlock(pair).forces);
      }
      expect(() => wasm.values(toward([14], 2.4))).toThrow("bispectrum: Si; expected one of");
    }
  });

  it("reports more neighbors than it has room for", async () => {
    const crowd = { ...bcc("W", 1), cell: Float64Array.of(0.8, 0, 0, 0, 0.8, 0, 0, 0, 0.8) };
    const session = await one(2).open("wasm");
    expect(() => session.values(crowd)).toThrow("more than it has room for");
  });
});
