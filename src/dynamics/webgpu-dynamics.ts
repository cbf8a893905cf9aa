import { CONTROL, CONTROL_WORDS, deformationOf, fixedAt, PHASE, START, SUM } from "../engine/webgpu/control.js";
import { type Kernel, openKernel, submit } from "../engine/webgpu/kernel.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { InputError } from "../errors.js";
import { siteRecords, type WebGpuPlaces } from "../neighbors/webgpu-frame.js";
import { freshControl } from "../neighbors/webgpu-neighborhood.js";
import { openWebGpuSystem, type WebGpuSystem } from "../potentials/webgpu-system.js";
import { cellVolume, timesMatrix } from "../structure/cell.js";
import { TIME_UNIT_FS } from "../units.js";
import { beginStep, reshapeFrame } from "./barostat.wgsl.js";
import { ROW_LENGTH } from "./dynamics-layout.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import { advance, finish, type Mixture } from "./motion.wgsl.js";
import { addDisplacements, DISPLACEMENT_WORDS, endStep, RING_ROWS, ROW, ROW_WORDS } from "./sampling.wgsl.js";
import { drawFactor, driftOn, exchange, rescale } from "./thermostat.wgsl.js";
import { massesOf, restCenter, thermalVelocities } from "./velocities.js";
import { isPrepared, RUN_BYTES, runWords } from "./webgpu-run.js";

/** A replica as it is on the device, atoms in the caller's order. */
export interface WebGpuState extends WebGpuPlaces {
  /** [3N] where atoms were when the list was built. */
  readonly built: Int32Array;
  /** [3N] A per internal unit of time. */
  readonly velocities: Float32Array;
  /** Its record of the control buffer. */
  readonly control: Uint32Array;
  /** [8N] fixed-point sums over displacements; empty without averages. */
  readonly displacements: Uint32Array;
}

/** What the device says of itself after some of its work. */
export interface WebGpuReport {
  /** Record of the control buffer of a replica. */
  control(replica: number): Uint32Array;
  /** Row `index` of a replica, one of its last RING_ROWS, in the layout of the WebAssembly engine. */
  row(replica: number, index: number): Float64Array;
}

/** One run of several that go on at once. */
export interface WebGpuRun {
  readonly spec: DynamicsSpec;
  readonly plan: DynamicsPlan;
}

/** Runs on a GPU, all of one size and length. */
export interface WebGpuDynamics {
  readonly system: WebGpuSystem;
  readonly runs: readonly WebGpuRun[];
  /** Submits up to `slots` steps, with a list build where one may be due every `buildEvery`; tells how they went. */
  launch(slots: number, buildEvery: number): Promise<WebGpuReport>;
  /** Lets replicas that wait for the host go on to another step. */
  setGoal(goal: number): void;
  /** Lets a halted replica go on. */
  resume(replica: number): void;
  /** A replica that waits. */
  read(replica: number): Promise<WebGpuState>;
  /** Puts a single replica back as it was read; its forces are still missing. */
  restore(state: WebGpuState): Promise<void>;
  /** [9] A, the cell of a replica from its record. */
  cellOf(replica: number, control: Uint32Array): Float64Array;
  dispose(): void;
}

