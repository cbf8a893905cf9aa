import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { snap } from "../../src/potentials/snap.js";
import { parseWith } from "../../src/schema.js";
import { toStructure } from "../../src/structure/structure.js";
import { evaluateReference, largestDifference } from "./snap-evaluation.js";

const { cases } = JSON.parse(fs.readFileSync(new URL("../reference/lammps-snap.json", import.meta.url), "utf8"));
const BAR = 1.6021765e6;

describe("SNAP against LAMMPS", () => {
  for (const golden of cases)
    test(golden.name, () => {
      const flags = Object.fromEntries(
        Object.entries(golden.parameters).map(([key, value]) => [key, key.endsWith("flag") ? value === 1 : value]),
      );
      const term = snap.toTerm(
        parseWith(
          snap.schema,
          { kind: "snap", ...flags, elements: golden.elements, coefficients: golden.coefficients },
          "snap",
        ),
      );
      const structure = toStructure(golden.structure);
      const own = evaluateReference(term, structure);
      expect(Math.abs(own.energy - golden.energy)).toBeLessThan(1e-12 * structure.numbers.length);
      if (golden.energyOnly) return;
      const largest = Math.max(...golden.forces.map(Math.abs));
      const volume = structure.cell[0]! * structure.cell[4]! * structure.cell[8]!;
      const pressure = [0, 4, 8, 1, 2, 5].map((k) => (own.virial[k]! * BAR) / volume);
      expect(largestDifference(own.forces, golden.forces)).toBeLessThan(1e-12 * largest);
      expect(largestDifference(pressure, golden.pressure)).toBeLessThan(
        1e-11 * Math.max(...golden.pressure.map(Math.abs)),
      );
    });
});
