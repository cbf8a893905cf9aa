import { simulate } from "../dynamics/simulate.js";
import { probeWebGpu } from "../engine/webgpu/probe.js";
import { InputError } from "../errors.js";
import { createPotential } from "../potentials/create-potential.js";
import type { Evaluation } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { randomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { type WebGpuBenchSystem, webGpuBenchSystems } from "./bench-webgpu-systems.js";

export interface WebGpuBenchOptions extends LongWork {
  /** Names of systems; all of them by default. */
  readonly names?: readonly string[];
  /** Numbers of atoms, about; those of each system by default. */
  readonly atoms?: readonly number[];
  /** s that each size is measured for; 3 by default. */
  readonly time?: number;
}

/** One size of one system. */
export interface WebGpuSpeed {
  readonly atoms: number;
  /** Whole MD steps, thermodynamics every 20 of them, after a warm-up. */
  readonly steps: number;
  readonly atomStepsPerSecond: number;
}

export interface WebGpuSystemReport {
  readonly name: string;
  readonly title: string;
  /** Root mean square of the difference to `reference` over that of the forces, and the atoms they were compared on. */
  readonly forceError: number;
  readonly comparedAtoms: number;
  readonly sizes: readonly WebGpuSpeed[];
}

export interface WebGpuBenchReport {
  readonly engine: "webgpu";
  readonly adapter: string;
  readonly software: boolean;
  /** Why the times are none of a GPU, where that is so. */
  readonly note?: string;
  readonly systems: readonly WebGpuSystemReport[];
}

const SOFTWARE = "software adapter: not a GPU figure";
/** Steps between two rows, and share of the time that is warm-up. */
const SAMPLE_EVERY = 20;
const WARM_UP = 0.2;

/** Measures whole MD steps on the GPU of this machine, and the error of its forces. Needs no file and no other program. */
export async function benchWebGpu(options: WebGpuBenchOptions = {}): Promise<WebGpuBenchReport> {
  const { adapter, software, reason } = await probeWebGpu();
  if (adapter === undefined)
    throw new InputError({ what: "bench --engine webgpu", value: reason ?? "no adapter", attempt: "phasecell doctor" });
  const chosen = choose(options.names ?? []);
  const systems: WebGpuSystemReport[] = [];
  for (const [index, system] of chosen.entries()) {
    options.onProgress?.({ task: `bench ${system.name}`, done: index, total: chosen.length, note: adapter });
    systems.push(await measure(system, software, options));
  }
  return { engine: "webgpu", adapter, software, ...(software ? { note: SOFTWARE } : {}), systems };
}

/** A table for people. */
export function describeWebGpu({ adapter, note, systems }: WebGpuBenchReport): string {
  const lines = systems.flatMap(({ name, title, forceError, sizes }) => [
    `${name}: ${title}; force error ${forceError.toExponential(1)}`,
    ...sizes.map(
      ({ atoms, atomStepsPerSecond }) =>
        `  ${String(atoms).padStart(9)} atoms  ${atomStepsPerSecond.toExponential(2)} atom-steps/s${note ? ` (${note})` : ""}`,
    ),
  ]);
  return [`adapter: ${adapter}`, ...lines].join("\n");
}

function choose(names: readonly string[]): readonly WebGpuBenchSystem[] {
  if (names.length === 0) return webGpuBenchSystems;
  return names.map((name) => {
    const system = webGpuBenchSystems.find((one) => one.name === name);
    if (system) return system;
    const expected = `one of ${webGpuBenchSystems.map((one) => one.name).join(", ")}`;
    throw new InputError({ what: "system of the GPU bench", value: name, expected });
  });
}

async function measure(
  system: WebGpuBenchSystem,
  software: boolean,
  { atoms, time = 3, signal }: WebGpuBenchOptions,
): Promise<WebGpuSystemReport> {
  const compared = repeated(system.cell, system.compared);
  const forceError = await errorOf(system, rattled(compared, 0.02 * system.cell.cell[0]!));
  const wanted = atoms ?? (software ? [system.tiny] : system.sizes);
  const sizes: WebGpuSpeed[] = [];
  for (const count of wanted) {
    signal?.throwIfAborted();
    sizes.push(await speedOf(system, repeated(system.cell, count), 1000 * time, signal));
  }
  const { name, title } = system;
  return { name, title, forceError, comparedAtoms: compared.numbers.length, sizes };
}

async function errorOf({ law }: WebGpuBenchSystem, structure: Structure): Promise<number> {
  const potential = createPotential(law);
  const evaluate = async (engine: "webgpu" | "reference"): Promise<Evaluation> => {
    const session = await potential.open(structure, {}, engine);
    try {
      return await session.evaluate();
    } finally {
      session.dispose();
    }
  };
  const [gpu, reference] = [await evaluate("webgpu"), await evaluate("reference")];
  const square = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(square(gpu.forces.map((f, k) => f - reference.forces[k]!)) / square(reference.forces));
}

/** Runs until the time is over, and counts the steps between the warm-up and the last row. */
async function speedOf(
  { law, temperature, timestep, skin }: WebGpuBenchSystem,
  structure: Structure,
  time: number,
  signal: AbortSignal | undefined,
): Promise<WebGpuSpeed> {
  const atoms = structure.numbers.length;
  const abort = new AbortController();
  const run = simulate(
    {
      ...{ structure, potential: createPotential(law), ensemble: { kind: "nve" }, engine: "webgpu" },
      ...{ initialTemperature: temperature, timestep, skin, steps: 2 ** 30, seed: 1, sampleEvery: SAMPLE_EVERY },
    },
    { signal: signal ? AbortSignal.any([abort.signal, signal]) : abort.signal },
  );
  const start = performance.now();
  let first: readonly [step: number, time: number] | undefined;
  let last: readonly [step: number, time: number] | undefined;
  try {
    for await (const { thermodynamics } of run) {
      const now = performance.now();
      if (thermodynamics.step === 0) continue;
      if (!first && now - start > WARM_UP * time) first = [thermodynamics.step, now];
      else if (first) last = [thermodynamics.step, now];
      if (last && now - first![1] > (1 - WARM_UP) * time) abort.abort();
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  const steps = last![0] - first![0];
  return { atoms, steps, atomStepsPerSecond: (atoms * steps * 1000) / (last![1] - first![1]) };
}

function repeated(cell: Structure, atoms: number): Structure {
  const repeats = Math.max(1, Math.round((atoms / cell.numbers.length) ** (1 / 3)));
  return supercell(cell, [repeats, repeats, repeats]);
}

function rattled(structure: Structure, amplitude: number): Structure {
  const stream = randomStream(1, "rattle");
  return { ...structure, positions: structure.positions.map((x) => x + amplitude * (2 * stream.uniform() - 1)) };
}
