import type { Binding } from "./kernel-source.js";

/**
 * Words of the buffer `control`, u32 each, one record per replica: what the kernels tell one another and the host. Every
 * kernel looks here before it does anything, so that a replica stands still for the rest of a submission of steps once it
 * needs the host.
 */
export const CONTROL = {
  /** Bits of `Halt`: everything stands still until the host has seen to it. */
  halt: 0,
  phase: 1,
  step: 2,
  /** The step at which the device waits for the host. */
  goal: 3,
  /** 1 where atoms have moved too far for the list. */
  expired: 4,
  /** Most neighbors of an atom at the last build. */
  wanted: 5,
  /** Caller's index of an atom that went wrong; the smallest of them. */
  failedAtom: 6,
  /** Rows written so far. */
  rows: 7,
  /** 1 where energies, virials and kinetic energies of this step are summed. */
  observe: 8,
  /** Lists built so far. */
  builds: 9,
  /** `START`: forces are wanted without a step. */
  start: 10,
  largestForce: 11,
  /** 1 where this step gets a row. */
  record: 12,
  /** Factor of the velocities, as bits of a f32, from the thermostat. */
  rescale: 13,
  /** Factors of the two Hamiltonians, as bits of f32. */
  factors: 14,
  /** Square of the move that makes the list expire, A^2, as bits of a f32. */
  slack: 16,
  /** [6] f32 bits, xx yy zz yz xz xy: what velocities are multiplied by as the cell moves. */
  carry: 17,
  /** [9] F - 1 in 64-bit fixed point of 2^-40, rows: the cell is the first one times F. Now, and at the last list build. */
  deformation: 24,
  builtDeformation: 42,
  /** [6] f32 bits, eV/A: force on all atoms of either Hamiltonian at the end of the last step, of laws that can push them. */
  center: 60,
  /** Fixed-point sums from here on, two words each: see `SUM`. */
  sums: 66,
} as const;

/** Fixed-point sums, in order; those from `heat` to `volumeWork` go on from step to step. */
export const SUM = {
  energy: 0,
  virial: 1,
  referenceEnergy: 7,
  referenceVirial: 8,
  kinetic: 14,
  kineticTotal: 20,
  momentum: 21,
  /** Of all atoms, of either Hamiltonian. */
  force: 24,
  referenceForce: 27,
  heat: 30,
  potentialWork: 31,
  referenceWork: 32,
  volumeWork: 33,
  count: 34,
} as const;

export const CONTROL_WORDS = CONTROL.sums + 2 * SUM.count;
/** Words of the deformation. */
export const DEFORMATION_WORDS = 18;

/** READY: forces are up to date. MOVED: atoms have moved, forces are missing. IDLE: the goal is reached. */
export const PHASE = { ready: 0, moved: 1, idle: 2 } as const;

/** FRESH: the first forces of a run, with a row. RESUME: from a checkpoint, all that was measured is there. */
export const START = { none: 0, fresh: 1, resume: 2 } as const;

export const HALT = { listFull: 1, outgrown: 2, blownUp: 4, shortListFull: 8, broken: 16, cell: 32 } as const;

export const NO_ATOM = 0xffffffff;

/** Sums are whole multiples of 2^-30 (eV and the like), so that their order does not matter. */
const QUANTUM = 2 ** -30;
/** That of a deformation. */
export const DEFORMATION_QUANTUM = 2 ** -40;

export const controlBinding: Binding = { name: "control", type: "array<atomic<u32>>", access: "read_write" };

const constants = (prefix: string, words: Readonly<Record<string, number>>): string =>
  Object.entries(words)
    .map(([name, value]) => `const ${prefix}_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()} = ${value}u;`)
    .join("\n");

/** Names of the words, and who may run when. */
export const controlCode = `
${constants("C", CONTROL)}
${constants("S", SUM)}
${constants("PHASE", PHASE)}
${constants("START", START)}
${constants("HALT", HALT)}
const CONTROL_WORDS = ${CONTROL_WORDS}u;
/** Where a word of this replica is. */
fn at(index: u32) -> u32 { return replica * CONTROL_WORDS + index; }
fn word(index: u32) -> u32 { return atomicLoad(&control[at(index)]); }
fn real(index: u32) -> f32 { return bitcast<f32>(word(index)); }
fn setReal(index: u32, value: f32) { atomicStore(&control[at(index)], bitcast<u32>(value)); }
fn running() -> bool { return word(C_HALT) == 0u && word(C_PHASE) != PHASE_IDLE; }
fn listExpired() -> bool { return running() && word(C_EXPIRED) != 0u; }
/** Forces are missing and the list is valid. */
fn forcesDue() -> bool { return running() && word(C_EXPIRED) == 0u; }
`;

