import { expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { lawCases } from "../potentials/law-cases.js";

it.each(lawCases)("$name: a run that nobody looks at has the same bits", async ({ spec, structure }) => {
  const run = {
    structure,
    potential: createPotential(spec),
    ensemble: { kind: "nve" },
    initialTemperature: 50,
    timestep: 0.25,
    steps: 6,
    seed: 1,
  } as const;
  const watched = await runDynamics({ ...run, sampleEvery: 1 });
  const alone = await runDynamics({ ...run, sampleEvery: 6 });
  expect(alone.state).toEqual(watched.state);
  expect(alone.rows.at(-1)!.potentialEnergy).toBe(watched.rows.at(-1)!.potentialEnergy);
});
