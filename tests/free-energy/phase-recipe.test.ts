import { expect, it } from "vitest";
import { phaseSchema, toPhase } from "../../src/free-energy/phase-recipe.js";
import { parseWith } from "../../src/schema.js";

const copper = { name: "copper", lattice: "fcc", element: "Cu", a: 3.65, repeats: [4, 4, 4] } as const;
const phaseOf = (recipe: object) =>
  toPhase(parseWith(phaseSchema, recipe, "phase"), "phase", () => {
    throw new Error("no file");
  });

it("a phase of a recipe is a crystal unless it says liquid", () => {
  const solid = phaseOf(copper);
  const liquid = phaseOf({ ...copper, state: "liquid" });
  expect(solid).toMatchObject({ name: "copper", cell: "isotropic" });
  expect(liquid).toEqual({ name: "copper", state: "liquid", structure: solid.structure, repeats: [4, 4, 4] });
  expect(phaseOf({ ...copper, state: "solid" })).toEqual(solid);
});

it("a liquid has no choice of cell", () => {
  expect(() => phaseOf({ ...copper, state: "liquid", cell: "any" })).toThrow(/phase.cell: any; expected none/);
  expect(() => phaseOf({ ...copper, state: "gas" })).toThrow(/state/);
});
