import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellHeights,
  cellParameters,
  cellVolume,
  deform,
  invertCell,
  signedVolume,
  strainGradient,
  toCartesian,
  toFractional,
  wrap,
} from "../../src/structure/cell.js";
import { atomicNumber, ELEMENT_SYMBOLS, elementOfMass, massOf, symbolOf } from "../../src/structure/elements.js";
import { betaTin, diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { rotate, toTriangularCell } from "../../src/structure/triangular-cell.js";

const near = (values: Iterable<number>, digits = 9) => Array.from(values, (x) => expect.closeTo(x, digits));
const skewed = [15.479828, -3.500864, 24.629585, 0, 9.024327, 0.147518, 0, 0, 8.738507];
const small = fc.integer({ min: -3, max: 3 });
const cells = fc
  .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 9, maxLength: 9 })
  .filter((cell) => signedVolume(cell) > 1);

describe("elements", () => {
  it("knows symbols, numbers and masses both ways", () => {
    expect(ELEMENT_SYMBOLS.length).toBe(119);
    for (let number = 0; number <= 118; number++) expect(atomicNumber(symbolOf(number))).toBe(number);
    expect([atomicNumber("si"), atomicNumber("TA"), massOf(14), massOf(118)]).toEqual([14, 73, 28.085, 294.214]);
    expect([elementOfMass(28.0855), elementOfMass(63.55), elementOfMass(4.5)]).toEqual([14, 29, undefined]);
    expect(() => atomicNumber("Sj")).toThrow(/element: Sj; expected a chemical symbol; try S/);
    expect(() => symbolOf(119)).toThrow(/atomic number: 119/);
  });
});

describe("cell", () => {
  it("has volume, inverse, heights, lengths and angles, however skewed", () => {
    expect(cellVolume(skewed)).toBeCloseTo(15.479828 * 9.024327 * 8.738507, 9);
    const { lengths, angles } = cellParameters(skewed);
    expect(lengths[2]).toBeCloseTo(8.738507, 12);
    expect(Math.min(...angles)).toBeCloseTo(32.3, 0);
    const heights = cellHeights(skewed);
    expect(heights[2]).toBeCloseTo(
      cellVolume(skewed) /
        Math.hypot(15.479828 * 9.024327, 15.479828 * 0.147518, -3.500864 * 0.147518 - 24.629585 * 9.024327),
      3,
    );
    expect(() => invertCell([1, 0, 0, 2, 0, 0, 0, 0, 1])).toThrow(/three independent lattice vectors/);
  });

  it("turns fractional into Cartesian and back, any cell", () => {
    fc.assert(
      fc.property(
        cells,
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (cell, fractional) => {
          expect([...toFractional(cell, toCartesian(cell, fractional))]).toEqual(near(fractional));
        },
      ),
    );
  });

  it("wraps along periodic directions only", () => {
    const outside = toStructure({
      cell: skewed,
      numbers: [14],
      positions: toCartesian(skewed, [-1.25, 2.5, 7.75]),
      pbc: [true, true, false],
    });
    expect([...toFractional(skewed, wrap(outside).positions)]).toEqual(near([0.75, 0.5, 7.75]));
  });

  it("deforms cell and atoms alike", () => {
    const gradient = [1, 0.1, 0, 0, 1.2, 0, 0.05, 0, 0.9];
    const structure = diamond("Si", 5.43);
    const deformed = deform(structure, gradient);
    expect([...toFractional(deformed.cell, deformed.positions)]).toEqual(
      near(toFractional(structure.cell, structure.positions)),
    );
    expect([...deformed.cell.slice(3, 6)]).toEqual(near([0.543, 5.43 * 1.2, 0]));
    expect([...strainGradient([0.01, 0.02, 0.03, 0.04, 0.05, 0.06])]).toEqual(
      near([1.01, 0.03, 0.025, 0.03, 1.02, 0.02, 0.025, 0.02, 1.03]),
    );
  });

  it("turns to lower triangular rows without changing lengths or angles", () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const turned = toTriangularCell(cell);
        expect([...rotate(cell, turned.rotation)]).toEqual(near(turned.cell));
        expect([turned.cell[1], turned.cell[2], turned.cell[5]]).toEqual([0, 0, 0]);
        expect(cellParameters(turned.cell).angles).toEqual(near(cellParameters(cell).angles, 5));
        expect(signedVolume(turned.cell)).toBeCloseTo(signedVolume(cell), 8);
      }),
    );
    expect(() => toTriangularCell([0, 1, 0, 1, 0, 0, 0, 0, 1])).toThrow(/right-handed/);
  });
});

