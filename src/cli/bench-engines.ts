import { runDynamics } from "../dynamics/run-dynamics.js";
import { InputError } from "../errors.js";
import { createPotential } from "../potentials/create-potential.js";
import { type CompareOptions, dynamicsOf, type Spread, spread } from "./bench-compare.js";
import { timeOwn, warmUp } from "./bench-ours.js";
import type { BenchSystem } from "./bench-systems.js";

/** Variants of the engine wasm that are timed against it. */
const VARIANTS = ["wasm-relaxed", "wasm-mixed"] as const;
export type EngineVariant = (typeof VARIANTS)[number];

/** One variant on one system. */
export interface VariantFigures {
  readonly name: string;
  readonly engine: EngineVariant;
  readonly atoms: number;
  /** us per atom and step. */
  readonly wasm: Spread;
  readonly variant: Spread;
  /** Time of wasm, the mean of the runs before and after, over that of the variant. */
  readonly ratio: Spread;
  /** From wasm, after 20 steps: root mean square over that of the forces, and the largest component, eV/A. */
  readonly forceError: { readonly relative: number; readonly largest: number };
}

const SETTLING_STEPS = 20;

export function toVariant(name: string): EngineVariant {
  const variant = VARIANTS.find((one) => one === name);
  if (variant) return variant;
  throw new InputError({ what: "--engine", value: name, expected: `webgpu, ${VARIANTS.join(", ")}, or none` });
}

/** Runs wasm and a variant in turn, whole steps, and compares their forces. */
export async function compareEngine(
  system: BenchSystem,
  engine: EngineVariant,
  { rounds, threads, io: { signal, onProgress } }: Omit<CompareOptions, "peers">,
): Promise<VariantFigures> {
  const spec = dynamicsOf(system);
  const other = { ...spec, engine };
  const atoms = spec.structure.numbers.length;
  const perAtomStep = 1e6 / (atoms * spec.steps);
  await warmUp(other, threads, signal);
  await warmUp(spec, threads, signal);
  const wasm = [(await timeOwn(spec, threads, signal)).seconds];
  const variant: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    onProgress({ task: `bench ${system.name}`, done: round, total: rounds, note: engine });
    variant.push((await timeOwn(other, threads, signal)).seconds);
    wasm.push((await timeOwn(spec, threads, signal)).seconds);
    ratios.push((wasm.at(-1)! + wasm.at(-2)!) / (2 * variant.at(-1)!));
  }
  const { state } = await runDynamics({ ...spec, steps: SETTLING_STEPS }, { signal });
  const forcesOf = async (name: EngineVariant | "wasm"): Promise<Float64Array> => {
    const session = await createPotential(spec.potential.spec).open(state.structure, {}, name);
    const { forces } = await session.evaluate();
    session.dispose();
    return forces;
  };
  const exact = await forcesOf("wasm");
  const difference = (await forcesOf(engine)).map((force, k) => force - exact[k]!);
  return {
    ...{ name: system.name, engine, atoms },
    wasm: spread(wasm.map((seconds) => seconds * perAtomStep)),
    variant: spread(variant.map((seconds) => seconds * perAtomStep)),
    ratio: spread(ratios),
    forceError: {
      relative: norm(difference) / norm(exact),
      largest: difference.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    },
  };
}

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** A line for people. */
export function describeVariant({ name, engine, atoms, wasm, variant, ratio, forceError }: VariantFigures): string {
  const { median, least, most } = ratio;
  return `${name}, ${atoms} atoms: wasm ${wasm.median.toPrecision(3)}, ${engine} ${variant.median.toPrecision(3)} us/atom/step; wasm over ${engine} ${median.toFixed(2)} (${least.toFixed(2)} .. ${most.toFixed(2)}); forces differ by ${forceError.relative.toExponential(1)} rms of the forces, ${forceError.largest.toExponential(1)} eV/A at most`;
}
