import { describe, expect, it } from "vitest";
import { analyticLabeler } from "../../src/labels/analytic.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { strainStructure } from "../../src/sampling/strain.js";
import { cellVolume } from "../../src/structure/cell.js";
import { bcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";

const teacher = analyticLabeler(
  createPotential({
    format: "phasecell-potential",
    version: 1,
    terms: [
      { kind: "morse", pairs: [{ elements: ["Mo", "Mo"], depth: 0.5, alpha: 1.4, r0: 2.8, cutoff: 6 }], shifted: true },
    ],
  }),
);
const structure = strainStructure(bcc("Mo", 3.1), [0.01, -0.02, 0.03, 0.05, 0.02, -0.04]);

const labelOf = async (asked: Structure) => {
  const outcome = await teacher.label(asked);
  if (outcome.status === "failed") throw new Error(outcome.message);
  return outcome.label;
};

describe("analytic labeler", () => {
  it("gives stress in Voigt order, positive under tension", async () => {
    const { stress } = await labelOf(structure);
    const step = 1e-4;
    for (let i = 0; i < 6; i++) {
      const strained = (by: number) =>
        strainStructure(
          structure,
          Array.from({ length: 6 }, (_, k) => (k === i ? by : 0)),
        );
      const [plus, minus] = [await labelOf(strained(step)), await labelOf(strained(-step))];
      expect(stress[i]).toBeCloseTo((plus.energy - minus.energy) / (2 * step * cellVolume(structure.cell)), 5);
    }
  });
  it("knows one structure from another, and itself from another teacher", () => {
    expect(teacher.name).toBe("analytic morse");
    expect(teacher.fingerprint(structure)).toBe(teacher.fingerprint({ ...structure }));
    expect(teacher.fingerprint(structure)).not.toBe(teacher.fingerprint(bcc("Mo", 3.1)));
  });
});
