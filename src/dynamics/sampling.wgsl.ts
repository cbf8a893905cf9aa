import { SUM } from "../engine/webgpu/control.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { dynamicsCode, runBindings } from "./motion.wgsl.js";

/** Rows that the device keeps before they are overwritten, and u32 words in one: step, bits of two f32, then the sums. */
export const RING_ROWS = 256;
export const ROW_WORDS = 4 + 2 * SUM.count;

/** One thread: ends a step, writes its row where it is observed, and decides what comes next. */
export const endStep: KernelSource = {
  name: "end step",
  threads: 1,
  bindings: [...runBindings, { name: "ring", type: "array<u32>", access: "read_write" }],
  code: `${dynamicsCode}
@compute @workgroup_size(1)
fn main() {
  if (!running()) { return; }
  if (word(C_EXPIRED) != 0u) {
    // Atoms have moved; the step goes on when there is a list.
    atomicStore(&control[C_PHASE], PHASE_MOVED);
    return;
  }
  if (word(C_FAILED_ATOM) != ${0xffffffff}u) {
    atomicOr(&control[C_HALT], HALT_BLOWN_UP);
    return;
  }
  let step = word(C_STEP) + select(1u, 0u, word(C_START) != 0u);
  atomicStore(&control[C_STEP], step);
  atomicStore(&control[C_START], 0u);
  if (word(C_OBSERVE) != 0u) {
    let row = (word(C_ROWS) % ${RING_ROWS}u) * ${ROW_WORDS}u;
    ring[row] = step;
    ring[row + 1u] = word(C_LARGEST_FORCE);
    ring[row + 2u] = word(C_RESCALE);
    for (var k = 0u; k < ${2 * SUM.count}u; k++) { ring[row + 4u + k] = word(C_SUMS + k); }
    atomicAdd(&control[C_ROWS], 1u);
  }
  atomicStore(&control[C_LARGEST_FORCE], 0u);
  for (var k = 0u; k < S_COUNT; k++) {
    if (k == S_HEAT) { continue; }
    atomicStore(&control[C_SUMS + 2u * k], 0u);
    atomicStore(&control[C_SUMS + 2u * k + 1u], 0u);
  }
  let next = step + 1u;
  let observed = (next - run.firstStep) % run.sampleEvery == 0u || next == run.lastStep;
  atomicStore(&control[C_OBSERVE], select(0u, 1u, observed));
  atomicStore(&control[C_PHASE], select(PHASE_READY, PHASE_IDLE, step >= word(C_GOAL)));
}
`,
};
