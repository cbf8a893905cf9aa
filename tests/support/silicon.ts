import type { LawSpec } from "../../src/potentials/potential.js";

/** Silicon of Stillinger and Weber, Phys. Rev. B 31 (1985) 5262, with the numbers of LAMMPS's Si.sw. */
export const stillingerWeberSilicon = {
  kind: "stillinger-weber",
  triplets: [
    {
      elements: ["Si", "Si", "Si"],
      epsilon: 2.1683,
      sigma: 2.0951,
      a: 1.8,
      lambda: 21,
      gamma: 1.2,
      cosTheta0: -0.333333333333,
      A: 7.049556277,
      B: 0.6022245584,
      p: 4,
      q: 0,
    },
  ],
} as const satisfies LawSpec;
