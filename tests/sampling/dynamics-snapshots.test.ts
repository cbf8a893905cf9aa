import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { dynamicsSnapshots } from "../../src/sampling/dynamics-snapshots.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

const argon = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 7, shifted: true });
const structure = supercell(fcc("Ar", 5.3), [2, 0, 0, 0, 2, 0, 0, 0, 2]);
const spec = {
  structure,
  potential: argon,
  ensemble: { kind: "nvt", temperature: 60 } as const,
  timestep: 5,
  seed: 3,
  count: 4,
  spacing: 250,
  equilibration: 1000,
  source: "argon-60K",
};

describe("snapshots of dynamics", () => {
  it("are as many as asked for, apart from the start and from each other, and carry their source", async () => {
    const snapshots = await dynamicsSnapshots(spec);
    expect(snapshots.length).toBe(4);
    const all = [structure, ...snapshots];
    for (let k = 1; k < all.length; k++) {
      const moved = all[k]!.positions.map((x, i) => Math.abs(x - all[k - 1]!.positions[i]!));
      expect(Math.max(...moved)).toBeGreaterThan(0.1);
    }
    expect(snapshots.map(({ info }) => info?.source)).toEqual(new Array(4).fill("argon-60K"));
  });

  it("are the same for the same seed and others for another", async () => {
    const [one, again, other] = await Promise.all([
      dynamicsSnapshots(spec),
      dynamicsSnapshots(spec),
      dynamicsSnapshots({ ...spec, seed: 4 }),
    ]);
    expect(again).toEqual(one);
    expect(other![0]!.positions).not.toEqual(one![0]!.positions);
  });

  it("refuses a count or spacing that yields none", async () => {
    await expect(dynamicsSnapshots({ ...spec, count: 0 })).rejects.toThrow(/count: 0; expected a whole number/);
    await expect(dynamicsSnapshots({ ...spec, spacing: 1 })).rejects.toThrow(/spacing: 1; expected at least/);
  });
});
