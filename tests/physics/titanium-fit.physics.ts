import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { minimize } from "../../src/dynamics/minimize.js";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { elasticConstants } from "../../src/properties/elastic.js";
import { findCopies } from "../../src/regression/copies.js";
import { comparePredictions, predictStructures } from "../../src/regression/evaluation.js";
import { bcc, fcc, hcp, omega } from "../../src/structure/lattices.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const stored = (name: string) =>
  JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, "../../data/titanium-saidi", name), "utf8"));
const potential = createPotential(stored("potential.json"));

describe("the stored potential of titanium", () => {
  it("has hcp below omega, fcc and bcc, and bcc unstable, as PBE has but for omega", async () => {
    const settings = { forceTolerance: 1e-5, stressTolerance: 1e-3 };
    const ground = await minimize(potential, hcp("Ti", 2.93, 4.63), { ...settings, cell: "tetragonal" });
    const [a, c] = [Math.hypot(...ground.structure.cell.subarray(0, 3)), ground.structure.cell[8]!];
    // Experiment: 2.950 and 1.587; PBE contracts a by half a percent.
    expect(a).toBeGreaterThan(2.9);
    expect(a).toBeLessThan(2.96);
    expect(c / a).toBeGreaterThan(1.56);
    expect(c / a).toBeLessThan(1.6);
    const above = async (structure: ReturnType<typeof bcc>, cell: "isotropic" | "tetragonal") => {
      const { energy } = await minimize(potential, structure, { ...settings, cell });
      return 1000 * (energy / structure.numbers.length - ground.energy / 2);
    };
    expect(await above(omega("Ti", 4.53, 2.84), "tetragonal")).toBeCloseTo(10.9, 0);
    expect(await above(fcc("Ti", 4.1), "isotropic")).toBeCloseTo(63.5, 0);
    expect(await above(bcc("Ti", 3.23), "isotropic")).toBeCloseTo(106.2, 0);
    const relaxed = await minimize(potential, bcc("Ti", 3.23), { ...settings, cell: "isotropic" });
    const { constants } = await elasticConstants(potential, relaxed.structure);
    expect(constants[0]! - constants[1]!).toBeLessThan(0);
  });
});

describeWith([requireShared("saidi_Ti")], "the stored potential of titanium on its data", () => {
  it("has the errors that its account says", async () => {
    const text = zlib.gunzipSync(fs.readFileSync(shared("data", "saidi_Ti", "all.xyz.gz"))).toString("utf8");
    const all = parseExtxyz(text);
    const copyOf = findCopies(all);
    const frames = all.filter((_, index) => copyOf[index] === index);
    expect([all.length, all.length - frames.length]).toEqual([3315, 535]);
    const errors = comparePredictions(frames, await predictStructures(potential, frames));
    const { training } = stored("errors.json");
    for (const quantity of ["energy", "forces", "stress"] as const)
      expect(errors[quantity]!.mae / training[quantity].mae).toBeCloseTo(1, 6);
  }, 300_000);
});
