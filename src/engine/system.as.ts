/**
 * The atoms as every kernel sees them: own atoms first, then ghosts (periodic images within reach), so that a kernel
 * never thinks of periodicity. Forces are ADDED, on ghosts too; the engine folds ghost forces back to their owners and
 * takes the virial from sum r f over own and ghost atoms before folding.
 *
 * Order: each list build sorts own atoms into bins: bins in rows, rows in planes, planes along the longest axis of the
 * atoms, and within a bin as the caller numbers them, so that the order follows from the places at the build alone.
 * Ghosts stand after them in the order of their owners, those that half lists may hold first. A contiguous range of own
 * atoms is therefore a slab: its half list touches own atoms from its begin to about a reach behind its end, and ghosts
 * there. Outside the engine nobody sees this order: `atoms` tells whom a place belongs to.
 */
@unmanaged
export class System {
  /** Atoms of the cell. */
  ownCount: i32;
  /** Own and ghost atoms. */
  allCount: i32;
  /** Room for own and ghost atoms, without the dummy. */
  allCapacity: i32;
  /** Index of an atom 1e8 A away, used to pad odd rows: its position is always valid and its force never read. */
  dummy: i32;
  /** [all] records of 32 bytes: f64 x, y, z; i32 type; i32 owner (the own atom that a ghost is an image of). */
  positions: usize;
  /**
   * [all] records of 32 bytes: f64 fx, fy, fz and an energy (eV) that is folded like the force and added to `energies`:
   * a pair's half for either atom costs nothing there.
   */
  forces: usize;
  /** [own] f64 eV, added to. */
  energies: usize;
  /** Full list: [own] i32 row lengths, [own] i32 first entries, i32 entries; after an odd row stands `dummy`. */
  fullCounts: usize;
  fullFirst: usize;
  fullNeighbors: usize;
  /** Half list: each pair once (own j later in the order of bins, or a ghost whose shift stands after the origin); same layout. */
  halfCounts: usize;
  halfFirst: usize;
  halfNeighbors: usize;
  /** `scratchPerAtom` bytes for each own atom, for one term at a time. */
  scratch: usize;
  /** Bits of Status: what ran out of room or went wrong. The caller grows and repeats; results are then void. */
  status: i32;
  /** [9] f64 A, rows, with open directions completed: an own atom's unwrapped place is position + image . cell. */
  cell: usize;
  /** [own] records of 16 bytes: three i32 whole cell vectors that the atom was moved back by. */
  images: usize;
  /** [own] i32: which of the caller's atoms stands here. What belongs to an atom (random numbers, sites) goes by it. */
  atoms: usize;
  /** [own] i32: where each of the caller's atoms stands; the inverse of `atoms`. */
  places: usize;
  /** [all] f64 that a pass adds to, and that the engine gathers into `numbers`; see potentials/evaluator.as.ts. */
  partials: usize;
  /** [all] f64 that passes exchange, between partitions and with ghosts. */
  numbers: usize;
  /** `Wanted`: a kernel may leave out energies at which nobody will look, and its forces are the same to the bit. */
  wantsEnergies: i32;
  /** 0 where nobody will look at the virial either. */
  wantsVirial: i32;
}

/** What of the energies anybody will look at. */
export namespace Wanted {
  export const NOTHING: i32 = 0;
  /** Their sum: a kernel may put them at whatever atom it likes. */
  export const TOTAL: i32 = 1;
  /** Those of the atoms: half of a pair's to either. */
  export const SHARES: i32 = 2;
}

/** Bits of System.status. */
export namespace Status {
  export const GHOSTS_FULL: i32 = 1;
  export const LIST_FULL: i32 = 2;
  /** More neighbors inside a term's cutoff than its short list holds. */
  export const SHORT_LIST_FULL: i32 = 4;
  export const NOT_FINITE: i32 = 8;
  /** More periodic images within reach than memory holds. */
  export const CELL_COLLAPSED: i32 = 16;
  /** The windows that partitions add forces in need more room. */
  export const WINDOWS_FULL: i32 = 32;
}
