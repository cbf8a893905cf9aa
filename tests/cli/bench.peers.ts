import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { describeWith, requirePeer } from "../support/requirements.js";

/** The built program: the bench pins its process, which must not be that of the tests. */
const program = path.resolve(import.meta.dirname, "../../dist/cli/main.js");

interface Document {
  readonly systems: readonly {
    readonly name: string;
    readonly atoms: number;
    readonly energy: number;
    readonly ours: {
      readonly time: { readonly median: number };
      readonly phases: object;
      readonly bytesPerAtom: number;
    };
    readonly peers: readonly {
      readonly name: string;
      readonly builds: number;
      readonly energyDifference: number;
      readonly ratio: { readonly median: number };
    }[];
    readonly ratio: { readonly median: number };
  }[];
}

describeWith([requirePeer("lmp", "-h")], "phasecell bench", () => {
  it("runs the same system in both programs, to twelve digits of its energy", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, "bench", "lj", "sw", "--atoms", "500", "--rounds", "1", "--peers", "lammps,debian lammps", "--json"],
      { encoding: "utf8", timeout: 250_000 },
    );
    expect(status, stderr).toBe(0);
    const { systems } = JSON.parse(stdout) as Document;
    expect(systems.map(({ name, atoms }) => [name, atoms])).toEqual([
      ["lj@500", 500],
      ["sw@512", 512],
    ]);
    // LAMMPS's melt at step 0 in its reduced units, and Stillinger and Weber's cohesive energy.
    expect(systems[0]!.energy).toBeCloseTo(-6.7733681, 7);
    expect(systems[1]!.energy).toBeCloseTo(-4.3366, 4);
    for (const { ours, peers, ratio } of systems) {
      expect(Object.keys(ours.phases)).toEqual(["pair", "neigh", "other"]);
      expect(ours.time.median).toBeGreaterThan(0);
      expect(ours.bytesPerAtom).toBeGreaterThan(100);
      expect(peers).toHaveLength(1);
      expect(peers[0]!.energyDifference).toBeLessThan(1e-10);
      expect(peers[0]!.ratio).toEqual(ratio);
      expect(ratio.median).toBeGreaterThan(0);
    }
  });
});
