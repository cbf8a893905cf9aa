import { describe, expect, it } from "vitest";
import { lengthsFor, slownessOf } from "../../src/free-energy/slowness.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

it.each([
  ["copper", fcc("Cu", 3.615), 138, 1],
  ["silicon, stiffer than copper", diamond("Si", 5.431), 101, 1],
  ["argon", fcc("Ar", 5.31), 2.9, 4.6],
  ["argon about to fall apart", fcc("Ar", 5.31), 0.1, 10],
])("times of %s are as long as its atoms are slow", (_, crystal, bulkModulus, expected) => {
  expect(slownessOf(crystal, bulkModulus)).toBe(expected);
});

describe("lengths of runs", () => {
  const { spec: argon } = createPotential({
    kind: "lennard-jones",
    epsilon: 0.0104,
    sigma: 3.4,
    cutoff: 8.5,
    shifted: true,
  });
  const solid = { name: "fcc", structure: fcc("Ar", 5.3), repeats: [4, 4, 4], cell: "isotropic" } as const;
  const liquid = { name: "liquid", state: "liquid", structure: fcc("Ar", 5.8), repeats: [4, 4, 4] } as const;
  const copperLike = { timestep: 2, equilibration: 1000, sampling: 3000, switching: 3000, replicas: 3, slowness: 1 };

  it("are copper's for a stiff crystal", async () => {
    const phase = { name: "diamond", structure: diamond("Si", 5.4), repeats: [3, 3, 3], cell: "isotropic" } as const;
    expect(await lengthsFor(createPotential(stillingerWeberSilicon).spec, [phase], [0], {})).toEqual(copperLike);
  });

  it("are as many times longer as atoms are slower, of a liquid as of its crystal; a time that is given stays", async () => {
    const lengths = await lengthsFor(argon, [solid], [0], { sampling: 500 });
    const { slowness } = lengths;
    expect(slowness).toBeGreaterThan(4);
    expect(slowness).toBeLessThan(5);
    expect(lengths).toEqual({
      ...{ timestep: 2 * slowness, equilibration: 1000 * slowness, sampling: 500, switching: 3000 * slowness },
      ...{ replicas: 3, slowness },
    });
    expect(await lengthsFor(argon, [liquid], [0], { sampling: 500 })).toEqual(lengths);
  });

  it("are those of the lowest pressure, with the step of the highest", async () => {
    const [low, high, both] = await Promise.all([[0], [20], [0, 20]].map((at) => lengthsFor(argon, [solid], at, {})));
    expect(high!.slowness).toBeLessThan(0.5 * low!.slowness);
    expect(both).toEqual({ ...low, timestep: high!.timestep });
  });

  it("do not ask for a crystal at rest where slowness is given", async () => {
    expect(await lengthsFor(undefined as never, [solid], [0], { slowness: 1 })).toEqual(copperLike);
  });
});
