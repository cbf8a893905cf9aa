import { CONTROL, CONTROL_WORDS, fixedWords, PHASE, SUM, sumOf } from "../engine/webgpu/control.js";
import { openKernel, submit } from "../engine/webgpu/kernel.js";
import { InputError } from "../errors.js";
import { exponential } from "../math/elementary.js";
import { freshControl, type WebGpuPlaces } from "../neighbors/webgpu-neighborhood.js";
import { openWebGpuSystem, type WebGpuSystem } from "../potentials/webgpu-system.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import { ROW_LENGTH } from "./dynamics-layout.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import { advance, finish } from "./motion.wgsl.js";
import { endStep, RING_ROWS, ROW_WORDS } from "./sampling.wgsl.js";
import { drawFactor, driftOn, exchange, rescale } from "./thermostat.wgsl.js";
import { massesOf, restCenter, thermalVelocities } from "./velocities.js";

/** Atoms of a run as they are on the device, in the caller's order. */
export interface WebGpuAtoms extends WebGpuPlaces {
  /** [3N] where atoms were when the list was built. */
  readonly built: Int32Array;
  /** [3N] A per internal unit of time. */
  readonly velocities: Float32Array;
}

/** What the device says of itself after some of its work. */
export interface WebGpuReport {
  /** Words of the control buffer. */
  readonly control: Uint32Array;
  /** The last RING_ROWS rows. */
  readonly ring: Uint32Array;
}

/** A run on a GPU. */
export interface WebGpuDynamics {
  readonly system: WebGpuSystem;
  readonly masses: Float64Array;
  /** Submits up to `slots` steps, with a list build where one may be due every `buildEvery`; tells how they went. */
  launch(slots: number, buildEvery: number): Promise<WebGpuReport>;
  /** Lets a device that waits for the host go on to another step. */
  setGoal(goal: number): void;
  /** Lets a halted device go on. */
  resume(): void;
  /** The atoms of a device that waits. */
  read(): Promise<WebGpuAtoms>;
  /** Puts atoms back as they were read, at a step, with the heat given until then [eV]; their forces are still missing. */
  restore(atoms: WebGpuAtoms, step: number, heat: number): Promise<void>;
  /** A row of the ring in the layout of the WebAssembly engine. */
  rowOf(ring: Uint32Array, index: number): Float64Array;
  dispose(): void;
}

