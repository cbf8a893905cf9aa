import { openRecord, type SharedRecord } from "../engine/record-layout.js";
import type { WasmInstance } from "../engine/wasm-module.js";
import { InputError } from "../errors.js";
import { exponential } from "../math/elementary.js";
import { openWasmSystem, type WasmSystem } from "../potentials/wasm-system.js";
import { toFractional } from "../structure/cell.js";
import { BOLTZMANN, GPA_PER_EV_A3, TIME_UNIT_FS } from "../units.js";
import {
  DYNAMICS,
  type DynamicsField,
  FREEDOMS,
  NOISE_BYTES,
  Phase,
  ROW_LENGTH,
  SCHEDULES,
  STEP_SUMS,
  THERMOSTATS,
} from "./dynamics-layout.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import { massesOf, restCenter, thermalVelocities } from "./velocities.js";

/** Rows that the engine keeps before the host must read them. */
const RING_ROWS = 256;

/** A run laid out in WebAssembly memory. */
export interface WasmDynamics {
  readonly system: WasmSystem;
  readonly record: SharedRecord<(typeof DYNAMICS)["fields"]>;
  readonly masses: Float64Array;
  /** [N, 4]: vx, vy, vz in A per internal unit of time, and 1/mass. */
  velocityRecords(): Float64Array;
  /** f64 numbers at the address that a field holds; a view to read and write at once. */
  table(field: DynamicsField, length: number): Float64Array;
  /** Runs up to `count` steps; returns Status bits. */
  advance(count: number): number;
  /** Takes the rows sampled since the last call. */
  takeRows(): Float64Array[];
  dispose(): void;
}

/** Lays a run out: nothing is computed yet. */
export function openDynamics(spec: DynamicsSpec, plan: DynamicsPlan, instance?: WasmInstance): WasmDynamics {
  const { structure, potential, reference } = spec;
  const system = openWasmSystem(potential.terms, structure, {
    skin: plan.skin,
    partitions: plan.partitions,
    mixed: spec.engine === "wasm-mixed",
    ...(instance ? { instance } : {}),
    ...(reference ? { reference: reference.terms } : {}),
  });
  const { memory, packer, exports } = system.instance;
  const { count } = system;
  const masses = massesOf(structure);
  const record = openRecord(memory, DYNAMICS, packer.allocate(DYNAMICS.bytes));
  const values: Partial<Record<DynamicsField, number>> = {
    ...parameters(plan),
    totalMass: masses.reduce((sum, mass) => sum + mass, 0),
    evaluator: system.evaluator.address,
    velocities: packer.allocate(32 * count),
    noise: packer.allocate(NOISE_BYTES * plan.partitions),
    kineticTensor: packer.allocate(48),
    ring: packer.allocate(8 * ROW_LENGTH * RING_ROWS),
    ringCapacity: RING_ROWS,
    stepSums: packer.allocate(8 * STEP_SUMS),
    ...(plan.averages ? { sites: packer.allocate(32 * count), atomSums: packer.allocate(32 * count) } : {}),
    // Only forces from outside can move the center of mass, or a bath.
    fixCenter: plan.ensemble.center === "fixed" && (reference || plan.ensemble.thermostat === "langevin") ? 1 : 0,
    phase: Phase.start,
  };
  for (const [field, value] of Object.entries(values)) record.set(field as DynamicsField, value);
  const table = (field: DynamicsField, length: number): Float64Array =>
    new Float64Array(memory.buffer, record.get(field), length);

  const start = plan.ensemble.temperature[0];
  const velocities =
    spec.velocities?.slice() ?? thermalVelocities(structure, spec.initialTemperature ?? start, plan.seed);
  if (velocities.length !== 3 * count)
    throw new InputError({ what: "velocities", value: `${velocities.length} numbers`, expected: `${3 * count}` });
  if (plan.ensemble.center === "fixed") restCenter(masses, velocities);
  // Builds sort velocities along with the atoms.
  system.neighborhood.hood.set("carried", record.get("velocities"));
  const records = table("velocities", 4 * count);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < 3; d++) records[4 * i + d] = velocities[3 * i + d]! * TIME_UNIT_FS;
    records[4 * i + 3] = 1 / masses[i]!;
  }
  if (plan.averages) {
    const sites = table("sites", 4 * count);
    const fractions = toFractional(system.neighborhood.frame().cell, structure.positions);
    for (let i = 0; i < count; i++) for (let d = 0; d < 3; d++) sites[4 * i + d] = fractions[3 * i + d]!;
  }

  return {
    system,
    record,
    masses,
    velocityRecords: () => system.neighborhood.inCallersOrder(table("velocities", 4 * count)),
    table,
    advance: (steps) => exports.advance(record.address, steps),
    takeRows() {
      const rows = record.get("rows");
      const ring = table("ring", ROW_LENGTH * rows);
      record.set("rows", 0);
      return Array.from({ length: rows }, (_, k) => ring.slice(ROW_LENGTH * k, ROW_LENGTH * (k + 1)));
    },
    dispose: () => system.dispose(),
  };
}

/** The numbers of a plan in the units of the engine. */
function parameters(plan: DynamicsPlan): Partial<Record<DynamicsField, number>> {
  const { ensemble, switching } = plan;
  const timestep = plan.timestep / TIME_UNIT_FS;
  return {
    timestep,
    thermalEnergy0: BOLTZMANN * ensemble.temperature[0],
    thermalEnergy1: BOLTZMANN * ensemble.temperature[1],
    memory: exponential(-plan.timestep / ensemble.thermostatTime),
    pressure0: ensemble.pressure[0] / GPA_PER_EV_A3,
    pressure1: ensemble.pressure[1] / GPA_PER_EV_A3,
    barostatRate: (ensemble.compressibility * GPA_PER_EV_A3) / (ensemble.barostatTime / TIME_UNIT_FS),
    potential0: switching.potential[0],
    potential1: switching.potential[1],
    reference0: switching.reference[0],
    reference1: switching.reference[1],
    degrees: plan.degrees,
    forceLimit: plan.forceLimit,
    moveLimit: plan.moveLimit,
    step: plan.firstStep,
    firstStep: plan.firstStep,
    lastStep: plan.firstStep + plan.steps,
    seedLow: plan.seed >>> 0,
    seedHigh: Math.floor(plan.seed / 2 ** 32),
    thermostat: THERMOSTATS.indexOf(ensemble.thermostat),
    freedom: FREEDOMS.indexOf(ensemble.cell),
    schedule: SCHEDULES.indexOf(switching.schedule),
    scalePressure: switching.scalePressure ? 1 : 0,
    sampleEvery: plan.sampleEvery,
    accumulateEvery: plan.averages?.every ?? 0,
    accumulateFrom: plan.firstStep + (plan.averages?.after ?? 0),
  };
}
