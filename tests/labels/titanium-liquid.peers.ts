import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { quantumEspresso, quantumEspressoVersion } from "../../src/labels/quantum-espresso.node.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const read = (name: string) =>
  fs.readFileSync(path.resolve(import.meta.dirname, "../../data/titanium-liquid", name), "utf8");
const rest = parseExtxyz(read("rest-labeled.xyz"));
const version = await quantumEspressoVersion();

it("the labels of titanium-liquid belong to its structures", () => {
  const files = ["rest", "liquid", "unseen", "hot", "unseen-hot"].map((name) => [name, name]);
  for (const [name, of] of [...files, ["rest-warm", "rest"]]) {
    const labeled = parseExtxyz(read(`${name}-labeled.xyz`));
    const structures = parseExtxyz(read(`${of}.xyz`));
    expect(labeled.map(({ structure }) => structure.positions)).toEqual(
      structures.map(({ structure }) => structure.positions),
    );
    expect(labeled.map(({ structure }) => structure.cell)).toEqual(structures.map(({ structure }) => structure.cell));
    for (const { energy, forces, stress } of labeled) expect([energy, forces, stress]).not.toContain(undefined);
  }
});

it("at one volume omega lies below hcp and bcc above, more so under pressure", () => {
  // Four volumes, three crystals each: hcp, omega, bcc.
  const above = [2, 0, 1, 3].map((k) => {
    const [hcp, omega, bcc] = rest
      .slice(3 * k, 3 * k + 3)
      .map(({ energy, structure }) => energy! / structure.numbers.length);
    return [omega! - hcp!, bcc! - hcp!].map((difference) => (1000 * difference).toFixed(1));
  });
  expect(above).toEqual([
    ["7.0", "115.4"],
    ["-3.2", "112.7"],
    ["-19.7", "102.7"],
    ["-38.9", "85.6"],
  ]);
});

it("the eigenvalues say what electrons of 1200 K gain as two runs of pw.x do", () => {
  const gains = parseExtxyz(read("electrons.xyz"));
  const warm = parseExtxyz(read("rest-warm-labeled.xyz"));
  const differences = warm.map(({ structure, energy }, i) => {
    const found = gains.find((gain) => gain.structure.cell.every((x, k) => Math.abs(x - structure.cell[k]!) < 1e-9));
    return (found!.energy! - (energy! - rest[i]!.energy!)) / structure.numbers.length;
  });
  for (const difference of differences) expect(1000 * Math.abs(difference)).toBeLessThan(0.35);
});

describeWith(
  [requireShared("pseudo_pbe_psl"), version === undefined ? "no pw.x" : undefined],
  "pw.x on titanium-liquid",
  () => {
    it("labels bcc as it is stored", async () => {
      const labeler = await quantumEspresso(JSON.parse(read("recipe-rest.json")), {
        pseudopotentialDirectory: shared("data", "pseudo_pbe_psl"),
      });
      const bcc = rest.find(({ group }) => group === "rest_bcc")!;
      const outcome = await labeler.label(bcc.structure);
      if (outcome.status === "failed") throw new Error(outcome.message);
      expect(Math.abs(outcome.label.energy - bcc.energy!)).toBeLessThan(1e-5);
      for (const [i, s] of outcome.label.stress.entries()) expect(Math.abs(s - bcc.stress![i]!)).toBeLessThan(1e-5);
    }, 120_000);
  },
);
