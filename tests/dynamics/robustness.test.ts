import { afterEach, describe, expect, it, vi } from "vitest";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import type { SimulateOptions } from "../../src/dynamics/simulate.js";
import { thermalVelocities } from "../../src/dynamics/velocities.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

const potential = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8.5 });
const cell = fcc("Ar", 5.3);
const base: DynamicsSpec = {
  structure: cell,
  potential,
  ensemble: { kind: "nve" },
  initialTemperature: 30,
  timestep: 4,
  steps: 100,
  seed: 1,
};

afterEach(() => vi.restoreAllMocks());

it("a cutoff of one and a half cells: the trajectory of a crystal of 27 cells that move alike", async () => {
  const velocities = thermalVelocities(cell, 30, 1);
  const repeats = 27;
  const small = await runDynamics({ ...base, velocities });
  const large = await runDynamics({
    ...base,
    structure: supercell(cell, [3, 3, 3]),
    velocities: Float64Array.from(
      { length: repeats * velocities.length },
      (_, k) => velocities[k % velocities.length]!,
    ),
  });
  const last = large.rows.at(-1)!;
  expect(small.rows.at(-1)!.totalEnergy).toBeCloseTo(last.totalEnergy / repeats, 12);
  expect(small.rows.at(-1)!.kineticEnergy).toBeCloseTo(last.kineticEnergy / repeats, 12);
  expect(small.rows.at(-1)!.pressure).toBeCloseTo(last.pressure, 10);
});

it("velocities that are not numbers are told, and leave nothing behind for the next run", async () => {
  const velocities = thermalVelocities(cell, 30, 1);
  velocities[4] = Number.NaN;
  const good = await runDynamics(base);
  await expect(
    runDynamics({
      ...base,
      velocities,
      ensemble: { kind: "nvt", temperature: 30, center: "free", thermostat: "langevin" },
    }),
  ).rejects.toThrow(/^dynamics, step 0: atom 1 \(Ar\) has force .* and moves NaN A/);
  expect(await runDynamics(base)).toEqual(good);
});

describe("a thousand runs give back what they took", () => {
  /** Runs that end, are aborted, and blow up, in turn. */
  async function endings(options: SimulateOptions, k: number): Promise<void> {
    const spec = { ...base, steps: 2, partitions: 2 };
    if (k % 3 === 0) await runDynamics(spec, options);
    else if (k % 3 === 1)
      await expect(runDynamics(spec, { ...options, signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow(
        "stop",
      );
    else await expect(runDynamics({ ...spec, forceLimit: 1e-9 }, options)).rejects.toThrow(/^dynamics, step 1/);
  }

  it.each([1, 2])("%i thread(s): one memory, and no growth of the process", async (threads) => {
    for (let k = 0; k < 100; k++) await endings({ threads }, k);
    const memories = vi.spyOn(WebAssembly, "Memory");
    const before = process.memoryUsage().rss;
    for (let k = 0; k < 1000; k++) await endings({ threads }, k);
    expect(memories).not.toHaveBeenCalled();
    // A run that kept its tables would add 300 MB; what the garbage collector has not looked at yet is below 60.
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  });
});
