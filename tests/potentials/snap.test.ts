import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { potentialContract } from "../contracts/potential-contract.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";

for (const [name, bispectrum] of Object.entries(bispectra))
  potentialContract({ name: `SNAP, ${name}`, spec: snapSpec(bispectrum), structure: snapAtoms(bispectrum) });

describe("SNAP refuses", () => {
  const spec = snapSpec(bispectra["one element"]!);

  it("coefficients that do not fit twojmax", () => {
    const coefficients = [spec.coefficients[0]!.slice(1)];
    expect(() => createPotential({ ...spec, coefficients })).toThrow(
      "snap.coefficients: a row of 14 numbers; expected 15: a constant and 14 for twojmax 4",
    );
  });

  it("rows for other than its elements", () => {
    const coefficients = [...spec.coefficients, ...spec.coefficients];
    expect(() => createPotential({ ...spec, coefficients })).toThrow(
      "snap.coefficients: 2 rows; expected one for each of the 1 elements",
    );
  });

  it("inner switching without distances", () => {
    const elements = [{ element: "In", radius: 0.5, weight: 1 }];
    expect(() => createPotential({ ...spec, elements, switchinnerflag: true })).toThrow("sinner and dinner");
  });

  it("an rmin0 beyond half of a cutoff", () => {
    expect(() => createPotential({ ...spec, rmin0: 2.5 })).toThrow(
      "snap.rmin0: 2.5; expected at most half of the smallest cutoff, 2.392 A",
    );
  });
});
