import { layOut } from "../engine/record-layout.js";

/** Twin of `Evaluator` in evaluator.as.ts. */
export const EVALUATOR = layOut({
  hood: "usize",
  termCount: "i32",
  terms: "usize",
  groupCount: "i32",
  forces0: "usize",
  forces1: "usize",
  sums: "usize",
  systems: "usize",
  region: "usize",
  partials: "usize",
  regionCapacity: "i32",
  regionWanted: "i32",
  fitted: "i32",
  computeTerm: "i32",
  group: "i32",
  term: "i32",
  pass: "i32",
  fresh: "i32",
  ownOnly: "i32",
});

/** Bytes of a partition's copy of the system. */
export const SYSTEM_BYTES = 128;

/** Codes of what happens between two passes, four bits each; 0 ends the passes. */
export const EXCHANGES = { gather: 1, spread: 2, barrier: 3 } as const;

/** Bytes of one group's record of sums: energy and virial. */
export const SUMS_BYTES = 80;
