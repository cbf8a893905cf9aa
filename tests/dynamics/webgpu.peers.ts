import { afterAll, expect, it } from "vitest";
import type { Averages } from "../../src/dynamics/averages.js";
import type { Checkpoint } from "../../src/dynamics/checkpoint.js";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import type { DynamicsState } from "../../src/dynamics/simulate.js";
import type { Thermodynamics } from "../../src/dynamics/thermodynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { describeWith } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { rattled } from "../support/structures.js";
import { largestDifference } from "../support/tolerance.js";
import { askWebGpu, requireWebGpu, stopWebGpu } from "../support/webgpu.js";

afterAll(stopWebGpu);

interface Ran {
  readonly rows: Thermodynamics[];
  readonly frames: DynamicsState[];
  readonly checkpoints: Checkpoint[];
  readonly state: DynamicsState;
  readonly averages?: Averages;
  readonly error?: string;
  readonly took?: number;
}

const argon: LawSpec = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 6.94, shifted: "force" };
const crystal = rattled(supercell(fcc("Ar", 5.26), [3, 0, 0, 0, 3, 0, 0, 0, 3]), 0.1);
const base = {
  structure: crystal,
  ensemble: { kind: "nve" },
  initialTemperature: 80,
  timestep: 4,
  steps: 40,
  seed: 7,
  sampleEvery: 1,
} satisfies Omit<DynamicsSpec, "potential">;

const onGpu = (spec: object, more: object = {}, potential: LawSpec = argon): Promise<Ran> =>
  askWebGpu("run", { spec: { ...base, ...spec }, potential, ...more });

