import { describe, expect, it } from "vitest";
import type { Averages } from "../../src/dynamics/averages.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { findFreezing, findTransformation, SHORT_MEAN } from "../../src/free-energy/phase-guard.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { deform } from "../../src/structure/cell.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const crystal = supercell(diamond("Si", 5.43), [2, 2, 2]);
const silicon = createPotential(stillingerWeberSilicon);

/** Averages of a run that left atoms and cell where they are, but for what is given. */
const resting = (change: Partial<Averages>): Averages =>
  ({ cell: crystal.cell, displacements: new Float64Array(3 * 64), ...change }) as Averages;

async function averagesAt(temperature: number): Promise<Averages> {
  const { averages } = await runDynamics({
    structure: crystal,
    potential: silicon,
    ensemble: { kind: "npt", temperature, thermostat: "langevin", pressure: 0 },
    timestep: 2,
    steps: 2000,
    averages: { after: 1000 },
    seed: 3,
  });
  return averages!;
}

describe("findTransformation", () => {
  it("lets a crystal vibrate, also close to its melting point (1691 K)", async () => {
    expect(findTransformation(await averagesAt(300), crystal)).toBeUndefined();
    expect(findTransformation(await averagesAt(1400), crystal)).toBeUndefined();
  });

  it("sees a melt", async () => {
    expect(findTransformation(await averagesAt(4000), crystal)).toMatch(
      /^melted: .*(off its site|off their sites|strained)/,
    );
  });

  it("sees one atom that has changed its place, whatever the common drift", () => {
    const displacements = new Float64Array(3 * 64).fill(1);
    expect(findTransformation(resting({ displacements }), crystal)).toBeUndefined();
    displacements[15] = 2;
    expect(findTransformation(resting({ displacements }), crystal)).toMatch(/atom 5 moved 0.98 A off its site/);
  });

  it("sees a shuffle that moves all atoms a little, which vibrations in a short mean may do", () => {
    const displacements = Float64Array.from({ length: 192 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0.16 : -0.16));
    expect(findTransformation(resting({ displacements }), crystal)).toMatch(/atoms moved 0.28 A off their sites/);
    expect(findTransformation(resting({ displacements }), crystal, SHORT_MEAN)).toBeUndefined();
  });

  it("says what a crystal became: fcc sheared along Bain's path to bcc", () => {
    const start = supercell(fcc("Cu", 3.6), [4, 4, 4]);
    const cell = deform(start, [1.122, 0, 0, 0, 1.122, 0, 0, 0, 1.122 / Math.SQRT2]).cell;
    const bained = { cell, displacements: new Float64Array(start.positions.length) } as Averages;
    expect(findTransformation(bained, start)).toMatch(/^became bcc \(100% of atoms\): the cell was strained by/);
  });

  it("sees a liquid freeze", () => {
    expect(findFreezing(supercell(bcc("Ti", 3.3), [4, 4, 4]))).toBe("froze: 100% of atoms became bcc");
  });

  it("sees a changed shape, and a rotation-free volume change", () => {
    const shaped = (gradient: number[]) => resting({ cell: deform(crystal, gradient).cell });
    expect(findTransformation(shaped([1.03, 0, 0, 0, 1.03, 0, 0, 0, 1.03]), crystal)).toBeUndefined();
    expect(findTransformation(shaped([1.15, 0, 0, 0, 0.95, 0, 0, 0, 0.95]), crystal)).toMatch(/strained by 1\d%/);
    expect(findTransformation(shaped([0.9, 0, 0, 0, 0.9, 0, 0, 0, 0.9]), crystal)).toMatch(/strained by 10%/);
  });
});
