// A process for the GPU: software adapters end it now and then. Reads one JSON request per line, answers with one line.
// Runs built JavaScript; `node webgpu-server.mjs --probe` prints the adapter.
import { createInterface } from "node:readline";
import {
  createPotential,
  gibbsEnergy,
  gpuLegs,
  openReplicaBatch,
  probeWebGpu,
  runDynamics,
  simulate,
} from "../../dist/index.js";

const arrays = (record) => {
  if (Array.isArray(record)) return record.map((item) => (item && typeof item === "object" ? arrays(item) : item));
  const result = { ...record };
  for (const [key, value] of Object.entries(result)) {
    if (value && typeof value === "object" && typeof value.$array === "string")
      result[key] = new globalThis[value.$array](value.values);
    else if (value && typeof value === "object") result[key] = arrays(value);
  }
  return result;
};
const plain = (_, value) =>
  ArrayBuffer.isView(value) ? { $array: value.constructor.name, values: Array.from(value) } : value;

const methods = {
  /** Evaluations of one session: as opened, then after each move. */
  async evaluate({ spec, structure, outputs, moves }) {
    const session = await createPotential(spec).open(structure, outputs, "webgpu");
    try {
      const results = [];
      for (const move of moves) results.push(await session.evaluate(move));
      return results;
    } finally {
      session.dispose();
    }
  },
  /** A run, aborted at a row of step `abortAt`; its rows, frames, checkpoints and end. */
  async run({ spec, potential, reference, options = {}, abortAt }) {
    const abort = new AbortController();
    const [rows, frames, checkpoints] = [[], [], []];
    const second = reference ? { reference: createPotential(reference) } : {};
    const run = simulate(
      { ...spec, potential: createPotential(potential), ...second, engine: "webgpu" },
      { ...options, signal: abort.signal, onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint) },
    );
    let aborted;
    try {
      for (;;) {
        const next = await run.next();
        if (next.done) return { rows, frames, checkpoints, ...next.value };
        rows.push(next.value.thermodynamics);
        if (next.value.state) frames.push(next.value.state);
        if (next.value.thermodynamics.step >= abortAt) {
          aborted ??= performance.now();
          abort.abort();
        }
      }
    } catch (error) {
      if (aborted === undefined) throw error;
      return { rows, frames, checkpoints, error: error.name, took: performance.now() - aborted };
    }
  },
  /** Runs that go on at once; what became of each, and how many there were in each launch. */
  async batch({ runs }) {
    const batch = openReplicaBatch();
    const ends = await Promise.allSettled(
      runs.map(({ spec, potential, reference }) => {
        const second = reference ? { reference: createPotential(reference) } : {};
        const run = { ...spec, potential: createPotential(potential), ...second, engine: "webgpu" };
        return batch.join(() => runDynamics(run, { batch }));
      }),
    );
    return {
      launches: batch.launches,
      ends: ends.map(({ value, reason }) => value ?? { error: reason.message }),
    };
  },
  /** G of a crystal, with its legs on the GPU. */
  async gibbs({ spec, phase, settings }) {
    const legs = gpuLegs();
    const result = await gibbsEnergy(spec, phase, settings, { legs });
    return { result, launches: legs.batch.launches };
  },
  /** Legs that go on at once. */
  async legs({ name, inputs }) {
    const legs = gpuLegs();
    const results = await Promise.all(inputs.map((input) => legs.run(name, input, {})));
    return { results, launches: legs.batch.launches };
  },
  /** Opens, evaluates and disposes sessions; resident bytes before and after. */
  async cycle({ spec, structure, cycles }) {
    const potential = createPotential(spec);
    const once = async () => {
      const session = await potential.open(structure, {}, "webgpu");
      const { energy } = await session.evaluate();
      session.dispose();
      return energy;
    };
    const first = await once();
    for (let k = 0; k < 200; k++) await once();
    const before = process.memoryUsage().rss;
    let last = 0;
    for (let k = 0; k < cycles; k++) last = await once();
    return { first, last, grown: process.memoryUsage().rss - before };
  },
  /** Loses the device in mid-run. */
  async lose({ spec, potential, options = {}, loseAt }) {
    const { initWebGpu } = await import("../../dist/engine/webgpu/device.js");
    const checkpoints = [];
    const run = simulate(
      { ...spec, potential: createPotential(potential), engine: "webgpu" },
      { ...options, onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint) },
    );
    try {
      for (;;) {
        const next = await run.next();
        if (next.done) return { checkpoints };
        if (next.value.thermodynamics.step === loseAt) (await initWebGpu()).device.destroy();
      }
    } catch (error) {
      return { checkpoints, error: error.name, message: error.message };
    }
  },
};

if (process.argv[2] === "--probe") {
  console.log(JSON.stringify(await probeWebGpu()));
  process.exit(0);
}
for await (const line of createInterface({ input: process.stdin })) {
  const { method, request } = JSON.parse(line);
  let answer;
  try {
    answer = { result: await methods[method](arrays(request)) };
  } catch (error) {
    answer = { error: { name: error.name, message: error.message } };
  }
  process.stdout.write(`${JSON.stringify(answer, plain)}\n`);
}
process.exit(0);
