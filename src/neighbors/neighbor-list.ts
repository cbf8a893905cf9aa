/**
 * Full neighbor list in compressed rows. Neighbor k of atom i, offsets[i] <= k < offsets[i+1], is atom neighbors[k]
 * displaced by shifts[3k..] cell vectors: r = x_j + shift . cell - x_i, |r| < cutoff (+ skin). An atom is its own
 * neighbor through a nonzero shift when the cell is small against the cutoff.
 */
export interface NeighborList {
  /** A. */
  readonly cutoff: number;
  /** A, added to the cutoff when the list was built. */
  readonly skin: number;
  /** [N+1]. */
  readonly offsets: Int32Array;
  /** [P]. */
  readonly neighbors: Int32Array;
  /** [3P] in cell vectors. */
  readonly shifts: Int16Array;
  /** True where an engine ran out of room: the list is then incomplete and must be grown, never used. */
  readonly overflow: boolean;
}
