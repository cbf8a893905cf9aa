import { toPartitions } from "../engine/partitions.js";
import { openRecord, type SharedRecord } from "../engine/record-layout.js";
import { Status } from "../engine/system-layout.js";
import { instantiateKernels, type WasmInstance } from "../engine/wasm-module.js";
import { type ComputationError, InputError } from "../errors.js";
import { openNeighborhood, type WasmNeighborhood } from "../neighbors/wasm-neighborhood.js";
import type { Structure } from "../structure/structure.js";
import { EVALUATOR, EXCHANGES, SUMS_BYTES, SYSTEM_BYTES } from "./evaluator-layout.js";
import { checkTerms, firstNotFinite } from "./session.js";
import type { Term, WasmTwin } from "./term.js";

export interface WasmSystemOptions {
  /** A, added to the cutoff of the list so that it lasts while atoms move; 0.5 by default. */
  readonly skin?: number;
  /** Terms of a second Hamiltonian (group 1), summed apart: the reference system of a switching run. */
  readonly reference?: readonly Term[];
  /** Ranges of atoms that threads may run at once; the order of sums, and so the bits, depend on it. */
  readonly partitions?: number;
  /** Runs terms in mixed precision that can; throws where none can. */
  readonly mixed?: boolean;
  /** Kernels with threads (openThreads); by default fresh ones without. Given back when the system is disposed. */
  readonly instance?: WasmInstance;
}

/** A structure and its terms in WebAssembly memory: evaluated where atoms are put, lists kept while they last. */
export interface WasmSystem {
  readonly count: number;
  readonly groups: number;
  readonly instance: WasmInstance;
  readonly neighborhood: WasmNeighborhood;
  readonly evaluator: SharedRecord<(typeof EVALUATOR)["fields"]>;
  /** [3N] A, anywhere: images are found by themselves. */
  setPositions(positions: Float64Array): void;
  /** [9] A, rows. */
  setCell(cell: Float64Array): void;
  /** Brings energies, forces and virial up to date. */
  compute(): void;
  /** Grows what a status of the engine says is full, or throws where it says that something is wrong. */
  settle(status: number): void;
  /** eV. */
  energy(group?: number): number;
  /** [N] eV, of the last group. */
  energies(): Float64Array;
  /** [3N] eV/A. */
  forces(group?: number): Float64Array;
  /** [9] eV. */
  virial(group?: number): Float64Array;
  dispose(): void;
}

const FORCE_BYTES = 32;
const NUMBER_BYTES = 8;
const TERM_BYTES = 16;
const DEFAULT_SKIN = 0.5;
const DEFAULT_COST = 0.3;

