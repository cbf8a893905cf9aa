import { layOut } from "../engine/record-layout.js";

/** Twin of `Neighborhood` in neighborhood.as.ts. */
export const NEIGHBORHOOD = layOut({
  cutoff: "f64",
  skin: "f64",
  system: "usize",
  cell: "usize",
  inverse: "usize",
  builtCell: "usize",
  builtPositions: "usize",
  images: "usize",
  shiftVectors: "usize",
  ghostShifts: "usize",
  binOwn: "usize",
  binAfter: "usize",
  binBefore: "usize",
  atomBins: "usize",
  workspace: "usize",
  columnBytes: "usize",
  carried: "usize",
  segments: "usize",
  periodic: "i32",
  lists: "i32",
  shiftCapacity: "i32",
  binCapacity: "i32",
  fullCapacity: "i32",
  halfCapacity: "i32",
  span0: "i32",
  span1: "i32",
  span2: "i32",
  halfEnd: "i32",
  built: "i32",
  builds: "i32",
  wantedShifts: "i32",
  wantedAll: "i32",
  wantedFull: "i32",
  wantedHalf: "i32",
  failedAtom: "i32",
});

/** Bits of Neighborhood.lists. */
export const ListKind = { full: 1, half: 2 } as const;
