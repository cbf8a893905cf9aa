import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../src/dynamics/checkpoint.js";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { embeddedAtomTables } from "../support/embedded-atom-tables.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { bispectra, snapSpec } from "../support/snap-models.js";

const argon = supercell(fcc("Ar", 5.3), [3, 3, 4]);
const silicon = supercell(diamond("Si", 5.431), [2, 3, 2]);
const copper = supercell(fcc("Cu", 3.6), [3, 4, 3]);
const indium = supercell(bcc("In", 3.5), [3, 3, 4]);

const lennardJones = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8 });
const embeddedAtom = createPotential(embeddedAtomTables("alloy", ["Cu"]));
const stillingerWeber = createPotential(stillingerWeberSilicon);
const snap = createPotential(snapSpec(bispectra["one element"]!));
const sum = createPotential([stillingerWeberSilicon, { kind: "ziegler-biersack-littmark", inner: 2, outer: 2.4 }]);
const einstein = createPotential({ kind: "einstein-crystal", sites: [...silicon.positions], stiffness: 5 });

// A thin skin, so that lists are rebuilt and atoms sorted anew; four partitions, though few atoms.
const common = { seed: 5, skin: 0.2, partitions: 4, sampleEvery: 5, steps: 60 };
const nvt = { kind: "nvt", temperature: 900, thermostat: "langevin" } as const;
const npt = { kind: "npt", temperature: 900, pressure: 1, thermostatTime: 50, barostatTime: 300, cell: "any" } as const;

const runs: readonly [string, DynamicsSpec][] = [
  [
    "Lennard-Jones, nve",
    {
      ...common,
      structure: argon,
      potential: lennardJones,
      ensemble: { kind: "nve" },
      initialTemperature: 150,
      timestep: 4,
    },
  ],
  [
    "Lennard-Jones, npt",
    { ...common, structure: argon, potential: lennardJones, ensemble: { ...npt, temperature: 80, pressure: 0.1 } },
  ],
  ["embedded atom, nvt, Langevin", { ...common, structure: copper, potential: embeddedAtom, ensemble: nvt }],
  ["embedded atom, npt", { ...common, structure: copper, potential: embeddedAtom, ensemble: npt }],
  [
    "Stillinger-Weber, nve",
    { ...common, structure: silicon, potential: stillingerWeber, ensemble: { kind: "nve" }, initialTemperature: 2500 },
  ],
  [
    "Stillinger-Weber, nvt, velocity rescaling, averages",
    {
      ...common,
      structure: silicon,
      potential: stillingerWeber,
      ensemble: { ...nvt, thermostat: "velocity-rescaling" },
      averages: { after: 10, every: 3 },
    },
  ],
  [
    "SNAP, nvt, Langevin",
    { ...common, structure: indium, potential: snap, ensemble: { ...nvt, temperature: 200 }, steps: 20 },
  ],
  [
    "a sum, nve",
    { ...common, structure: silicon, potential: sum, ensemble: { kind: "nve" }, initialTemperature: 2000 },
  ],
  [
    "switching between two Hamiltonians",
    {
      ...common,
      structure: silicon,
      potential: stillingerWeber,
      reference: einstein,
      ensemble: nvt,
      switching: { potential: [1, 0], reference: [0, 1], schedule: "smooth" },
    },
  ],
];

describe("a run has the same bits for any number of threads", () => {
  it.each(runs)("%s", async (_, spec) => {
    const alone = await runDynamics(spec, { threads: 1 });
    expect(alone.rows.length).toBeGreaterThan(3);
    for (const threads of [2, 3, 4]) {
      const together = await runDynamics(spec, { threads });
      expect(together.state).toEqual(alone.state);
      expect(together.rows).toEqual(alone.rows);
      expect(together.averages).toEqual(alone.averages);
    }
  });

  it.each(runs.slice(2, 4))("resumed with another number of threads: %s", async (_, spec) => {
    const whole = await runDynamics(spec, { threads: 1 });
    const checkpoints: Checkpoint[] = [];
    const onCheckpoint = (checkpoint: Checkpoint): void => void checkpoints.push(checkpoint);
    await runDynamics(spec, { threads: 3, checkpointEvery: 25, onCheckpoint });
    const resumed = await runDynamics(spec, { threads: 2, checkpoint: checkpoints[0]! });
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.rows).toEqual(whole.rows.filter(({ step }) => step > 25));
  });

  it("and other bits for another number of partitions, which a checkpoint remembers", async () => {
    const [, spec] = runs[0]!;
    let checkpoint: Checkpoint | undefined;
    const keep = (taken: Checkpoint): void => {
      checkpoint = taken;
    };
    const four = await runDynamics(spec, { onCheckpoint: keep });
    const three = await runDynamics({ ...spec, partitions: 3 });
    expect(three.state.structure.positions).not.toEqual(four.state.structure.positions);
    await expect(runDynamics({ ...spec, partitions: 3 }, { checkpoint: checkpoint! })).rejects.toThrow(
      "partitions of the checkpoint: 4; expected that of this run, 3",
    );
  });
});
