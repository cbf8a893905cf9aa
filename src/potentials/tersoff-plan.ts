import type { Packer } from "../engine/packer.js";
import type { TersoffTable, TersoffTriplet } from "./tersoff.js";

/** Entries of a row of the list that the twin can take in, and neighbors inside the cutoff of one atom. */
const ROW = 512;
const NEAR = 64;
/** Atoms that the twin takes at once at most; it takes no more where their neighbors are NEAR in all. */
const BATCH = 32;
const BATCH_BYTES = 16;
/** Bytes of two neighbors, and the most that is kept of an ordered pair of them. */
const BLOCK_BYTES = 288;
const KEPT_BYTES = 24;

/**
 * Header of 64 bytes: i32 number of species, i32 ROW, f64 largest cutoff^2, i32 NEAR, i32 one where some lambda3 counts,
 * i32 address of the bonds, i32 of the triplets, i32 of the list, i32 of the neighbors, i32 of what is kept of triplets, i32 of
 * the batch, i32 BATCH.
 * A bond and a triplet take 16 f64. Bond i k: largest cutoff^2 of k seen from i; R + D; R; R - D; pi / 2D; A; lambda1; B;
 * lambda2; beta; n; -1/2n. Triplet i j k: R + D; R; R - D; pi / 2D; gamma (1 + c^2/d^2); gamma c^2; d^2; cos theta0; and
 * the exponent of the stretch as (cubic x^2 + linear) x: cubic, linear.
 */
export function packTersoff(table: TersoffTable, species: readonly number[], memory: Packer): number {
  const end = ({ R, D }: TersoffTriplet): number => R + D;
  const fall = (x: TersoffTriplet): number[] => [end(x), x.R, x.R - x.D, x.D > 0 ? (0.5 * Math.PI) / x.D : 0];
  const row = (values: readonly number[]): number[] => Array.from({ length: 16 }, (_, k) => values[k] ?? 0);
  const bonds = species.flatMap((i) =>
    species.map((k) => {
      const reach = Math.max(...species.map((j) => end(table.triplet(i, j, k))));
      const x = table.triplet(i, k, k);
      return row([reach ** 2, ...fall(x), x.A, x.lambda1, x.B, x.lambda2, x.beta, x.n, -0.5 / x.n]);
    }),
  );
  const triplets = species.flatMap((i) => species.flatMap((j) => species.map((k) => table.triplet(i, j, k))));
  const tripletRows = triplets.map((x) => {
    const [strength, d2] = [x.gamma * x.c ** 2, x.d ** 2];
    const stretch = x.m === 3 ? [x.lambda3 ** 3, 0] : [0, x.lambda3];
    return row([...fall(x), x.gamma + strength / d2, strength, d2, x.cosTheta0, ...stretch]);
  });
  const header = memory.allocate(64);
  const addresses = [
    memory.f64(bonds.flat()),
    memory.f64(tripletRows.flat()),
    memory.allocate(4 * ROW),
    // The last atom of a batch may bring NEAR neighbors more.
    memory.allocate(BLOCK_BYTES * NEAR),
    memory.allocate(2 * KEPT_BYTES * NEAR ** 2),
    memory.allocate(BATCH_BYTES * BATCH),
    BATCH,
  ];
  const view = memory.view();
  view.setInt32(header, species.length, true);
  view.setInt32(header + 4, ROW, true);
  view.setFloat64(header + 8, Math.max(...bonds.map((bond) => bond[0]!)), true);
  view.setInt32(header + 16, NEAR, true);
  view.setInt32(header + 20, triplets.some(({ lambda3 }) => lambda3 !== 0) ? 1 : 0, true);
  addresses.forEach((address, k) => {
    view.setInt32(header + 24 + 4 * k, address, true);
  });
  return header;
}
