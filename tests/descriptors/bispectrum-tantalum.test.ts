import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createBispectrum } from "../../src/descriptors/bispectrum.js";
import { atomicNumber } from "../../src/structure/elements.js";
import { compareWithMatrix, readFrames, TANTALUM, tantalumBlocks, tantalumIsHere } from "./tantalum-matrix.js";

test.skipIf(!tantalumIsHere)("reproduces FitSNAP's matrix, reference engine, one frame per group", async () => {
  const frames = readFrames(fs.readFileSync(path.join(TANTALUM, "train.xyz"), "utf8"), atomicNumber);
  const bispectrum = createBispectrum({
    kind: "bispectrum",
    twojmax: 6,
    rcutfac: 4.67637,
    bzeroflag: false,
    elements: [{ element: "Ta", radius: 0.5, weight: 1 }],
  });
  const session = await bispectrum.open("reference");
  const blocks = tantalumBlocks();
  const some = [...new Map(blocks.map((block) => [block.group, block])).values()].filter(({ natoms }) => natoms < 40);
  const worst = compareWithMatrix(session, frames, some);
  console.log(some.length, worst);
  expect(worst.energy).toBeLessThan(5e-8);
  expect(worst.force).toBeLessThan(5e-8);
  expect(worst.stress).toBeLessThan(5e-8);
});
