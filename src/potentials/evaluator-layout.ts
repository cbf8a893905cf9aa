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
});

/** Bytes of one group's record of sums: energy and virial. */
export const SUMS_BYTES = 80;
