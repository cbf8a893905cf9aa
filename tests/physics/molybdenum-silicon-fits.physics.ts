import fs from "node:fs";
import { expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { comparePredictions, predictStructures } from "../../src/regression/evaluation.js";
import { fitPotential } from "../../src/regression/fit.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const read = (name: string, split: string): LabeledStructure[] =>
  parseExtxyz(fs.readFileSync(shared("data", name, `${split}.xyz`), "utf8"));

/**
 * Fits by the defaults alone, with as many coefficients as the published potential of Zuo et al., J. Phys. Chem. A 124
 * (2020) 731: everything else comes from cross-validation on the training set, and the test set is looked at once.
 * Published: mean absolute errors of the SNAP and quadratic SNAP of that paper on the same test set, eV/atom and eV/A.
 */
const published = [
  { name: "mlearn_Mo", coefficients: 31, energy: 5.48e-3, forces: 0.207 },
  { name: "mlearn_Si", coefficients: 56, energy: 6.44e-3, forces: 0.133 },
  { name: "mlearn_Mo", coefficients: 496, energy: 2.77e-3, forces: 0.184 },
  { name: "mlearn_Si", coefficients: 1596, energy: 3.81e-3, forces: 0.116 },
];

for (const { name, coefficients, energy, forces } of published)
  describeWith([requireShared(name)], `an own SNAP with ${coefficients} coefficients on ${name}`, () => {
    it("errs on the test set no more than the published one", async () => {
      const { potential } = await fitPotential({ model: { kind: "snap", coefficients } }, read(name, "train"));
      const test = read(name, "test");
      const errors = comparePredictions(test, await predictStructures(createPotential(potential), test));
      expect(errors.energy!.mae).toBeLessThanOrEqual(energy);
      expect(errors.forces!.mae).toBeLessThanOrEqual(forces);
    });
  });