/** Lays runs out on the device: nothing is computed yet. */
export async function openWebGpuDynamics(runs: readonly WebGpuRun[]): Promise<WebGpuDynamics> {
  for (const { plan } of runs) refuse(plan);
  const { plan, spec } = runs[0]!;
  const replicas = runs.length;
  const flexible = plan.ensemble.cell !== "fixed";
  const system = await openWebGpuSystem(
    runs.map(({ spec: { structure, potential, reference } }) => ({
      structure,
      groups: reference ? [potential.terms, reference.terms] : [potential.terms],
    })),
    { skin: plan.skin, flexible },
  );
  const { storage, neighborhood, external } = system;
  const { count } = neighborhood;
  if (flexible && external.some(Boolean)) {
    system.dispose();
    throw new InputError({ what: "ensemble.kind", value: "npt", expected: "nvt with an einstein-crystal" });
  }

  const { thermostat } = plan.ensemble;
  const prepared = runs.some((run) => isPrepared(run.plan));
  const mixture: Mixture = { groups: spec.reference ? 2 : 1, external };
  const moves = [
    ...(prepared ? [beginStep] : []),
    ...(thermostat === "langevin" ? [exchange(mixture), driftOn] : [advance(mixture)]),
  ];
  const ends = [
    finish(mixture),
    ...(thermostat === "velocity-rescaling" ? [drawFactor, rescale] : []),
    ...(plan.averages ? [addDisplacements] : []),
    endStep(prepared, external.some(Boolean)),
  ];
  storage.ensure("runs", RUN_BYTES * storage.records, "uniform");
  storage.ensure("ring", 4 * ROW_WORDS * RING_ROWS * replicas);
  if (plan.averages) {
    storage.ensure("sites", 16 * count * replicas);
    storage.ensure("displacements", 4 * DISPLACEMENT_WORDS * count * replicas);
  }
  const open = (sources: readonly KernelSource[]): Promise<{ kernel: Kernel; items: number }[]> =>
    Promise.all(
      sources.map(async (source) => ({
        kernel: await openKernel(storage, source),
        items: source.threads === 1 ? 1 : count,
      })),
    );
  const [moveKernels, endKernels, [reshape]] = [await open(moves), await open(ends), await open([reshapeFrame])];

  const masses = runs.map((run) => massesOf(run.spec.structure));
  system.put(runs.map((run, r) => ({ ...run.spec.structure, velocities: startVelocities(run, masses[r]!) })));
  runs.forEach((run, r) => {
    const box = neighborhood.box(r);
    storage.write("runs", runWords(run.plan, masses[r]!, box, neighborhood.frame(r)), RUN_BYTES * r);
    if (plan.averages) storage.write("sites", siteRecords(box, run.spec.structure.positions), 16 * count * r);
    storage.write("control", startControl(run.plan), 4 * CONTROL_WORDS * r);
  });

  const set = (replica: number, word: number, value: number): void =>
    storage.write("control", Uint32Array.of(value), 4 * (CONTROL_WORDS * replica + word));
  const cellFrom = (replica: number, words: Uint32Array): Float64Array => {
    const { cell } = neighborhood.frame(replica);
    return flexible ? timesMatrix(cell, deformationOf(words)) : cell.slice();
  };
  return {
    system,
    runs,
    async launch(slots, buildEvery) {
      submit(storage, (pass) => {
        for (let slot = 0; slot < slots; slot++) {
          if (slot % buildEvery === 0) neighborhood.encodeBuild(pass);
          for (const { kernel, items } of moveKernels) kernel.dispatch(pass, items);
          system.encodeForces(pass);
          for (const { kernel, items } of endKernels) kernel.dispatch(pass, items);
        }
      });
      const [words, rows] = await storage.read(
        ["control", 4 * CONTROL_WORDS * replicas],
        ["ring", 4 * ROW_WORDS * RING_ROWS * replicas],
      );
      const ring = new Uint32Array(rows!);
      return {
        control: (replica) => new Uint32Array(words!, 4 * CONTROL_WORDS * replica, CONTROL_WORDS),
        row(replica, index) {
          const start = ROW_WORDS * (RING_ROWS * replica + (index % RING_ROWS));
          const row = ring.subarray(start, start + ROW_WORDS);
          return toRow(row, cellFrom(replica, row.subarray(ROW.deformation)), thermostat === "velocity-rescaling");
        },
      };
    },
    setGoal(goal) {
      for (let replica = 0; replica < replicas; replica++) {
        set(replica, CONTROL.goal, goal);
        set(replica, CONTROL.phase, PHASE.ready);
      }
    },
    resume(replica) {
      set(replica, CONTROL.halt, 0);
      set(replica, CONTROL.wanted, 0);
    },
    async read(replica) {
      const bytes = 16 * count;
      const sums = plan.averages ? 4 * DISPLACEMENT_WORDS * count : 0;
      const [atoms, images, built, moving, control, displacements] = await storage.read(
        ["atoms", bytes, bytes * replica],
        ["images", bytes, bytes * replica],
        ["built", bytes, bytes * replica],
        ["velocities", bytes, bytes * replica],
        ["control", 4 * CONTROL_WORDS, 4 * CONTROL_WORDS * replica],
        ...(plan.averages ? ([["displacements", sums, sums * replica]] as const) : []),
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
        control: new Uint32Array(control!),
        displacements: new Uint32Array(displacements ?? new ArrayBuffer(0)),
      };
    },
    async restore(state) {
      // The list is built in the cell and at the places where it was last built, then both go where they were.
      const moving = velocityRecords(state.velocities, masses[0]!);
      neighborhood.restore(0, { places: state.built, images: state.images }, moving);
      if (plan.averages) storage.write("displacements", state.displacements);
      const words = resumedControl(state.control);
      const now = words.slice(CONTROL.deformation, CONTROL.builtDeformation);
      words.copyWithin(CONTROL.deformation, CONTROL.builtDeformation, CONTROL.center);
      for (;;) {
        storage.write("control", words);
        submit(storage, (pass) => {
          if (flexible) reshape!.kernel.dispatch(pass, 1);
          neighborhood.encodeBuild(pass);
        });
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
          for (let d = 0; d < 3; d++) places[4 * k + d] = state.places[3 * names[4 * k + 3]! + d]!;
        storage.write("atoms", places);
        if (!flexible) return;
        storage.write("control", now, 4 * CONTROL.deformation);
        submit(storage, (pass) => reshape!.kernel.dispatch(pass, 1));
        return;
      }
    },
    cellOf: (replica, control) => cellFrom(replica, control.subarray(CONTROL.deformation)),
    dispose: () => system.dispose(),
  };
}