/** Distance of the nearest neighbors, by all images within one cell around. */
function nearest({ cell, positions }: ReturnType<typeof fcc>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < positions.length; j += 3)
    for (let n = 0; n < 125; n++) {
      const shift = [(n % 5) - 2, (Math.floor(n / 5) % 5) - 2, Math.floor(n / 25) - 2];
      const d = [0, 1, 2].map(
        (k) =>
          positions[j + k]! -
          positions[k]! +
          shift[0]! * cell[k]! +
          shift[1]! * cell[3 + k]! +
          shift[2]! * cell[6 + k]!,
      );
      const r = Math.hypot(...d);
      if (r > 1e-9) least = Math.min(least, r);
    }
  return least;
}

describe("lattices", () => {
  it.each([
    ["fcc", fcc("Cu", 3.6), 3.6 / Math.SQRT2],
    ["fcc primitive", fcc("Cu", 3.6, { primitive: true }), 3.6 / Math.SQRT2],
    ["diamond", diamond("Si", 5.43), (5.43 * Math.sqrt(3)) / 4],
    ["diamond primitive", diamond("Si", 5.43, { primitive: true }), (5.43 * Math.sqrt(3)) / 4],
    ["ideal hcp", hcp("Mg", 3.2), 3.2],
    ["beta-tin", betaTin("Si", 4.8, 2.6), Math.hypot(2.4, 0.65)],
    ["beta-tin primitive", betaTin("Si", 4.8, 2.6, { primitive: true }), Math.hypot(2.4, 0.65)],
  ])("%s has its nearest neighbors, right-handed", (_, structure, distance) => {
    expect(nearest(structure)).toBeCloseTo(distance, 10);
    expect(signedVolume(structure.cell)).toBeGreaterThan(0);
  });

  it("refuses nonsense", () => {
    expect(() => fcc("Cu", -1)).toThrow(/lattice constant a: -1/);
    expect(() => fcc("Qx", 1)).toThrow(/element: Qx/);
  });
});

describe("supercell", () => {
  it("has det(M) copies, all different, of any whole-number matrix", () => {
    const structure = diamond("Si", 5.43, { primitive: true });
    fc.assert(
      fc.property(
        fc.array(small, { minLength: 9, maxLength: 9 }).filter((m) => signedVolume(m) > 0),
        (matrix) => {
          const large = supercell(structure, matrix);
          expect(large.numbers.length).toBe(2 * signedVolume(matrix));
          expect(signedVolume(large.cell)).toBeCloseTo(signedVolume(matrix) * signedVolume(structure.cell), 6);
          const places = new Set<string>();
          const fractional = toFractional(large.cell, large.positions);
          for (let n = 0; n < fractional.length; n += 3)
            places.add([0, 1, 2].map((k) => Math.round((((fractional[n + k]! + 1e-7) % 1) + 1) * 1e5) % 1e5).join(" "));
          expect(places.size).toBe(large.numbers.length);
        },
      ),
    );
  });

  it("repeats columns with the atoms, copy by copy", () => {
    const one = toStructure({
      cell: [2, 0, 0, 0, 3, 0, 0, 0, 4],
      numbers: [1, 2],
      positions: [0, 0, 0, 1, 1, 1],
      arrays: {
        name: { kind: "string", width: 1, values: ["a", "b"] },
        v: { kind: "real", width: 2, values: Float64Array.of(1, 2, 3, 4) },
      },
    });
    const two = supercell(one, [2, 1, 1]);
    expect([...two.positions]).toEqual([0, 0, 0, 1, 1, 1, 2, 0, 0, 3, 1, 1]);
    expect(two.arrays!.name!.values).toEqual(["a", "b", "a", "b"]);
    expect(two.arrays!.v!.values).toEqual(Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4));
    expect(() => supercell(one, [2, 0, 1])).toThrow(/supercell/);
    expect(() => supercell(one, [1.5, 1, 1])).toThrow(/3 or 9 whole numbers/);
  });
});
