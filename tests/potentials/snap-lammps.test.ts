import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { toStructure } from "../../src/structure/structure.js";
import { largestDifference } from "../support/tolerance.js";

const { cases } = JSON.parse(fs.readFileSync(new URL("../reference/lammps-snap.json", import.meta.url), "utf8"));
const BAR = 1.6021765e6;

for (const engine of ["reference", "wasm"] as const)
  describe(`SNAP against LAMMPS, ${engine}`, () => {
    for (const golden of cases)
      test(golden.name, async () => {
        const flags = Object.fromEntries(
          Object.entries(golden.parameters).map(([key, value]) => [key, key.endsWith("flag") ? value === 1 : value]),
        );
        const { elements, coefficients } = golden;
        const structure = toStructure(golden.structure);
        const potential = createPotential({ kind: "snap", ...flags, elements, coefficients });
        const session = await potential.open(structure, {}, engine);
        const { energy, forces, virial } = await session.evaluate();
        session.dispose();
        expect(Math.abs(energy - golden.energy)).toBeLessThan(1e-12 * Math.max(16, Math.abs(energy)));
        if (golden.energyOnly) return;
        const scale = Math.max(...golden.forces.map(Math.abs));
        expect(largestDifference(forces, golden.forces)).toBeLessThan(2e-12 * scale);
        const volume = structure.cell[0]! * structure.cell[4]! * structure.cell[8]!;
        const pressure = [0, 4, 8, 1, 2, 5].map((k) => (virial[k]! * BAR) / volume);
        const largest = Math.max(...golden.pressure.map(Math.abs));
        expect(largestDifference(pressure, golden.pressure)).toBeLessThan(1e-11 * largest);
      });
  });
