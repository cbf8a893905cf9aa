/** Kernel numbers shared by the planners and the table in src/kernels.as.ts. Append only. */
export const Kernel = {
  lennardJones: 1,
  zieglerBiersackLittmark: 2,
  stillingerWeber: 3,
  embeddedAtom: 4,
  snap: 5,
  einsteinCrystal: 6,
  morse: 7,
  uhlenbeckFord: 8,
  tersoff: 9,
  splineMeam: 10,
  snapMixed: 11,
} as const;