/** Lays a run out on the device: nothing is computed yet. */
export async function openWebGpuDynamics(spec: DynamicsSpec, plan: DynamicsPlan): Promise<WebGpuDynamics> {
  refuse(spec, plan);
  const { structure } = spec;
  const system = await openWebGpuSystem(spec.potential.terms, structure, { skin: plan.skin });
  const { storage, neighborhood } = system;
  const { count } = neighborhood;
  const masses = massesOf(structure);
  const start = plan.ensemble.temperature[0];
  const velocities =
    spec.velocities?.slice() ?? thermalVelocities(structure, spec.initialTemperature ?? start, plan.seed);
  if (velocities.length !== 3 * count)
    throw new InputError({ what: "velocities", value: `${velocities.length} numbers`, expected: `${3 * count}` });
  if (plan.ensemble.center === "fixed") restCenter(masses, velocities);

  const { thermostat } = plan.ensemble;
  const moves = thermostat === "langevin" ? [exchange, driftOn] : [advance];
  const ends = [finish, ...(thermostat === "velocity-rescaling" ? [drawFactor, rescale] : []), endStep];
  const open = (sources: typeof moves) =>
    Promise.all(
      sources.map(async (source) => ({
        kernel: await openKernel(storage, source),
        items: source.threads === 1 ? 1 : count,
      })),
    );
  const [moveKernels, endKernels] = [await open(moves), await open(ends)];
  storage.ensure("run", 64, "uniform");
  storage.ensure("ring", 4 * ROW_WORDS * RING_ROWS);
  storage.write("run", runWords(plan, masses));
  neighborhood.put(
    structure.positions,
    structure.cell,
    velocityRecords(
      velocities.map((v) => v * TIME_UNIT_FS),
      masses,
    ),
  );
  const control = freshControl(plan.firstStep, plan.firstStep);
  control[CONTROL.rescale] = ONE_BITS;
  storage.write("control", control);
  const cell = neighborhood.frame();

  const set = (word: number, value: number): void => storage.write("control", Uint32Array.of(value), 4 * word);
  return {
    system,
    masses,
    async launch(slots, buildEvery) {
      submit(storage, (pass) => {
        for (let slot = 0; slot < slots; slot++) {
          if (slot % buildEvery === 0) neighborhood.encodeBuild(pass);
          for (const { kernel, items } of moveKernels) kernel.dispatch(pass, items);
          system.encodeForces(pass);
          for (const { kernel, items } of endKernels) kernel.dispatch(pass, items);
        }
      });
      const [words, ring] = await storage.read(["control", 4 * CONTROL_WORDS], ["ring", 4 * ROW_WORDS * RING_ROWS]);
      return { control: new Uint32Array(words!), ring: new Uint32Array(ring!) };
    },
    setGoal(goal) {
      set(CONTROL.goal, goal);
      set(CONTROL.phase, PHASE.ready);
    },
    resume() {
      set(CONTROL.halt, 0);
      set(CONTROL.wanted, 0);
    },
    async read() {
      const bytes = 16 * count;
      const [atoms, images, built, moving] = await storage.read(
        ["atoms", bytes],
        ["images", bytes],
        ["built", bytes],
        ["velocities", bytes],
      );
      const names = new Int32Array(images!);
      const sorted = <T extends Int32Array | Float32Array>(records: T, result: T): T => {
        for (let k = 0; k < count; k++)
          for (let d = 0; d < 3; d++) result[3 * names[4 * k + 3]! + d] = records[4 * k + d]!;
        return result;
      };
      return {
        places: sorted(new Int32Array(atoms!), new Int32Array(3 * count)),
        images: sorted(names, new Int32Array(3 * count)),
        built: sorted(new Int32Array(built!), new Int32Array(3 * count)),
        velocities: sorted(new Float32Array(moving!), new Float32Array(3 * count)),
      };
    },
    async restore(atoms, step, heat) {
      // The list is built where it was last built, then atoms go where they were.
      neighborhood.restore({ places: atoms.built, images: atoms.images }, velocityRecords(atoms.velocities, masses));
      for (;;) {
        const words = freshControl(step, step);
        words[CONTROL.observe] = 0;
        words[CONTROL.rescale] = ONE_BITS;
        words.set(fixedWords(heat), CONTROL.sums + 2 * SUM.heat);
        storage.write("control", words);
        submit(storage, (pass) => neighborhood.encodeBuild(pass));
        const [report, order, records] = await storage.read(
          ["control", 4 * CONTROL_WORDS],
          ["images", 16 * count],
          ["atoms", 16 * count],
        );
        const after = new Uint32Array(report!);
        if (after[CONTROL.halt] !== 0) {
          await system.settle(after);
          continue;
        }
        const names = new Int32Array(order!);
        const places = new Int32Array(records!);
        for (let k = 0; k < count; k++)
          for (let d = 0; d < 3; d++) places[4 * k + d] = atoms.places[3 * names[4 * k + 3]! + d]!;
        storage.write("atoms", places);
        return;
      }
    },
    rowOf(ring, index) {
      const words = ring.subarray(ROW_WORDS * (index % RING_ROWS), ROW_WORDS * ((index % RING_ROWS) + 1));
      const bits = new Float32Array(words.slice(0, 4).buffer);
      const sums = new Uint32Array(CONTROL_WORDS);
      sums.set(words.subarray(4), CONTROL.sums);
      const sum = (k: number): number => sumOf(sums, k);
      const square = thermostat === "velocity-rescaling" ? bits[2]! ** 2 : 1;
      const tensor = [0, 1, 2, 3, 4, 5].map((k) => square * sum(SUM.kinetic + k));
      const row = new Float64Array(ROW_LENGTH);
      row[0] = words[0]!;
      row[1] = sum(SUM.energy);
      row[3] = 0.5 * (tensor[0]! + tensor[1]! + tensor[2]!);
      row[4] = cell.volume;
      row[5] = 1;
      row[7] = sum(SUM.heat);
      row[11] = Math.sqrt(bits[1]!);
      row.set(tensor, 12);
      for (let k = 0; k < 6; k++) row[18 + k] = sum(SUM.virial + k);
      row.set(cell.cell, 24);
      return row;
    },
    dispose: () => system.dispose(),
  };
}

/** The bits of 1 as f32. */
const ONE_BITS = 0x3f800000;

/** [4N] velocity and one over the mass. */
function velocityRecords(velocities: ArrayLike<number>, masses: Float64Array): Float32Array {
  const records = new Float32Array(4 * masses.length);
  for (let i = 0; i < masses.length; i++) {
    for (let d = 0; d < 3; d++) records[4 * i + d] = velocities[3 * i + d]!;
    records[4 * i + 3] = 1 / masses[i]!;
  }
  return records;
}

/** Twin of `Run` in motion.wgsl.ts. */
function runWords(plan: DynamicsPlan, masses: Float64Array): Uint32Array {
  const { ensemble, seed, firstStep } = plan;
  const words = new Uint32Array(16);
  const numbers = new Float32Array(words.buffer);
  const timestep = plan.timestep / TIME_UNIT_FS;
  numbers.set([
    timestep,
    exponential(-plan.timestep / ensemble.thermostatTime),
    BOLTZMANN * ensemble.temperature[0],
    BOLTZMANN * ensemble.temperature[1],
    plan.forceLimit ** 2,
    (plan.moveLimit / timestep) ** 2,
    ensemble.center === "fixed" ? 1 / masses.reduce((sum, mass) => sum + mass, 0) : 0,
    plan.degrees,
  ]);
  words.set([seed >>> 0, Math.floor(seed / 2 ** 32), firstStep, firstStep + plan.steps, plan.sampleEvery], 8);
  words[13] = ensemble.thermostat === "velocity-rescaling" ? 1 : 0;
  return words;
}

/** What this engine cannot do is said before anything is computed. */
function refuse({ reference }: DynamicsSpec, { ensemble, averages, switching, moveLimit }: DynamicsPlan): void {
  const no = (what: string, value: unknown, expected: string): never => {
    throw new InputError({ what: `${what} in engine webgpu`, value, expected, attempt: "engine wasm" });
  };
  if (ensemble.kind === "npt") no("ensemble.kind", "npt", "nve or nvt");
  if (reference) no("reference", "a reference system", "none");
  if (averages) no("averages", "means over the run", "none");
  if ([...switching.potential, 1].some((factor) => factor !== 1)) no("switching", switching.potential, "no switching");
  if (moveLimit > 1) no("moveLimit", moveLimit, "at most 1 A");
}
