import { describe, expect, it } from "vitest";
import { directCoexistence } from "../../src/phase-diagram/direct-coexistence.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

describe("silicon of Stillinger and Weber beside its melt, 1280 atoms", () => {
  // J. Q. Broughton, X. P. Li, Phys. Rev. B 35 (1987) 9120: 1691 +- 20 K.
  it("melts at 1691 K within 20 K, from a range of 700 K", async () => {
    const phase = { name: "diamond", structure: diamond("Si", 5.45), repeats: [4, 4, 4], cell: "isotropic" } as const;
    const { melting, search, runs, rates } = await directCoexistence(
      createPotential(stillingerWeberSilicon).spec,
      phase,
      {
        pressure: 0,
        temperature: [1400, 2100],
        tolerance: 6,
        runs: 24,
        width: 7,
        length: 20,
        duration: 80_000,
        lookEvery: 2000,
        seed: 1,
      },
    );
    console.log(melting, search.length, runs.length, rates);
    expect(melting.error).toBeLessThan(10);
    expect(Math.abs(melting.value - 1691)).toBeLessThan(20);
  });
});
