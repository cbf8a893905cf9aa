/**
 * Families held out for testing, whole: no snapshot of a test family, and none that shares its cell shape, seed and
 * trajectory, is trained on. Equations of state stay in training: their neighbors in volume would give them away.
 */
const TEST_SOURCES = new Set([
  "beta-tin-1-37",
  "beta-tin-2ab-34",
  "beta-tin-8-4bc-72",
  "imma-1-62",
  "simple-hexagonal-3abc-53",
  "diamond-2ab-3",
  "diamond-2a-5",
  "diamond-8-14",
  "vacancy-22",
  "bcc-3abc-103",
  "fcc-3c-104",
  "liquid-4",
  "md-beta-tin-1",
]);

export const isTest = (source: string): boolean => TEST_SOURCES.has(source);
