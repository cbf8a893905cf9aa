import fs from "node:fs";
import { expect, it } from "vitest";
import { createBispectrum } from "../../src/descriptors/bispectrum.js";
import { atomicNumber } from "../../src/structure/elements.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";
import { compareWithMatrix, readFrames, tantalumBlocks } from "./tantalum-matrix.js";

describeWith([requireShared("fitsnap_Ta")], "FitSNAP's tantalum matrix, 15213 x 31", () => {
  const frames = () => readFrames(fs.readFileSync(shared("data/fitsnap_Ta/train.xyz"), "utf8"), atomicNumber);
  const bispectrum = createBispectrum({
    kind: "bispectrum",
    twojmax: 6,
    rcutfac: 4.67637,
    bzeroflag: false,
    elements: [{ element: "Ta", radius: 0.5, weight: 1 }],
  });

  it("is that of the reference engine, one small frame of each group", async () => {
    const blocks = tantalumBlocks().filter(({ natoms }) => natoms < 40);
    const some = [...new Map(blocks.map((block) => [block.group, block])).values()];
    const worst = compareWithMatrix(await bispectrum.open("reference"), frames(), some);
    expect(some.length).toBeGreaterThan(6);
    expect(worst.energy).toBeLessThan(5e-8);
    expect(worst.force).toBeLessThan(5e-8);
    expect(worst.stress).toBeLessThan(5e-8);
  });

  it("is that of the wasm engine, all 363 frames", async () => {
    const session = await bispectrum.open("wasm");
    const all = frames();
    const worst = compareWithMatrix(session, all, tantalumBlocks());
    session.dispose();
    expect(worst.energy).toBeLessThan(5e-8);
    expect(worst.force).toBeLessThan(5e-8);
    expect(worst.stress).toBeLessThan(5e-8);
  });
});