/** Numbers in fixed point, and those that are kept in the control buffer; for kernels of one thread as well. */
export const fixedNumberCode = `
fn toFixed(value: f32) -> vec2u {
  let scaled = round(abs(value) * ${1 / QUANTUM});
  let high = floor(scaled * 2.3283064365386963e-10);
  let low = u32(scaled - high * 4294967296.0);
  let magnitude = vec2u(low, u32(high));
  if (value >= 0) { return magnitude; }
  let negative = ~magnitude + vec2u(1u, 0u);
  return vec2u(negative.x, negative.y + select(0u, 1u, negative.x == 0u));
}
fn fromFixed(number: vec2u) -> f32 {
  // Of a negative number the magnitude: its high word alone would lose the digits that cancel.
  let negative = (number.y & 0x80000000u) != 0u;
  let low = select(number.x, ~number.x + 1u, negative);
  let high = select(number.y, ~number.y + select(0u, 1u, low == 0u), negative);
  let magnitude = f32(high) * 4.0 + f32(low) * ${QUANTUM};
  return select(magnitude, -magnitude, negative);
}
/** A fixed-point sum of the control buffer. */
fn fixedSum(sum: u32) -> f32 { return fromFixed(vec2u(word(C_SUMS + 2u * sum), word(C_SUMS + 2u * sum + 1u))); }
/** Adds to two words of the control buffer; for kernels of one thread. */
fn addWords(index: u32, number: vec2u) {
  let old = word(index);
  let low = old + number.x;
  let high = word(index + 1u) + number.y + select(0u, 1u, low < old);
  atomicStore(&control[at(index)], low);
  atomicStore(&control[at(index + 1u)], high);
}
`;

/**
 * Sums of f32 over all threads in 64-bit fixed point: `addFixed` adds one thread's number to slot k of its workgroup,
 * `addToControl` after a barrier, by threads 0 .. count - 1, those of the workgroup to the control buffer.
 */
export const fixedPointCode = (slots: number): string => `${fixedNumberCode}
var<workgroup> lowWords: array<atomic<u32>, ${slots}>;
var<workgroup> highWords: array<atomic<u32>, ${slots}>;
fn addFixed(slot: u32, value: f32) {
  let number = toFixed(value);
  let old = atomicAdd(&lowWords[slot], number.x);
  let carry = select(0u, 1u, old + number.x < old);
  atomicAdd(&highWords[slot], number.y + carry);
}
fn addToControl(slot: u32, sum: u32) {
  let low = atomicLoad(&lowWords[slot]);
  let old = atomicAdd(&control[at(C_SUMS + 2u * sum)], low);
  let carry = select(0u, 1u, old + low < old);
  atomicAdd(&control[at(C_SUMS + 2u * sum + 1u)], atomicLoad(&highWords[slot]) + carry);
}
`;

/** A number in 64-bit fixed point, from its two words. */
const fromWords = (low: number, high: number, quantum: number): number => ((high | 0) * 4294967296 + low) * quantum;

/** Reads fixed-point sum `index` of a record of the control buffer. */
export const sumOf = (control: Uint32Array, index: number): number =>
  fromWords(control[CONTROL.sums + 2 * index]!, control[CONTROL.sums + 2 * index + 1]!, QUANTUM);

/** The deformation F [9], rows, from its words. */
export const deformationOf = (words: Uint32Array): Float64Array =>
  Float64Array.from(
    { length: 9 },
    (_, k) => (k % 4 === 0 ? 1 : 0) + fromWords(words[2 * k]!, words[2 * k + 1]!, DEFORMATION_QUANTUM),
  );

/** The number in fixed point at two words of a buffer of sums. */
export const fixedAt = (words: Uint32Array, index: number): number =>
  fromWords(words[index]!, words[index + 1]!, QUANTUM);
