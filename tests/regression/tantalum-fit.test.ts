import fs from "node:fs";
import { expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { fitPotential } from "../../src/regression/fit.js";
import type { WeightsSpec } from "../../src/regression/weights.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const read = (name: string): string => fs.readFileSync(shared("data", "fitsnap_Ta", name), "utf8");

/** The weights of FitSNAP's input: those of stresses are per bar there, per GPa here. */
function publishedWeights(): NonNullable<WeightsSpec["groups"]> {
  const lines = read("reference/Ta-example.in").split("[GROUPS]")[1]!.split("[EXTRAS]")[0]!.split("\n");
  const rows = lines.filter((line) => /^\w+\s*=\s*1\.0\s/.test(line)).map((line) => line.split(/[\s=]+/));
  return Object.fromEntries(
    rows.map(([group, , , energy, forces, stress]) => [
      group!,
      { energy: Number(energy), forces: Number(forces), stress: 1e4 * Number(stress) },
    ]),
  );
}

describeWith([requireShared("fitsnap_Ta")], "a fit to FitSNAP's tantalum structures", () => {
  it("gives the published coefficients to 1e-5 and the published errors per group", async () => {
    const published = read("reference/Ta_pot.snapcoeff")
      .split("\n")
      .filter((line) => line.includes("#  B["))
      .map((line) => Number.parseFloat(line));

    const groups = publishedWeights();
    expect(Object.keys(groups).length).toBe(12);
    const structures = parseExtxyz(read("train.xyz"));
    const { potential, errors } = await fitPotential(
      {
        model: { kind: "snap", twojmax: 6, cutoff: 4.67637, rfac0: 0.99363 },
        reference: "zbl(4.0,4.8)",
        weights: { groups },
        ridge: 0,
        tune: false,
      },
      structures,
    );
    const [zbl, snap] = potential.terms;
    expect(zbl!.kind).toBe("ziegler-biersack-littmark");
    const coefficients = (snap!.coefficients as number[][])[0]!;
    for (const [k, value] of published.entries())
      expect(Math.abs(coefficients[k]! - value), `coefficient ${k}`).toBeLessThan(1e-5);
    // Ta_metrics.md, unweighted; the structures here are rounded to 1e-5 A.
    expect(errors.energy!.mae).toBeCloseTo(0.112787, 5);
    expect(errors.forces!.mae).toBeCloseTo(0.0757576, 5);
    expect(errors.forces!.rmse).toBeCloseTo(0.160973, 5);
    expect(errors.groups.Displaced_A15!.energy!.mae).toBeCloseTo(0.00235835, 6);
    expect(errors.groups.Liquid!.forces!.mae).toBeCloseTo(0.353795, 5);
    expect(errors.groups.Elastic_BCC!.stress!.mae * 1e4).toBeCloseTo(167.829, 1);
  });
});
