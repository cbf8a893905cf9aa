/** Twin of `MOST_PARTITIONS` in team.as.ts. */
export const MOST_PARTITIONS = 64;
