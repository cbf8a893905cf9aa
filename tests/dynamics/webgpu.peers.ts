import { afterAll, expect, it } from "vitest";
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

  it.each([
    ["npt", { ensemble: { kind: "npt", temperature: 100 } }, "engine wasm"],
    ["averages", { averages: {} }, "engine wasm"],
  ])("refuses %s and names the engine that can", async (_, spec, remedy) => {
    await expect(onGpu(spec)).rejects.toThrow(remedy);
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
