import { InputError } from "../errors.js";
import { type DynamicsField, Phase, RUNNING_FIELDS, STEP_SUMS } from "./dynamics-layout.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import type { WasmDynamics } from "./wasm-dynamics.js";

/**
 * All that a run needs to go on bit for bit: besides the atoms, where they were when the neighbor list was last built,
 * since the order of a list is the order of its sums. Plain data.
 */
export interface Checkpoint {
  readonly format: "phasecell-checkpoint";
  readonly version: 1;
  /** Settings of the run, to be compared with those it is resumed with. */
  readonly settings: string;
  readonly step: number;
  readonly running: Readonly<Record<string, number>>;
  /** Tables of f64 by name; lengths in brackets where they are read. */
  readonly tables: Readonly<Record<string, Float64Array>>;
}

/** What must not change when a run is resumed; more steps may be asked for unless something ramps along them. */
function settingsOf({ potential, reference, structure }: DynamicsSpec, plan: DynamicsPlan): string {
  const { ensemble, switching, timestep, seed, firstStep, skin, averages } = plan;
  const ramps = [ensemble.temperature, ensemble.pressure, switching.potential, switching.reference];
  const terms = [...potential.terms, ...(reference?.terms ?? [])].map(({ kind, cutoff }) => [kind, cutoff]);
  const steps = ramps.some(([from, to]) => from !== to) ? plan.steps : "any";
  const atoms = [structure.numbers.length, ...new Set(structure.numbers)];
  return JSON.stringify({ ensemble, switching, timestep, seed, firstStep, skin, averages, terms, steps, atoms });
}

/** Takes a checkpoint between two steps. */
export function takeCheckpoint(spec: DynamicsSpec, plan: DynamicsPlan, dynamics: WasmDynamics): Checkpoint {
  const { record, table } = dynamics;
  const tables: Record<string, Float64Array> = {};
  for (const [name, view] of Object.entries(stateTables(dynamics))) tables[name] = view.slice();
  tables.velocities = table("velocities", 4 * dynamics.system.count).slice();
  tables.images = Float64Array.from(imagesOf(dynamics));
  return {
    format: "phasecell-checkpoint",
    version: 1,
    settings: settingsOf(spec, plan),
    step: record.get("step"),
    running: Object.fromEntries(RUNNING_FIELDS.map((field) => [field, record.get(field)])),
    tables,
  };
}

/** Puts a run that was just opened back to a checkpoint of the same run. */
export function restoreCheckpoint(
  checkpoint: Checkpoint,
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WasmDynamics,
): void {
  checkSettings(checkpoint, settingsOf(spec, plan));
  const { record, system, table } = dynamics;
  const { hood, settle } = system.neighborhood;
  const { exports } = system.instance;
  const { tables } = checkpoint;
  const put = (name: string, view: Float64Array): void => {
    const values = tables[name];
    if (values?.length !== view.length)
      throw new InputError({ what: `checkpoint.${name}`, value: values?.length, expected: `${view.length} numbers` });
    view.set(values);
  };
  const state = stateTables(dynamics);
  // The list is built where it was last built, then atoms go where they were; positions keep type and owner.
  copyCoordinates(state.positions!, tables.builtPositions!);
  state.cell!.set(tables.builtCell!);
  imagesOf(dynamics).set(tables.images!);
  for (let status = -1; status !== 0; ) {
    status = exports.buildNeighbors(hood.address, 0);
    if (status !== 0) settle(status);
  }
  const after = stateTables(dynamics);
  copyCoordinates(after.positions!, tables.positions!);
  for (const name of Object.keys(after)) if (name !== "positions" && name !== "builtPositions") put(name, after[name]!);
  put("velocities", table("velocities", 4 * system.count));
  for (const field of RUNNING_FIELDS) record.set(field as DynamicsField, checkpoint.running[field] ?? Number.NaN);
  record.set("step", checkpoint.step);
  record.set("phase", Phase.resume);
}

function checkSettings({ format, version, settings }: Checkpoint, expected: string): void {
  if (format !== "phasecell-checkpoint" || version !== 1)
    throw new InputError({ what: "checkpoint", value: `${format} ${version}`, expected: "phasecell-checkpoint 1" });
  const taken = JSON.parse(settings) as Record<string, unknown>;
  for (const [name, value] of Object.entries(JSON.parse(expected) as Record<string, unknown>))
    if (JSON.stringify(taken[name]) !== JSON.stringify(value))
      throw new InputError({
        what: `${name} of the checkpoint`,
        value: taken[name] ?? "none",
        expected: `that of this run, ${JSON.stringify(value)}`,
      });
}

/** [4N] whole cell vectors that atoms were wrapped by. */
const imagesOf = ({ system }: WasmDynamics): Int32Array =>
  new Int32Array(system.instance.memory.buffer, system.neighborhood.hood.get("images"), 4 * system.count);

/** Copies x, y, z of records of four numbers and leaves the fourth alone. */
function copyCoordinates(to: Float64Array, from: Float64Array): void {
  for (let k = 0; k < to.length; k++) if (k % 4 !== 3) to[k] = from[k]!;
}

/** Views of all tables of the state but velocities. */
function stateTables({ system, record, table }: WasmDynamics): Record<string, Float64Array> {
  const { buffer } = system.instance.memory;
  const { hood, system: atoms } = system.neighborhood;
  const view = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);
  return {
    positions: view(atoms.get("positions"), 4 * system.count),
    builtPositions: view(hood.get("builtPositions"), 4 * system.count),
    cell: view(hood.get("cell"), 9),
    builtCell: view(hood.get("builtCell"), 9),
    kineticTensor: table("kineticTensor", 6),
    stepSums: table("stepSums", STEP_SUMS),
    ...(record.get("atomSums") === 0
      ? {}
      : { sites: table("sites", 4 * system.count), atomSums: table("atomSums", 4 * system.count) }),
  };
}
