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
export function settingsOf(
  { potential, reference, structure, engine = "wasm" }: DynamicsSpec,
  plan: DynamicsPlan,
): string {
  const { ensemble, switching, timestep, seed, firstStep, skin, partitions, averages } = plan;
  const ramps = [ensemble.temperature, ensemble.pressure, switching.potential, switching.reference];
  const terms = [...potential.terms, ...(reference?.terms ?? [])].map(({ kind, cutoff }) => [kind, cutoff]);
  const parameters = [potential, reference].map((hamiltonian) => hamiltonian?.spec?.terms ?? null);
  const steps = ramps.some(([from, to]) => from !== to) ? plan.steps : "any";
  const atoms = [structure.numbers.length, ...new Set(structure.numbers)];
  // The engine first: what else differs may follow from it.
  return JSON.stringify({
    engine,
    ensemble,
    switching,
    timestep,
    seed,
    firstStep,
    skin,
    partitions,
    averages,
    terms,
    parameters,
    steps,
    atoms,
  });
}

/** Takes a checkpoint between two steps. */
export function takeCheckpoint(spec: DynamicsSpec, plan: DynamicsPlan, dynamics: WasmDynamics): Checkpoint {
  const { record } = dynamics;
  const { inCallersOrder } = dynamics.system.neighborhood;
  const tables: Record<string, Float64Array> = {};
  for (const [name, view] of Object.entries(stateTables(dynamics))) tables[name] = view.slice();
  for (const [name, view] of Object.entries(sortedTables(dynamics))) tables[name] = inCallersOrder(view);
  tables.images = inCallersOrder(Float64Array.from(imagesOf(dynamics)));
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
  const { record, system } = dynamics;
  const { hood, settle, putInOrder } = system.neighborhood;
  const { exports } = system.instance;
  const { tables } = checkpoint;
  const read = (name: string, length: number): Float64Array => {
    const values = tables[name];
    if (values?.length !== length)
      throw new InputError({ what: `checkpoint.${name}`, value: values?.length, expected: `${length} numbers` });
    return values;
  };
  const perAtom = 4 * system.count;
  // The list is built where it was last built, which sorts atoms as they were; then they go where they were.
  putPlaces(dynamics, read("builtPositions", perAtom));
  putInOrder(read("images", perAtom), imagesOf(dynamics));
  stateTables(dynamics).cell!.set(read("builtCell", 9));
  for (let status = -1; status !== 0; ) {
    status = exports.buildNeighbors(hood.address, 0);
    if (status !== 0) settle(status);
  }
  putPlaces(dynamics, read("positions", perAtom));
  putInOrder(read("velocities", perAtom), sortedTables(dynamics).velocities!);
  for (const [name, view] of Object.entries(stateTables(dynamics))) view.set(read(name, view.length));
  for (const field of RUNNING_FIELDS) record.set(field as DynamicsField, checkpoint.running[field] ?? Number.NaN);
  record.set("step", checkpoint.step);
  record.set("phase", Phase.resume);
}

export function checkSettings({ format, version, settings }: Checkpoint, expected: string): void {
  if (format !== "phasecell-checkpoint" || version !== 1)
    throw new InputError({ what: "checkpoint", value: `${format} ${version}`, expected: "phasecell-checkpoint 1" });
  const taken = JSON.parse(settings) as Record<string, unknown>;
  for (const [name, value] of Object.entries(JSON.parse(expected) as Record<string, unknown>))
    if (JSON.stringify(taken[name]) !== JSON.stringify(value))
      throw new InputError({
        what: `${name} of the checkpoint`,
        // Tables of a potential are no matter for one line.
        ...(name === "parameters"
          ? { value: "others", expected: "those of the potential of this run" }
          : { value: taken[name] ?? "none", expected: `that of this run, ${JSON.stringify(value)}` }),
      });
}

/** [4N] whole cell vectors that atoms were wrapped by. */
const imagesOf = ({ system }: WasmDynamics): Int32Array =>
  new Int32Array(system.instance.memory.buffer, system.neighborhood.hood.get("images"), 4 * system.count);

/** Puts atoms at x, y, z of records of four numbers; their own records keep type and owner in the fourth. */
function putPlaces(dynamics: WasmDynamics, places: Float64Array): void {
  const { positions } = sortedTables(dynamics);
  dynamics.system.neighborhood.atoms().forEach((atom, place) => {
    for (let d = 0; d < 3; d++) positions![4 * place + d] = places[4 * atom + d]!;
  });
}

/** Views of the tables of four numbers per atom that stand in the order of the engine. */
function sortedTables({ system, table }: WasmDynamics): Record<string, Float64Array> {
  const { hood, system: atoms } = system.neighborhood;
  const view = (address: number): Float64Array =>
    new Float64Array(system.instance.memory.buffer, address, 4 * system.count);
  return {
    positions: view(atoms.get("positions")),
    builtPositions: view(hood.get("builtPositions")),
    velocities: table("velocities", 4 * system.count),
  };
}

/** Views of all other tables of the state. */
function stateTables({ system, record, table }: WasmDynamics): Record<string, Float64Array> {
  const { buffer } = system.instance.memory;
  const { hood } = system.neighborhood;
  const view = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);
  return {
    cell: view(hood.get("cell"), 9),
    builtCell: view(hood.get("builtCell"), 9),
    kineticTensor: table("kineticTensor", 6),
    stepSums: table("stepSums", STEP_SUMS),
    ...(record.get("atomSums") === 0
      ? {}
      : { sites: table("sites", 4 * system.count), atomSums: table("atomSums", 4 * system.count) }),
  };
}
