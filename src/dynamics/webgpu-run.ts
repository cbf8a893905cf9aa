import { exponential } from "../math/elementary.js";
import type { PeriodicFrame } from "../neighbors/periodic-frame.js";
import { unitVectors, type WebGpuBox } from "../neighbors/webgpu-frame.js";
import { LEAST_HEIGHT } from "../neighbors/webgpu-neighborhood.js";
import { BOLTZMANN, GPA_PER_EV_A3, TIME_UNIT_FS } from "../units.js";
import { FREEDOMS, SCHEDULES } from "./dynamics-layout.js";
import type { DynamicsPlan } from "./dynamics-spec.js";

/** Bytes of a record `Run`. */
export const RUN_BYTES = 224;
const NEVER = 0xffffffff;

/** Whether the factors of the Hamiltonians or the cell need something before each step. */
export const isPrepared = ({ ensemble, switching }: DynamicsPlan): boolean =>
  ensemble.cell !== "fixed" || [switching.potential, switching.reference].some(([first, last]) => first !== last);

/** A record of `Run` in motion.wgsl.ts. */
export function runWords(plan: DynamicsPlan, masses: Float64Array, box: WebGpuBox, frame: PeriodicFrame): Uint32Array {
  const { ensemble, switching, seed, firstStep, averages } = plan;
  const words = new Uint32Array(RUN_BYTES / 4);
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
  words[14] = averages ? firstStep + averages.after : NEVER;
  words[15] = averages?.every ?? 1;
  numbers.set([...switching.potential, ...switching.reference], 16);
  numbers.set(
    [
      ensemble.pressure[0] / GPA_PER_EV_A3,
      ensemble.pressure[1] / GPA_PER_EV_A3,
      (ensemble.compressibility * GPA_PER_EV_A3) / (ensemble.barostatTime / TIME_UNIT_FS),
      frame.volume,
    ],
    20,
  );
  words.set([FREEDOMS.indexOf(ensemble.cell), SCHEDULES.indexOf(switching.schedule)], 24);
  words[26] = switching.scalePressure ? 1 : 0;
  words[27] = isPrepared(plan) ? 1 : 0;
  numbers.set(unitVectors(box), 28);
  numbers.set(
    frame.heights.map((height) => LEAST_HEIGHT * height),
    52,
  );
  return words;
}
