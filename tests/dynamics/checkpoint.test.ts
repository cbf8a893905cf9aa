import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../src/dynamics/checkpoint.js";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = supercell(diamond("Si", 5.431), [2, 2, 2]);
const potential = createPotential(stillingerWeberSilicon);
const reference = createPotential({ kind: "einstein-crystal", sites: [...silicon.positions], stiffness: 5 });

const base: DynamicsSpec = {
  structure: silicon,
  potential,
  ensemble: { kind: "nve" },
  initialTemperature: 3000,
  steps: 300,
  seed: 9,
  // A thin skin, so that lists are rebuilt often and atoms have moved since the last build.
  skin: 0.3,
};
const npt = { kind: "npt", temperature: 1500, pressure: 2, thermostatTime: 50, barostatTime: 300 } as const;

const runs: readonly [string, DynamicsSpec][] = [
  ["nve", base],
  ["nvt, Langevin", { ...base, ensemble: { kind: "nvt", temperature: 1500, thermostat: "langevin" } }],
  ["npt, any cell, velocity rescaling", { ...base, ensemble: { ...npt, cell: "any" } }],
  [
    "npt, tetragonal, averages",
    { ...base, ensemble: { ...npt, cell: "tetragonal" }, averages: { after: 50, every: 7 } },
  ],
  [
    "switching",
    {
      ...base,
      reference,
      ensemble: { kind: "nvt", temperature: [500, 900], thermostat: "langevin" },
      switching: { potential: [1, 0], reference: [0, 1], schedule: "smooth" },
    },
  ],
];

describe("a resumed run equals the uninterrupted one bit for bit", () => {
  it.each(runs)("%s", async (_, spec) => {
    const whole = await runDynamics(spec);
    const checkpoints: Checkpoint[] = [];
    await runDynamics(spec, { checkpointEvery: 110, onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint) });
    expect(checkpoints.map(({ step }) => step)).toEqual([110, 220, 300]);
    for (const checkpoint of checkpoints.slice(0, 2)) {
      const resumed = await runDynamics(spec, { checkpoint: structuredClone(checkpoint) });
      expect(resumed.state).toEqual(whole.state);
      expect(resumed.averages).toEqual(whole.averages);
      expect(resumed.rows).toEqual(whole.rows.filter((row) => row.step > checkpoint.step));
    }
  });

  it("in however many pieces it runs", async () => {
    let checkpoint: Checkpoint | undefined;
    const whole = await runDynamics({ ...base, steps: 60 });
    for (let steps = 15; steps <= 60; steps += 15) {
      const { state } = await runDynamics(
        { ...base, steps },
        {
          ...(checkpoint ? { checkpoint } : {}),
          onCheckpoint: (taken) => {
            checkpoint = taken;
          },
        },
      );
      if (steps === 60) expect(state).toEqual(whole.state);
    }
  });
});

describe("aborting", () => {
  it("takes effect within 100 ms and leaves a checkpoint to go on from", async () => {
    const controller = new AbortController();
    let aborted = 0;
    let checkpoint: Checkpoint | undefined;
    const long = { ...base, steps: 1_000_000 };
    const running = runDynamics(long, {
      signal: controller.signal,
      onCheckpoint: (taken) => {
        checkpoint = taken;
      },
    });
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, 150);
    await expect(running).rejects.toThrow(/abort/);
    expect(performance.now() - aborted).toBeLessThan(100);
    const steps = checkpoint!.step + 40;
    const resumed = await runDynamics({ ...base, steps }, { checkpoint: checkpoint! });
    expect(resumed.state).toEqual((await runDynamics({ ...base, steps })).state);
  });
});

it("refuses the checkpoint of another run", async () => {
  let checkpoint: Checkpoint | undefined;
  await runDynamics(
    { ...base, steps: 5 },
    {
      onCheckpoint: (taken) => {
        checkpoint = taken;
      },
    },
  );
  await expect(runDynamics({ ...base, seed: 10 }, { checkpoint: checkpoint! })).rejects.toThrow(
    "seed of the checkpoint: 9; expected that of this run, 10",
  );
  const other = createPotential({
    ...stillingerWeberSilicon,
    triplets: stillingerWeberSilicon.triplets.map((triplet) => ({ ...triplet, lambda: 20 })),
  });
  await expect(runDynamics({ ...base, potential: other, steps: 8 }, { checkpoint: checkpoint! })).rejects.toThrow(
    "parameters of the checkpoint: others; expected those of the potential of this run",
  );
});
