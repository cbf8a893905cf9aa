import { InputError } from "../errors.js";

/** Twin of `MOST_PARTITIONS` in team.as.ts. */
const MOST_PARTITIONS = 64;
/** Fewer atoms than this in a partition are not worth the trouble of folding its forces. */
const ATOMS_PER_PARTITION = 128;
const DEFAULT_PARTITIONS = 4;

/** Partitions of a system of `count` atoms: as asked for, else up to four. Never a matter of threads. */
export function toPartitions(partitions: number | undefined, count: number): number {
  if (partitions === undefined)
    return Math.max(1, Math.min(DEFAULT_PARTITIONS, Math.floor(count / ATOMS_PER_PARTITION)));
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MOST_PARTITIONS)
    throw new InputError({
      what: "partitions",
      value: partitions,
      expected: `a whole number from 1 to ${MOST_PARTITIONS}`,
    });
  return partitions;
}
