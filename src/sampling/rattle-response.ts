import type { DescriptorSession } from "../descriptors/descriptor.js";
import { type Estimate, meanOfIndependent } from "../math/statistics.js";
import type { Structure } from "../structure/structure.js";
import { rattle } from "./rattle.js";

export interface RattleResponse {
  /** A, standard deviation of each Cartesian component of the displacements. */
  readonly amplitude: number;
  /** [K] root mean square change of each component of an atom's descriptor, with the error over snapshots. */
  readonly changes: readonly Estimate[];
}

/** How far descriptors move when every atom is displaced at random: `snapshots` independent draws an amplitude. */
export function rattleResponse(
  session: DescriptorSession,
  structure: Structure,
  {
    amplitudes,
    snapshots,
    seed,
  }: { readonly amplitudes: readonly number[]; readonly snapshots: number; readonly seed: number },
): RattleResponse[] {
  const atoms = structure.numbers.length;
  const rest = session.values(structure);
  const length = rest.length / atoms;
  return amplitudes.map((amplitude, a) => {
    const squares = Array.from({ length: snapshots }, (_, s) => {
      const moved = session.values(rattle(structure, { amplitude, seed, index: a * snapshots + s }));
      const sums = new Float64Array(length);
      for (let i = 0; i < moved.length; i++) sums[i % length]! += (moved[i]! - rest[i]!) ** 2 / atoms;
      return sums;
    });
    const changes = Array.from({ length }, (_, k) => rootOf(meanOfIndependent(squares.map((sums) => sums[k]!))));
    return { amplitude, changes };
  });
}

/** sqrt of a mean square: d sqrt(x) = dx / 2 sqrt(x). */
const rootOf = ({ value, error }: Estimate): Estimate =>
  value > 0 ? { value: Math.sqrt(value), error: error / (2 * Math.sqrt(value)) } : { value: 0, error: 0 };
