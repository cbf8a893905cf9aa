import { describe, expect, it } from "vitest";
import { toFractional } from "../../src/structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp, omega } from "../../src/structure/lattices.js";
import { symmetryOperations } from "../../src/structure/symmetry-operations.js";

describe("symmetryOperations", () => {
  it.each([
    ["fcc primitive", fcc("Cu", 3.6, { primitive: true }), 48],
    ["fcc", fcc("Cu", 3.6), 192],
    ["bcc", bcc("Ta", 3.3), 96],
    ["diamond primitive", diamond("Si", 5.43, { primitive: true }), 48],
    ["hcp", hcp("Ti", 2.95, 4.68), 24],
    ["omega", omega("Ti", 4.6, 2.82), 24],
    ["beta-tin primitive", betaTin("Si", 4.8, 2.6, { primitive: true }), 16],
  ])("%s: rotations that map every bond on a bond", async (_, structure, order) => {
    const operations = await symmetryOperations(structure);
    expect(operations).toHaveLength(order);
    expect(operations[0]).toMatchObject({ rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    const x = toFractional(structure.cell, structure.positions);
    const { positions, cell, numbers } = structure;
    for (const { rotation, cartesian, images, cells } of operations) {
      for (let k = 0; k < 9; k++) {
        const [i, j] = [Math.floor(k / 3), k % 3];
        const product = [0, 1, 2].reduce((sum, d) => sum + cartesian[3 * i + d]! * cartesian[3 * j + d]!, 0);
        expect(product).toBeCloseTo(Number(i === j), 10);
      }
      expect(new Set(images).size).toBe(numbers.length);
      for (let n = 0; n < numbers.length; n++)
        for (let d = 0; d < 3; d++) {
          const place = (atom: number) => x[3 * images[atom]! + d]! + cells[3 * atom + d]!;
          const turned = [0, 1, 2].reduce((sum, k) => sum + rotation[3 * d + k]! * (x[3 * n + k]! - x[k]!), 0);
          expect(place(n) - place(0)).toBeCloseTo(turned, 8);
          const bond = [0, 1, 2].reduce(
            (sum, k) => sum + (positions[3 * n + k]! - positions[k]!) * cartesian[3 * k + d]!,
            0,
          );
          const image = [0, 1, 2].reduce(
            (sum, k) => sum + (cells[3 * n + k]! - cells[k]!) * cell[3 * k + d]!,
            positions[3 * images[n]! + d]! - positions[3 * images[0]! + d]!,
          );
          expect(image).toBeCloseTo(bond, 8);
        }
    }
  });
});
