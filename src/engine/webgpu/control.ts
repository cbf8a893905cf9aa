import type { Binding } from "./kernel-source.js";

/**
 * Words of the buffer `control`, u32 each: what the kernels tell one another and the host. Every kernel looks here before
 * it does anything, so that a whole submission of steps stands still once something needs the host.
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
  /** 1 where forces are wanted without a step: the first of a run. */
  start: 10,
  largestForce: 11,
  largestSpeed: 12,
  /** Factor of the velocities, as bits of a f32, from the thermostat. */
  rescale: 13,
  /** Fixed-point sums from here on, two words each: see `SUM`. */
  sums: 16,
} as const;

/** Fixed-point sums, in order. */
export const SUM = { energy: 0, virial: 1, kinetic: 7, momentum: 13, heat: 16, kineticTotal: 17, count: 18 } as const;

export const CONTROL_WORDS = CONTROL.sums + 2 * SUM.count;

/** READY: forces are up to date. MOVED: atoms have moved, forces are missing. IDLE: the goal is reached. */
export const PHASE = { ready: 0, moved: 1, idle: 2 } as const;

export const HALT = { listFull: 1, outgrown: 2, blownUp: 4, shortListFull: 8, broken: 16 } as const;

export const NO_ATOM = 0xffffffff;

/** Sums are whole multiples of 2^-30 (eV and the like), so that their order does not matter. */
const QUANTUM = 2 ** -30;

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
${constants("HALT", HALT)}
fn word(index: u32) -> u32 { return atomicLoad(&control[index]); }
fn running() -> bool { return word(C_HALT) == 0u && word(C_PHASE) != PHASE_IDLE; }
fn listExpired() -> bool { return running() && word(C_EXPIRED) != 0u; }
/** Forces are missing and the list is valid. */
fn forcesDue() -> bool { return running() && word(C_EXPIRED) == 0u; }
`;

/**
 * Sums of f32 over all threads in 64-bit fixed point: `addFixed` adds one thread's number to slot k of its workgroup,
 * `addToControl` after a barrier, by threads 0 .. count - 1, those of the workgroup to the control buffer.
 */
export const fixedPointCode = (slots: number): string => `
var<workgroup> lowWords: array<atomic<u32>, ${slots}>;
var<workgroup> highWords: array<atomic<u32>, ${slots}>;
fn toFixed(value: f32) -> vec2u {
  let scaled = abs(value) * ${1 / QUANTUM};
  let high = floor(scaled * 2.3283064365386963e-10);
  let low = u32(scaled - high * 4294967296.0);
  let magnitude = vec2u(low, u32(high));
  if (value >= 0) { return magnitude; }
  let negative = ~magnitude + vec2u(1u, 0u);
  return vec2u(negative.x, negative.y + select(0u, 1u, negative.x == 0u));
}
fn addFixed(slot: u32, value: f32) {
  let number = toFixed(value);
  let old = atomicAdd(&lowWords[slot], number.x);
  let carry = select(0u, 1u, old + number.x < old);
  atomicAdd(&highWords[slot], number.y + carry);
}
fn addToControl(slot: u32, sum: u32) {
  let low = atomicLoad(&lowWords[slot]);
  let old = atomicAdd(&control[C_SUMS + 2u * sum], low);
  let carry = select(0u, 1u, old + low < old);
  atomicAdd(&control[C_SUMS + 2u * sum + 1u], atomicLoad(&highWords[slot]) + carry);
}
`;

/** Reads fixed-point sum `index` of a copy of the control buffer. */
export function sumOf(control: Uint32Array, index: number): number {
  const low = control[CONTROL.sums + 2 * index]!;
  const high = control[CONTROL.sums + 2 * index + 1]! | 0;
  return (high * 4294967296 + low) * QUANTUM;
}

/** Two words of a number in fixed point. */
export function fixedWords(value: number): [low: number, high: number] {
  const whole = BigInt(Math.round(value / QUANTUM));
  return [Number(whole & 0xffffffffn), Number((whole >> 32n) & 0xffffffffn)];
}
