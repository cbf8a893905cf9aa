import type { Packer } from "../engine/packer.js";
import type { StillingerWeberTable } from "./stillinger-weber.js";

/** Neighbors inside the cutoff that the twin's short list holds; the rows of the twin are this long. */
const SHORT_LIST = 512;

/**
 * Header of 32 bytes: i32 number of species, i32 room in the short list, f64 largest cutoff^2, i32 of 1 where every p = 4
 * and q = 0 plus 2 where every gamma = 6/5, i32 address of the pairs, i32 of the triplets, i32 of the short list. A pair is
 * 8 f64: cutoff^2, a sigma, sigma, gamma sigma, A epsilon, B, p, q; a triplet 2 f64: lambda epsilon, cos theta0.
 */
export function packStillingerWeber(table: StillingerWeberTable, species: readonly number[], memory: Packer): number {
  const pairs = species.flatMap((i) => species.map((j) => table.pair(i, j)));
  const triplets = species.flatMap((i) => species.flatMap((j) => species.map((k) => table.triplet(i, j, k))));
  const header = memory.allocate(32);
  const pairAddress = memory.f64(
    pairs.flatMap((x) => [x.cutoff ** 2, x.end, x.sigma, x.gamma * x.sigma, x.A * x.epsilon, x.B, x.p, x.q]),
  );
  const tripletAddress = memory.f64(triplets.flatMap((x) => [x.lambdaEpsilon, x.cosTheta0]));
  const shortList = memory.allocate(9 * 8 * SHORT_LIST);
  const view = memory.view();
  view.setInt32(header, species.length, true);
  view.setInt32(header + 4, SHORT_LIST, true);
  view.setFloat64(header + 8, Math.max(...pairs.map((x) => x.cutoff ** 2)), true);
  const plain = pairs.every(({ p, q }) => p === 4 && q === 0);
  const fifths = pairs.every(({ gamma }) => gamma === 1.2);
  view.setInt32(header + 16, (plain ? 1 : 0) + (fifths ? 2 : 0), true);
  view.setInt32(header + 20, pairAddress, true);
  view.setInt32(header + 24, tripletAddress, true);
  view.setInt32(header + 28, shortList, true);
  return header;
}
