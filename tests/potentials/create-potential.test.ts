import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { stressToVirial, virialToStress } from "../../src/potentials/stress.js";
import { fcc } from "../../src/structure/lattices.js";
import { embeddedAtomTables } from "../support/embedded-atom-tables.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const lennardJones = { kind: "lennard-jones", epsilon: 0.4, sigma: 2.3, cutoff: 6 };
const zbl = { kind: "ziegler-biersack-littmark", inner: 2, outer: 3 };

describe("createPotential", () => {
  it("keeps a whole spec, training record included", () => {
    const spec = {
      format: "phasecell-potential",
      version: 1,
      terms: [lennardJones, zbl, embeddedAtomTables("alloy", ["Cu"])],
      training: { seed: 7, errors: { energy: 0.002 } },
    } as const;
    const potential = createPotential(spec);
    expect(potential.spec).toEqual(spec);
    expect(JSON.parse(JSON.stringify(potential.spec))).toEqual(spec);
    expect(potential.cutoff).toBe(6);
    expect(potential.continuity).toBe("truncated");
  });

  it("sums laws", async () => {
    const copper = fcc("Cu", 3.6);
    const energy = async (spec: Parameters<typeof createPotential>[0]): Promise<number> => {
      const session = await createPotential(spec).open(copper);
      const result = await session.evaluate();
      session.dispose();
      return result.energy;
    };
    const sum = (await energy(lennardJones)) + (await energy(zbl));
    expect(await energy([lennardJones, zbl])).toBeCloseTo(sum, 12);
  });

  const complaints: [string, () => unknown, string][] = [
    ["an unknown law", () => createPotential({ kind: "lenard-jones" }), "terms.0.kind: lenard-jones; expected one of"],
    ["a suggestion for it", () => createPotential({ kind: "lenard-jones" }), "try lennard-jones"],
    ["an unknown key", () => createPotential({ ...lennardJones, epsilom: 1 }), "unknown key terms.0.epsilom"],
    ["a number that is none", () => createPotential({ ...zbl, outer: "3" }), "terms.0.outer: 3; expected number"],
    ["half the numbers", () => createPotential({ kind: "lennard-jones", epsilon: 1 }), "1 of three"],
    ["outer inside inner", () => createPotential({ ...zbl, outer: 1 }), "outer: 1; expected more than inner, 2"],
    ["an unknown element", () => createPotential(embeddedAtomTables("alloy", ["Cw"])), "element: Cw"],
    ["no terms", () => createPotential([]), "potential: no terms"],
    [
      "a pair given twice",
      () =>
        createPotential({
          kind: "morse",
          pairs: [
            ["Cu", "Ni"],
            ["Ni", "Cu"],
          ].map((elements) => ({ elements, depth: 1, alpha: 1, r0: 2, cutoff: 5 })),
        }),
      "Ni Cu twice",
    ],
  ];
  it.each(complaints)("names %s in one line", (_, create, message) => {
    expect(create).toThrow(message);
  });

  it("names the element that a law has no numbers for", async () => {
    for (const engine of ["reference", "wasm"] as const)
      await expect(createPotential(stillingerWeberSilicon).open(fcc("Cu", 3.6), {}, engine)).rejects.toThrow(
        "stillinger-weber potential: no parameters for Cu; expected only Si in the structure",
      );
  });

  it("names what is wrong with a structure or a move", async () => {
    const sites = Array.from(fcc("Cu", 3.6).positions);
    const einstein = createPotential({ kind: "einstein-crystal", sites, stiffness: 2 });
    for (const engine of ["reference", "wasm"] as const) {
      await expect(einstein.open(fcc("Cu", 3.6, { primitive: true }), {}, engine)).rejects.toThrow(
        "einstein-crystal potential: made for 4 atoms; expected the 1 atoms of the structure",
      );
      const session = await createPotential(lennardJones).open(fcc("Cu", 3.6), {}, engine);
      await expect(session.evaluate({ positions: new Float64Array(3) })).rejects.toThrow("positions of a move");
      await expect(session.evaluate({ positions: new Float64Array(12).fill(Number.NaN) })).rejects.toThrow(
        "position of atom 0: NaN; expected a finite number",
      );
      session.dispose();
    }
  });

  it("does not touch memory that it gave back", async () => {
    const session = await createPotential(lennardJones).open(fcc("Cu", 3.6));
    session.dispose();
    await expect(session.evaluate()).rejects.toThrow("session: disposed");
  });

  it("tells atoms on top of each other from a result", async () => {
    const structure = { ...fcc("Cu", 3.6), positions: new Float64Array(12) };
    for (const engine of ["reference", "wasm"] as const) {
      const session = await createPotential(lennardJones).open(structure, {}, engine);
      await expect(session.evaluate()).rejects.toThrow("expected a finite number");
      session.dispose();
    }
  });
});

describe("stress", () => {
  it("is minus the virial over the volume, in Voigt order", () => {
    const virial = [-2, -12, -10, -12, -4, -8, -10, -8, -6];
    const stress = virialToStress(virial, 2);
    expect([...stress]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...stressToVirial(stress, 2)]).toEqual(virial);
  });
});