/** Opens a structure for the sum of `terms` in the WebAssembly engine (see `initEngine`). */
export function openWasmSystem(
  terms: readonly Term[],
  structure: Structure,
  { skin = DEFAULT_SKIN, reference = [], ...options }: WasmSystemOptions = {},
): WasmSystem {
  const all = [...terms, ...reference];
  checkTerms(all, structure.numbers);
  if (options.mixed && !all.some((term) => term.mixed))
    throw new InputError({
      what: "engine wasm-mixed",
      value: all.map(({ kind }) => kind).join("+"),
      expected: "a snap of one density among the terms",
      attempt: "engine wasm",
    });
  const twins = all.map((term) => {
    if (options.mixed && term.mixed) return term.mixed;
    if (!term.wasm)
      throw new InputError({
        what: "engine",
        value: "wasm",
        expected: `one that runs ${term.kind}`,
        attempt: "reference",
      });
    return term.wasm;
  });
  const instance = options.instance ?? instantiateKernels();
  const { memory, packer, exports } = instance;
  const partitions = toPartitions(options.partitions, structure.numbers.length);
  instance.openTeam(partitions);
  const evaluator = openRecord(memory, EVALUATOR, packer.allocate(EVALUATOR.bytes));
  const groups = reference.length > 0 ? 2 : 1;
  let numbers = 0;
  const exchanging = twins.some((twin) => twin.exchanges !== undefined);
  const neighborhood = openNeighborhood(
    instance,
    structure,
    {
      cutoff: Math.max(...all.map((term) => term.cutoff)),
      skin,
      full: twins.some((twin) => twin.list === "full"),
      half: twins.some((twin) => twin.list === "half"),
      scratchPerAtom: Math.max(...twins.map((twin) => twin.scratchPerAtom)),
    },
    (capacity) => {
      // Several partitions add in windows, which are folded into the forces of own atoms.
      const room = partitions === 1 ? capacity + 1 : structure.numbers.length;
      if (partitions === 1 || evaluator.get("forces0") === 0)
        for (const forces of ["forces0", "forces1"].slice(0, groups) as ("forces0" | "forces1")[])
          evaluator.set(forces, packer.allocate(FORCE_BYTES * room));
      if (exchanging) numbers = packer.allocate(NUMBER_BYTES * (capacity + 1));
    },
  );
  const { count, species, system } = neighborhood;
  system.set("numbers", numbers);
  const table = packer.allocate(TERM_BYTES * all.length);
  twins.forEach((twin, index) => {
    const copies = twin.constantParameters ? 1 : instance.threads;
    const parameters = Array.from({ length: copies }, () => twin.pack(species, packer));
    const addresses = packer.i32(Array.from({ length: instance.threads }, (_, t) => parameters[t % copies]!));
    const view = packer.view();
    view.setInt32(table + TERM_BYTES * index, twin.kernel, true);
    view.setUint32(table + TERM_BYTES * index + 4, addresses, true);
    view.setInt32(table + TERM_BYTES * index + 8, index < terms.length ? 0 : 1, true);
    view.setInt32(table + TERM_BYTES * index + 12, exchangeCodes(twin), true);
  });
  const growRegions = (wanted: number): void => {
    if (partitions > 1) evaluator.set("region", packer.allocate(FORCE_BYTES * wanted));
    if (exchanging) evaluator.set("partials", packer.allocate(NUMBER_BYTES * wanted));
    evaluator.set("regionCapacity", wanted);
  };
  evaluator.set("hood", neighborhood.hood.address);
  evaluator.set("termCount", all.length);
  evaluator.set("terms", table);
  evaluator.set("groupCount", groups);
  evaluator.set("ownOnly", groupsOfOwnAtoms(twins, terms.length));
  evaluator.set("sums", packer.allocate(SUMS_BYTES * groups));
  evaluator.set("systems", packer.allocate(SYSTEM_BYTES * partitions));
  evaluator.set("fitted", -1);
  const sums = (group: number): Float64Array =>
    new Float64Array(memory.buffer, evaluator.get("sums") + SUMS_BYTES * group, SUMS_BYTES / 8);
  const settle = (status: number): void => {
    if (status & Status.windowsFull) growRegions(Math.ceil(1.1 * evaluator.get("regionWanted")));
    neighborhood.settle(status);
    system.set("numbers", numbers);
  };

  return {
    count,
    groups,
    instance,
    neighborhood,
    evaluator,
    setPositions: neighborhood.setPositions,
    setCell: neighborhood.setCell,
    compute() {
      for (let status = -1; status !== 0; ) {
        status = exports.evaluate(evaluator.address);
        instance.checkThreads();
        if (status !== 0) settle(status);
      }
      for (let group = 0; group < groups; group++)
        if (!sums(group).every(Number.isFinite)) throw notFinite(this, group);
    },
    energy: (group = 0) => sums(group)[0]!,
    energies: () => neighborhood.inCallersOrder(new Float64Array(memory.buffer, system.get("energies"), count)),
    forces(group = 0) {
      const records = new Float64Array(memory.buffer, evaluator.get(group === 0 ? "forces0" : "forces1"), 4 * count);
      const result = new Float64Array(3 * count);
      neighborhood.atoms().forEach((atom, place) => {
        for (let d = 0; d < 3; d++) result[3 * atom + d] = records[4 * place + d]!;
      });
      return result;
    },
    virial: (group = 0) => sums(group).slice(1),
    settle,
    dispose: () => instance.release(),
  };
}

/** Bits of the groups all of whose terms add to their own atoms only; the first `firsts` terms are group 0. */
const groupsOfOwnAtoms = (twins: readonly WasmTwin[], firsts: number): number =>
  [twins.slice(0, firsts), twins.slice(firsts)].reduce(
    (bits, group, g) => bits | (group.every(({ list }) => list === "none") ? 1 << g : 0),
    0,
  );

function notFinite(system: WasmSystem, group: number): ComputationError {
  return firstNotFinite(system.energy(group), system.energies(), system.forces(group));
}

/** Microseconds that a step of so many atoms takes on one thread, roughly. */
export const stepCost = (terms: readonly Term[], count: number): number =>
  count * terms.reduce((sum, { wasm }) => sum + (wasm?.cost ?? DEFAULT_COST), 0);

const exchangeCodes = ({ exchanges = [] }: WasmTwin): number =>
  exchanges.reduce((codes, exchange, k) => codes | (EXCHANGES[exchange] << (4 * k)), 0);
