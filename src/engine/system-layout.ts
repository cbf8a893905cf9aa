import { layOut } from "./record-layout.js";

/** Twin of `System` in system.as.ts. */
export const SYSTEM = layOut({
  ownCount: "i32",
  allCount: "i32",
  allCapacity: "i32",
  dummy: "i32",
  positions: "usize",
  forces: "usize",
  energies: "usize",
  fullCounts: "usize",
  fullFirst: "usize",
  fullNeighbors: "usize",
  halfCounts: "usize",
  halfFirst: "usize",
  halfNeighbors: "usize",
  scratch: "usize",
  status: "i32",
  cell: "usize",
  images: "usize",
  atoms: "usize",
  places: "usize",
  partials: "usize",
  numbers: "usize",
  wantsEnergies: "i32",
  wantsVirial: "i32",
});

/** Twin of `Status` in system.as.ts. */
export const Status = {
  ghostsFull: 1,
  listFull: 2,
  shortListFull: 4,
  notFinite: 8,
  cellCollapsed: 16,
  windowsFull: 32,
} as const;