/** Records of the velocities that a run starts from. */
function startVelocities({ spec, plan }: WebGpuRun, masses: Float64Array): Float32Array {
  const { structure } = spec;
  const start = plan.ensemble.temperature[0];
  const velocities =
    spec.velocities?.slice() ?? thermalVelocities(structure, spec.initialTemperature ?? start, plan.seed);
  const expected = 3 * masses.length;
  if (velocities.length !== expected)
    throw new InputError({ what: "velocities", value: `${velocities.length} numbers`, expected: `${expected}` });
  if (plan.ensemble.center === "fixed") restCenter(masses, velocities);
  return velocityRecords(
    velocities.map((v) => v * TIME_UNIT_FS),
    masses,
  );
}

/** [4N] velocity and one over the mass. */
function velocityRecords(velocities: ArrayLike<number>, masses: Float64Array): Float32Array {
  const records = new Float32Array(4 * masses.length);
  for (let i = 0; i < masses.length; i++) {
    for (let d = 0; d < 3; d++) records[4 * i + d] = velocities[3 * i + d]!;
    records[4 * i + 3] = 1 / masses[i]!;
  }
  return records;
}

function startControl({ firstStep, switching }: DynamicsPlan): Uint32Array {
  const control = freshControl(firstStep, firstStep);
  const numbers = new Float32Array(control.buffer);
  numbers[CONTROL.rescale] = 1;
  numbers.set([switching.potential[0], switching.reference[0]], CONTROL.factors);
  return control;
}

/** A record as it was, with the list and the forces missing. */
function resumedControl(was: Uint32Array): Uint32Array {
  const control = was.slice();
  const step = control[CONTROL.step]!;
  const fresh = { halt: 0, phase: PHASE.moved, goal: step, expired: 1, wanted: 0, rows: 0, observe: 0, record: 0 };
  for (const [name, value] of Object.entries(fresh)) control[CONTROL[name as keyof typeof fresh]] = value;
  control[CONTROL.start] = START.resume;
  // They are made again along with the forces.
  control.fill(0, CONTROL.sums + 2 * SUM.force, CONTROL.sums + 2 * SUM.heat);
  return control;
}

/** A row of the ring in the layout of the WebAssembly engine. */
function toRow(words: Uint32Array, cell: Float64Array, rescaled: boolean): Float64Array {
  const bits = new Float32Array(words.slice(0, ROW.deformation).buffer);
  const sum = (k: number): number => fixedAt(words, ROW.sums + 2 * k);
  const square = rescaled ? bits[ROW.rescale]! ** 2 : 1;
  const tensor = [0, 1, 2, 3, 4, 5].map((k) => square * sum(SUM.kinetic + k));
  const [a, b] = [bits[ROW.factors]!, bits[ROW.factors + 1]!];
  const row = new Float64Array(ROW_LENGTH);
  row[0] = words[ROW.step]!;
  row[1] = sum(SUM.energy);
  row[2] = sum(SUM.referenceEnergy);
  row[3] = 0.5 * (tensor[0]! + tensor[1]! + tensor[2]!);
  row[4] = cellVolume(cell);
  row[5] = a;
  row[6] = b;
  row[7] = sum(SUM.heat);
  row[8] = sum(SUM.potentialWork);
  row[9] = sum(SUM.referenceWork);
  row[10] = sum(SUM.volumeWork);
  row[11] = Math.sqrt(bits[ROW.force]!);
  row.set(tensor, 12);
  for (let k = 0; k < 6; k++) row[18 + k] = a * sum(SUM.virial + k) + b * sum(SUM.referenceVirial + k);
  row.set(cell, 24);
  return row;
}

/** What this engine cannot do is said before anything is computed. */
function refuse({ moveLimit }: DynamicsPlan): void {
  if (moveLimit > 1)
    throw new InputError({
      what: "moveLimit in engine webgpu",
      value: moveLimit,
      expected: "at most 1 A",
      attempt: "engine wasm",
    });
}
