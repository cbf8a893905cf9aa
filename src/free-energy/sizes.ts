import { InputError } from "../errors.js";
import type { Estimate } from "../math/statistics.js";
import { BOLTZMANN } from "../units.js";
import { extrapolateToInfinite, type SizePoint } from "./finite-size.js";
import type { FilledGibbsSettings, GibbsEnergy } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import type { Phase } from "./phase.js";
import { gibbsWeight } from "./run-lengths.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { shortest } from "./shorter-steps.js";
import { pooledErrors } from "./switching.js";

/** G of a phase in cells of several sizes, and what follows for infinite size. */
export interface SizeSeries {
  /** The phase's own size first. */
  readonly points: readonly SizePoint[];
  /** eV: G(N) = g + slope / N per atom, with what is known of the finite size taken out. */
  readonly slope: Estimate;
  /** Sum of squared deviations over their errors; where it is above `freedom`, the error of g is widened by the root of their ratio. */
  readonly chiSquared: number;
  /** Sizes less two. */
  readonly freedom: number;
}

/** Atoms in the runs of a phase. */
export const atomsOf = ({ structure, repeats: [a, b, c] }: Pick<Phase, "structure" | "repeats">): number =>
  structure.numbers.length * a * b * c;

/** The phase in cells of the shape of its own, with about so many atoms: other shapes have other slopes. */
export function withAtoms<Kind extends Phase>(phase: Kind, atoms: number): Kind {
  const factor = Math.cbrt(atoms / atomsOf(phase));
  const [a, b, c] = phase.repeats.map((times) => Math.max(1, Math.round(times * factor))) as [number, number, number];
  return { ...phase, repeats: [a, b, c] };
}

/** The sizes that settings ask for, the phase's own first. */
export function sizesOf<Kind extends Phase>(phase: Kind, sizes: readonly number[] = []): Kind[] {
  const found = [phase];
  for (const atoms of sizes) {
    if (!(Number.isInteger(atoms) && atoms > 0))
      throw new InputError({ what: "sizes", value: atoms, expected: "whole numbers of atoms" });
    const sized = withAtoms(phase, atoms);
    if (found.every((one) => atomsOf(one) !== atomsOf(sized))) found.push(sized);
  }
  if (sizes.length > 0 && found.length === 1)
    throw new InputError({
      what: "sizes",
      value: sizes,
      expected: `numbers of atoms that differ enough from the ${atomsOf(phase)} of ${phase.name} to give another cell`,
    });
  return found;
}

/**
 * G by `measure` in cells of all `settings.sizes`, in the limit of infinite size: G(N) = g + a / N. What else is told is of the
 * phase's own size, but for the part `finiteSize`, in which all that is not of the runs is put together. The scatter of works is
 * pooled over sizes, as sqrt(N): the two or three replicas of a size that agree by luck would decide on the slope.
 */
export async function overSizes<Kind extends Phase, Found extends GibbsEnergy>(
  phase: Kind,
  { sizes, ...settings }: FilledGibbsSettings,
  work: LegWork,
  measure: (phase: Kind, settings: FilledGibbsSettings, work: LegWork) => Promise<Found>,
): Promise<Found> {
  const phases = sizesOf(phase, sizes);
  if (phases.length === 1) return measure(phase, settings, work);
  const weights = phases.map((one) => gibbsWeight(settings) * atomsOf(one));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const progress = shareProgress(`free energy of ${phase.name}`, total, work.onProgress);
  const found = await abortTogether(work.signal, (signal) =>
    Promise.all(
      phases.map((one, n) => {
        const atoms = atomsOf(one);
        const { onProgress } = progress.leg(weights[n]!, `${atoms} atoms, ${settings.temperature} K`);
        const seed = n === 0 ? settings.seed : seedOf(settings.seed, 2, atoms);
        return measure(one, { ...settings, seed }, { onProgress, legs: work.legs, signal: AbortSignal.any([signal]) });
      }),
    ),
  );
  const own = found[0]!;
  const kT = BOLTZMANN * settings.temperature;
  const errors = pooledErrors(found.map(({ atoms, works }) => ({ scale: Math.sqrt(atoms), kT, works })));
  const points = found.map(({ atoms, gibbs: { value } }, n): SizePoint => {
    return { atoms, gibbs: { value, error: errors[n]! / atoms } };
  });
  const { gibbs, ...series } = extrapolateToInfinite(points);
  const widening = Math.max(1, Math.sqrt(series.chiSquared / Math.max(1, series.freedom)));
  return {
    ...own,
    gibbs: { value: gibbs.value, error: gibbs.error * widening },
    parts: { ...own.parts, finiteSize: own.parts.finiteSize! + gibbs.value - own.gibbs.value },
    sizes: { points, ...series },
    ...shortest(found),
  };
}
