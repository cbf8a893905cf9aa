import { expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { laws } from "../../src/potentials/registry.js";
import { potentialContract } from "../contracts/potential-contract.js";
import { lawCases } from "./law-cases.js";

for (const one of lawCases) potentialContract(one);

it("leaves no law out", () => {
  const tried = lawCases.flatMap(({ spec }) => createPotential(spec).terms.map(({ kind }) => kind));
  // Those of snap stand in snap.test.ts.
  expect(new Set([...tried, "snap"])).toEqual(new Set(laws.keys()));
});
