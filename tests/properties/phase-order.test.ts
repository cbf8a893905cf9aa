import { describe, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import {
  commonClassifier,
  crystallinity,
  identifyPhase,
  isDisordered,
  trainPhaseClassifier,
} from "../../src/properties/phase-order.js";
import { commonCrystals, disorderedPackings, vibratingCrystal } from "../../src/properties/phase-order-references.js";
import { deform } from "../../src/structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp, omega } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { mishinCopper, mishinCopperFile } from "../support/copper.js";
import { describeWith, isPresent } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

/** The last snapshot of a picosecond or so at temperatures one after the other. */
async function snapshot(
  potential: Parameters<typeof createPotential>[0],
  start: Structure,
  temperatures: readonly number[],
  pressure = 0,
): Promise<Structure> {
  let structure = start;
  for (const temperature of temperatures) {
    const { state } = await runDynamics({
      structure,
      potential: createPotential(potential),
      ensemble: { kind: "npt", temperature, pressure, thermostat: "langevin", cell: "orthorhombic", barostatTime: 300 },
      timestep: 2,
      steps: 600,
      sampleEvery: 100,
      seed: 8,
    });
    structure = state.structure;
  }
  return structure;
}

const shareOf = (structure: Structure, phase: string): number => identifyPhase(structure).fractions[phase]!;

describe("identifyPhase", () => {
  it("has the classifier of common crystals in store that training gives (scripts/common-classifier.mjs)", () => {
    const stored = commonClassifier();
    const trained = trainPhaseClassifier(commonCrystals());
    expect(stored.names).toEqual(trained.names);
    expect(stored.phaseOf).toEqual(trained.phaseOf);
    const size = Math.sqrt(trained.factor.length);
    const lower = trained.factor.map((x, k) => (k % size > Math.floor(k / size) ? 0 : x));
    for (const [kept, fresh] of [
      [stored.factor, lower],
      [stored.centers, trained.centers],
    ] as const) {
      const largest = fresh.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(kept.length).toBe(fresh.length);
      kept.forEach((x, k) => {
        expect(Math.abs(x - fresh[k]!)).toBeLessThan(1e-9 * largest);
      });
    }
  });

  it("knows vibrating crystals that it has not seen, of any size, and random packings", () => {
    // The strongest vibrations of each kind are at the end of what crystals stand: bcc is then close to disorder.
    const least = [0.99, 0.75, 0.99, 0.95, 0.75];
    for (const { name, structure } of commonCrystals())
      vibratingCrystal(supercell(deform(structure, [3, 0, 0, 0, 3, 0, 0, 0, 3]), [1, 2, 1]), 7).forEach(
        (crystal, n) => {
          expect(shareOf(crystal, name), `${name} ${n}`).toBeGreaterThan(least[n]!);
        },
      );
    for (const packing of disorderedPackings(7)) expect(shareOf(packing, "disordered")).toBeGreaterThan(0.95);
  });

  it("does not care how a crystal is turned", () => {
    const [c, s] = [Math.cos(0.6), Math.sin(0.6)];
    const crystal = vibratingCrystal(hcp("Ti", 2.95, 4.68), 5)[1]!;
    const turned = deform(crystal, [c, -s, 0, s * c, c * c, -s, s * s, c * s, c]);
    expect(Array.from(identifyPhase(turned).atoms)).toEqual(Array.from(identifyPhase(crystal).atoms));
  });

  it("takes references of the caller's, with snapshots of his own", () => {
    const references = [
      { name: "alpha", structure: hcp("Ti", 2.95, 4.68) },
      { name: "beta", structure: bcc("Ti", 3.3), snapshots: vibratingCrystal(bcc("Ti", 3.3), 3) },
    ];
    const classifier = trainPhaseClassifier(references);
    expect(identifyPhase(supercell(bcc("Ti", 3.2), [3, 3, 3]), classifier).phase).toBe("beta");
    expect(identifyPhase(supercell(hcp("Ti", 3), [3, 3, 3]), references).phase).toBe("alpha");
    expect(() => trainPhaseClassifier([...references, ...references])).toThrow(/references: .*different names/);
  });

  it("silicon of Stillinger and Weber: diamond, beta-tin and liquid", async () => {
    const crystal = supercell(diamond("Si", 5.43), [3, 3, 3]);
    expect(shareOf(await snapshot(stillingerWeberSilicon, crystal, [1600]), "diamond")).toBeGreaterThan(0.98);
    const tin = supercell(betaTin("Si", 4.8, 2.65), [3, 3, 6]);
    expect(shareOf(await snapshot(stillingerWeberSilicon, tin, [600], 14), "beta-tin")).toBeGreaterThan(0.98);
    const melt = await snapshot(stillingerWeberSilicon, crystal, [5000, 1800]);
    expect(crystallinity(melt)).toBeLessThan(0.02);
    expect(isDisordered(melt)).toBe(true);
  });
});

describeWith([isPresent(mishinCopperFile) ? undefined : "no lammps-data"], "identifyPhase, with LAMMPS's files", () => {
  it("copper of Mishin: fcc close to melting, and the supercooled liquid", async () => {
    const crystal = supercell(fcc("Cu", 3.65), [4, 4, 4]);
    expect(shareOf(await snapshot(mishinCopper(), crystal, [1300]), "fcc")).toBeGreaterThan(0.98);
    const melt = await snapshot(mishinCopper(), crystal, [3500, 1200]);
    expect(crystallinity(melt)).toBeLessThan(0.05);
  });

  it("titanium of Hennig: hcp, omega, bcc, whose vibrations are all but omega's, and liquid", async () => {
    const titanium = parsePotentialExpression("/usr/share/lammps/potentials/Ti.meam.sw.spline", readText);
    const alpha = supercell(hcp("Ti", 2.95, 4.68), [4, 4, 3]);
    expect(shareOf(await snapshot(titanium, alpha, [1100]), "hcp")).toBeGreaterThan(0.95);
    const compressed = supercell(omega("Ti", 4.58, 2.82), [3, 3, 4]);
    expect(shareOf(await snapshot(titanium, compressed, [800], 5), "omega")).toBeGreaterThan(0.95);
    const beta = supercell(bcc("Ti", 3.31), [4, 4, 4]);
    expect(shareOf(await snapshot(titanium, beta, [1500]), "bcc")).toBeGreaterThan(0.7);
    const melt = await snapshot(titanium, beta, [4000, 2000]);
    expect(crystallinity(melt)).toBeLessThan(0.1);
  });
});