describeWith([requireWebGpu()], "dynamics in engine webgpu", () => {
  it.each([
    ["nve", { ensemble: { kind: "nve" } }],
    ["Langevin", { ensemble: { kind: "nvt", temperature: 60, thermostat: "langevin", thermostatTime: 50 } }],
    ["Langevin, ramp", { ensemble: { kind: "nvt", temperature: [60, 90], thermostat: "langevin", center: "free" } }],
    ["velocity rescaling", { ensemble: { kind: "nvt", temperature: 60, thermostatTime: 20 } }],
  ] satisfies [string, object][])("follows the trajectory of engine wasm, %s", async (_, spec) => {
    const [gpu, wasm] = [
      await onGpu(spec),
      await runDynamics({ ...base, ...spec, potential: createPotential(argon) } as DynamicsSpec),
    ];
    // f32, before chaos amplifies it: 1e-7 of a coordinate and of a velocity per step.
    expect(largestDifference(gpu.state.structure.positions, wasm.state.structure.positions)).toBeLessThan(3e-6);
    expect(largestDifference(gpu.state.velocities, wasm.state.velocities)).toBeLessThan(3e-8);
    expect(gpu.rows.map(({ step }) => step)).toEqual(wasm.rows.map(({ step }) => step));
    const close = (of: (row: Thermodynamics) => number, tolerance: number): void =>
      expect(largestDifference(gpu.rows.map(of), wasm.rows.map(of))).toBeLessThan(tolerance);
    close((row) => row.temperature, 3e-4);
    close((row) => row.potentialEnergy, 1e-5);
    close((row) => row.conservedEnergy, 1e-5);
    close((row) => row.pressure, 1e-5);
    close((row) => row.largestForce, 1e-5);
  });

  it("tells frames of the step they are due at", async () => {
    const { frames, rows, state } = await onGpu({ frameEvery: 10, sampleEvery: 5 });
    expect(frames.map(({ step }) => step)).toEqual([0, 10, 20, 30, 40]);
    expect(rows.map(({ step }) => step)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40]);
    expect(largestDifference(frames[0]!.structure.positions, crystal.positions)).toBeLessThan(1e-7);
    expect(frames.at(-1)!.structure.positions).toEqual(state.structure.positions);
  });

  it("conserves energy while its list is built again and again", async () => {
    const structure = rattled(supercell(diamond("Si", 5.43), [2, 0, 0, 0, 2, 0, 0, 0, 2]), 0.05);
    const spec = { structure, timestep: 1, steps: 300, initialTemperature: 1500, skin: 0.1, sampleEvery: 10 };
    const { rows } = await onGpu(spec, {}, stillingerWeberSilicon);
    const wasm = await runDynamics({ ...base, ...spec, potential: createPotential(stillingerWeberSilicon) });
    const atoms = structure.numbers.length;
    const spread = (all: readonly Thermodynamics[]): number =>
      Math.max(...all.map((row) => Math.abs(row.conservedEnergy - all[0]!.conservedEnergy))) / atoms;
    // The error of the step, which engine wasm makes as well, and no more than 1e-6 eV/atom of f32.
    expect(spread(rows)).toBeLessThan(spread(wasm.rows) + 1e-6);
  });

  it("gives the same bits every time, whole or resumed", async () => {
    const spec = { ensemble: { kind: "nvt", temperature: 100, thermostat: "langevin" }, steps: 60, skin: 0.15 };
    const whole = await onGpu(spec, { options: { checkpointEvery: 25 } });
    const again = await onGpu(spec);
    expect(again.state).toEqual(whole.state);
    expect(again.rows).toEqual(whole.rows);
    const checkpoint = whole.checkpoints.find(({ step }) => step === 25)!;
    const resumed = await onGpu(spec, { options: { checkpoint } });
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.rows).toEqual(whole.rows.filter(({ step }) => step > 25));
    const elsewhere = { ...base, ...spec, potential: createPotential(argon) } as DynamicsSpec;
    await expect(runDynamics(elsewhere, { checkpoint })).rejects.toThrow(
      'engine of the checkpoint: webgpu; expected that of this run, "wasm"',
    );
  });

  it("ends soon when aborted, with a checkpoint to go on from", async () => {
    const spec = { steps: 100000, sampleEvery: 5 };
    const { error, took, checkpoints } = await onGpu(spec, { abortAt: 20 });
    expect(error).toBe("AbortError");
    // 100 ms are asked for on a GPU; a software adapter on a loaded machine may take some more for two submissions.
    expect(took).toBeLessThan(2000);
    const checkpoint = checkpoints.at(-1)!;
    expect(checkpoint.step).toBeGreaterThanOrEqual(20);
    const more = await onGpu({ ...spec, steps: checkpoint.step + 10 }, { options: { checkpoint } });
    expect(more.state.step).toBe(checkpoint.step + 10);
  });

  it("grows a list that overflows: a drop in a large cell", async () => {
    const structure = { ...crystal, cell: crystal.cell.map((x) => 4 * x) };
    const { rows } = await onGpu({ structure, steps: 5 });
    const wasm = await runDynamics({ ...base, structure, steps: 5, potential: createPotential(argon) });
    expect(rows.at(-1)!.potentialEnergy).toBeCloseTo(wasm.rows.at(-1)!.potentialEnergy, 4);
  });

  it("says which atom blew the run up", async () => {
    const positions = crystal.positions.slice();
    positions.set(
      positions.subarray(0, 3).map((x) => x + 0.4),
      3,
    );
    await expect(onGpu({ structure: { ...crystal, positions } })).rejects.toThrow(
      /dynamics, step 0: atom [01] \(Ar\) feels .* eV\/A and moves/,
    );
    await expect(onGpu({ timestep: 400 })).rejects.toThrow(/dynamics, step \d+: atom \d+ \(Ar\)/);
  });

  it("refuses what it cannot do and names the engine that can", async () => {
    await expect(onGpu({ moveLimit: 2 })).rejects.toThrow(
      "moveLimit in engine webgpu: 2; expected at most 1 A; try engine wasm",
    );
    const tied: LawSpec = { kind: "einstein-crystal", sites: [...crystal.positions], stiffness: 1 };
    await expect(onGpu({ ensemble: { kind: "npt", temperature: 60 } }, {}, tied)).rejects.toThrow("einstein-crystal");
  });

  it.each([
    ["isotropic", "langevin"],
    ["tetragonal", "velocity-rescaling"],
    ["orthorhombic", "langevin"],
    ["any", "velocity-rescaling"],
  ] as const)("follows cells and means of engine wasm, %s, %s", async (cell, thermostat) => {
    const spec = {
      ensemble: {
        ...{ kind: "npt" as const, temperature: 60, pressure: [0.02, 0.05] as const, cell, thermostat },
        ...{ thermostatTime: 100, barostatTime: 300, compressibility: 0.5 },
      },
      averages: { after: 10, every: 5 },
    };
    const gpu = await onGpu(spec);
    const wasm = await runDynamics({ ...base, ...spec, potential: createPotential(argon) } as DynamicsSpec);
    const volumes = wasm.rows.map(({ volume }) => volume);
    // A hundred times what is left between the two engines.
    expect(Math.abs(volumes.at(-1)! - volumes[0]!)).toBeGreaterThan(0.1);
    expect(
      largestDifference(
        gpu.rows.map(({ volume }) => volume),
        volumes,
      ),
    ).toBeLessThan(1e-3);
    expect(largestDifference(gpu.state.structure.cell, wasm.state.structure.cell)).toBeLessThan(3e-6);
    expect(largestDifference(gpu.state.structure.positions, wasm.state.structure.positions)).toBeLessThan(3e-6);
    expect(
      largestDifference(
        gpu.rows.map((row) => row.pressure),
        wasm.rows.map((row) => row.pressure),
      ),
    ).toBeLessThan(1e-5);
    const [a, b] = [gpu.averages!, wasm.averages!];
    expect([a.steps, a.looks]).toEqual([b.steps, b.looks]);
    for (const name of ["cell", "displacements", "fluctuations", "stress"] as const)
      expect(largestDifference(a[name], b[name]), name).toBeLessThan(2e-6);
    expect(a.pressure).toBeCloseTo(b.pressure, 5);
    expect(a.potentialEnergy).toBeCloseTo(b.potentialEnergy, 4);
  });

  const silicon = supercell(diamond("Si", 5.43), [2, 2, 2]);
  const springs: LawSpec = {
    kind: "einstein-crystal",
    sites: [...silicon.positions],
    stiffness: Array.from(silicon.numbers, (_, i) => 5 + 0.2 * (i % 3)),
  };
  const other: LawSpec = { kind: "uhlenbeck-ford", strength: 0.13, sigma: 1.5, cutoff: 5 };
  const nvt = { kind: "nvt", temperature: 600, thermostat: "langevin", thermostatTime: 30 };
  it.each([
    ["to the Einstein crystal, there", springs, nvt, { potential: [1, 0], reference: [0, 1], schedule: "smooth" }],
    ["to the Einstein crystal, back", springs, nvt, { potential: [0, 1], reference: [1, 0], schedule: "smooth" }],
    ["to another potential", other, { kind: "nvt", temperature: 600 }, { potential: [1, 0], reference: [0, 1] }],
    [
      "to a scaled potential, at constant pressure",
      undefined,
      { kind: "npt", temperature: 600, pressure: 1, thermostat: "langevin", barostatTime: 300 },
      { potential: [1, 0.7], schedule: "reciprocal", scalePressure: true },
    ],
  ] as const)("counts the work of engine wasm, %s", async (_, reference, ensemble, switching) => {
    const spec = { ...base, structure: silicon, ensemble, timestep: 1, steps: 60, initialTemperature: 600, switching };
    const gpu = await onGpu(spec, { reference }, stillingerWeberSilicon);
    const wasm = await runDynamics({
      ...spec,
      potential: createPotential(stillingerWeberSilicon),
      ...(reference ? { reference: createPotential(reference) } : {}),
    } as DynamicsSpec);
    const atoms = silicon.numbers.length;
    for (const work of ["potentialWork", "referenceWork", "volumeWork"] as const)
      expect(
        largestDifference(
          gpu.rows.map((row) => row[work] / atoms),
          wasm.rows.map((row) => row[work] / atoms),
        ),
        work,
      ).toBeLessThan(5e-6);
    expect(Math.abs(wasm.rows.at(-1)!.potentialWork / atoms)).toBeGreaterThan(1);
    for (const factor of ["potentialFactor", "referenceFactor"] as const)
      expect(
        largestDifference(
          gpu.rows.map((row) => row[factor]),
          wasm.rows.map((row) => row[factor]),
        ),
      ).toBeLessThan(3e-7);
  });

  it("resumes a run with a cell that moves, factors that change and means, bit for bit", async () => {
    const spec = {
      ensemble: {
        kind: "npt",
        temperature: 60,
        pressure: 0.1,
        cell: "orthorhombic",
        barostatTime: 200,
        compressibility: 0.5,
      },
      switching: { potential: [1, 0.8], scalePressure: true },
      ...{ steps: 60, skin: 0.15, averages: { after: 5, every: 3 } },
    };
    const whole = await onGpu(spec, { options: { checkpointEvery: 25 } });
    const checkpoint = whole.checkpoints.find(({ step }) => step === 25)!;
    const resumed = await onGpu(spec, { options: { checkpoint } });
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.rows).toEqual(whole.rows.filter(({ step }) => step > 25));
    expect(resumed.averages).toEqual(whole.averages);
  });

  it("ends in a clear error when the device is lost, with the last checkpoint", async () => {
    const spec = { ...base, steps: 100000, sampleEvery: 5 };
    const lost = await askWebGpu<{ error?: string; message?: string; checkpoints: Checkpoint[] }>("lose", {
      spec,
      potential: argon,
      options: { checkpointEvery: 10 },
      loseAt: 30,
    });
    expect(lost.error).toBe("ComputationError");
    expect(lost.message).toMatch(/webgpu: the device was lost/);
    const checkpoint = lost.checkpoints.at(-1)!;
    expect(checkpoint.step).toBeGreaterThanOrEqual(20);
    const { state } = await onGpu({ ...spec, steps: checkpoint.step + 5 }, { options: { checkpoint } });
    expect(state.step).toBe(checkpoint.step + 5);
  });

  it("leaves nothing behind over 1000 sessions", async () => {
    const { first, last, grown } = await askWebGpu<{ first: number; last: number; grown: number }>(
      "cycle",
      { spec: argon, structure: crystal, cycles: 1000 },
      250_000,
    );
    expect(last).toBe(first);
    // A session of 108 atoms holds 0.2 MB on the device: 1000 that were kept would be 200 MB.
    expect(grown).toBeLessThan(40e6);
  });
});
