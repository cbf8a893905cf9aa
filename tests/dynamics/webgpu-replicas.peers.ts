import { afterAll, expect, it } from "vitest";
import type { DynamicsResult } from "../../src/dynamics/run-dynamics.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { embeddedAtomTables } from "../support/embedded-atom-tables.js";
import { describeWith } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { rattled } from "../support/structures.js";
import { askWebGpu, requireWebGpu, stopWebGpu } from "../support/webgpu.js";

afterAll(stopWebGpu);

interface Run {
  readonly spec: object;
  readonly potential: LawSpec;
  readonly reference?: LawSpec;
}
interface Together {
  readonly launches: readonly number[];
  readonly ends: readonly (DynamicsResult & { readonly error?: string })[];
}

const argon: LawSpec = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 6.94, shifted: "force" };
const together = (runs: readonly Run[]): Promise<Together> => askWebGpu("batch", { runs });
const alone = ({ spec, potential, reference }: Run): Promise<DynamicsResult> =>
  askWebGpu("run", { spec, potential, reference });
const plain = ({ state, rows, averages }: DynamicsResult): object => ({ state, rows, averages });

/** Each run of a launch must be the run it is alone, to the last bit. */
async function expectSame(runs: readonly Run[]): Promise<void> {
  const { launches, ends } = await together(runs);
  expect(launches).toEqual([runs.length]);
  for (const [k, run] of runs.entries()) expect(plain(ends[k]!), `run ${k}`).toEqual(plain(await alone(run)));
}

const stretched = (structure: Structure, by: number): Structure => ({
  ...structure,
  cell: structure.cell.map((x) => by * x),
  positions: structure.positions.map((x) => by * x),
});

describeWith([requireWebGpu()], "replicas of engine webgpu", () => {
  const crystal = supercell(fcc("Ar", 5.3), [2, 2, 2]);
  const npt = (k: number): Run => ({
    potential: argon,
    spec: {
      structure: stretched(rattled(crystal, 0.1), 1 + 0.01 * k),
      ensemble: {
        ...{ kind: "npt", temperature: 40 + 5 * k, pressure: 0.01 * k, cell: k % 2 ? "any" : "isotropic" },
        ...{ thermostat: "langevin", barostatTime: 300, compressibility: 0.5 },
      },
      ...{ timestep: 4, steps: 60, seed: k, sampleEvery: 10, skin: 0.2, averages: { after: 20, every: 5 } },
    },
  });

  it("are the runs they are alone, in cells of their own", () => expectSame([0, 1, 2].map(npt)));

  const silicon = supercell(diamond("Si", 5.43), [2, 2, 2]);
  const switching = (k: number): Run => {
    const structure = stretched(silicon, 1 + 0.005 * k);
    return {
      potential: stillingerWeberSilicon,
      reference: { kind: "einstein-crystal", sites: [...structure.positions], stiffness: 5 + k },
      spec: {
        structure,
        ensemble: { kind: "nvt", temperature: 300 + 300 * k, thermostat: "langevin", thermostatTime: 30 },
        switching: { potential: [1, 0], reference: [0, 1], schedule: "smooth" },
        ...{ timestep: 1, steps: 40, seed: k, sampleEvery: 40 },
      },
    };
  };
  it("are switched, with springs and temperatures of their own", () => expectSame([0, 1].map(switching)));

  it.each([
    ["embedded atoms", embeddedAtomTables("alloy", ["Cu"]), rattled(supercell(fcc("Cu", 3.6), [2, 2, 2]), 0.1)],
    ["SNAP", snapSpec(bispectra["one element"]!), snapAtoms(bispectra["one element"]!)],
  ] as const)("feel %s", (_, potential, structure) => {
    const ensemble = { kind: "nvt", temperature: 300 };
    return expectSame(
      [0, 1].map((seed) => ({
        potential,
        spec: { structure, ensemble, timestep: 0.5, steps: 10, seed, sampleEvery: 5 },
      })),
    );
  });

  it("fail one by one, and of different kinds in launches of their own", async () => {
    const failing = npt(1);
    const { launches, ends } = await together([
      npt(0),
      { ...failing, spec: { ...failing.spec, timestep: 400 } },
      switching(0),
      npt(2),
    ]);
    expect([...launches].sort()).toEqual([1, 3]);
    expect(ends[1]!.error).toMatch(/dynamics, step \d+: atom \d+ \(Ar\)/);
    expect(plain(ends[3]!)).toEqual(plain(await alone(npt(2))));
  });
});
