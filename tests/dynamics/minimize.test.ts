import { describe, expect, it } from "vitest";
import { minimize } from "../../src/dynamics/minimize.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { virialToStress } from "../../src/potentials/stress.js";
import { rattle } from "../../src/sampling/rattle.js";
import { cellVolume, deform } from "../../src/structure/cell.js";
import { betaTin, diamond } from "../../src/structure/lattices.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);

describe("minimize", () => {
  it("brings a rattled, sheared crystal back to its ground state", async () => {
    const strained = deform(diamond("Si", 5.5), [1.02, 0.03, 0, 0, 0.97, 0.01, 0.02, 0, 1.01]);
    const { energy, structure, evaluation } = await minimize(silicon, rattle(strained, { amplitude: 0.1, seed: 4 }), {
      cell: "any",
    });
    expect(energy / 8).toBeCloseTo(-4.3366, 4);
    expect(Math.max(...evaluation.forces.map(Math.abs))).toBeLessThan(1e-6);
    expect(Math.cbrt(cellVolume(structure.cell))).toBeCloseTo(5.43095, 4);
  });

  it("reaches the pressure it was asked for", async () => {
    const { structure, evaluation, enthalpy, energy, volume } = await minimize(silicon, betaTin("Si", 4.7, 2.6), {
      cell: "tetragonal",
      pressure: 12,
    });
    const stress = virialToStress(evaluation.virial, volume).map((s) => s * GPA_PER_EV_A3);
    for (const i of [0, 1, 2]) expect(stress[i]).toBeCloseTo(-12, 3);
    expect(enthalpy).toBeCloseTo(energy + (12 / GPA_PER_EV_A3) * volume, 10);
    expect(structure.cell[0]).toBe(structure.cell[4]);
    for (const i of [1, 2, 3, 5, 6, 7]) expect(structure.cell[i]).toBe(0);
  });

  it("keeps the volume exactly while the shape relaxes", async () => {
    const start = betaTin("Si", 4.8, 2.4);
    const { structure, evaluation } = await minimize(silicon, start, { cell: "tetragonal", fixedVolume: true });
    expect(cellVolume(structure.cell) / cellVolume(start.cell)).toBeCloseTo(1, 12);
    expect(evaluation.virial[0]).toBeCloseTo(evaluation.virial[8]!, 4);
    expect(structure.cell[8]).not.toBeCloseTo(2.4, 2);
  });

  it("leaves a fixed cell alone", async () => {
    const start = rattle(diamond("Si", 5.2), { amplitude: 0.1, seed: 1 });
    const { structure } = await minimize(silicon, start);
    expect(structure.cell).toEqual(start.cell);
  });

  it("says when it did not converge, and stops on abort", async () => {
    const start = rattle(diamond("Si", 5.2), { amplitude: 0.1, seed: 1 });
    await expect(minimize(silicon, start, { maximumSteps: 2 })).rejects.toThrow(
      /minimization: largest force .* after 2 steps/,
    );
    await expect(minimize(silicon, start, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
