import type { WasmEngineName } from "../engine/kernel-variants.js";
import { toPartitions } from "../engine/partitions.js";
import { InputError } from "../errors.js";
import type { Potential } from "../potentials/potential.js";
import { stepCost } from "../potentials/wasm-system.js";
import type { Structure } from "../structure/structure.js";
import { type Ensemble, type EnsembleSpec, toEnsemble } from "./ensemble.js";

/** H = a U_potential + b U_reference, with factors that change along the run. */
export interface SwitchingSpec {
  /** Factor of the potential at the first and the last step. [1, 1] by default. */
  readonly potential?: readonly [number, number];
  /** Factor of the reference system. [0, 0] by default. */
  readonly reference?: readonly [number, number];
  /**
   * How factors go: "linear"; "smooth", flat at both ends (M. de Koning, A. Antonelli, Phys. Rev. E 53, 465 (1996));
   * "reciprocal", linear in 1/factor. "linear" by default.
   */
  readonly schedule?: "linear" | "smooth" | "reciprocal";
  /** Scales the target pressure by the factor of the potential, for reversible scaling at constant pressure. */
  readonly scalePressure?: boolean;
}

/** Means over the run, taken inside the engine. */
export interface AverageSpec {
  /** Steps from the start of this run that are left out. 0 by default. */
  readonly after?: number;
  /** Steps between two looks at the displacements of atoms. 10 by default. */
  readonly every?: number;
}

/** The terms that move atoms; with the spec that they come from, a checkpoint tells other parameters apart. */
export type Hamiltonian = Pick<Potential, "terms"> & Partial<Pick<Potential, "spec">>;

/** A run of molecular dynamics. */
export interface DynamicsSpec {
  readonly structure: Structure;
  readonly potential: Hamiltonian;
  /** The second Hamiltonian of a switching run. */
  readonly reference?: Hamiltonian;
  readonly ensemble: EnsembleSpec;
  /** Where it runs; "wasm" by default. "wasm-mixed" is for SNAP. "webgpu" is f32 on a GPU; not every law has a twin there. */
  readonly engine?: WasmEngineName | "webgpu";
  /** [3N] A/fs; else they are drawn at `initialTemperature`. */
  readonly velocities?: Float64Array;
  /** K, of drawn velocities; the temperature of the ensemble by default. */
  readonly initialTemperature?: number;
  /** fs. 1 by default. */
  readonly timestep?: number;
  readonly steps: number;
  /** Whole number below 2^53. */
  readonly seed: number;
  /** Number of the first step: a run that goes on from another one draws other random numbers. 0 by default. */
  readonly firstStep?: number;
  /** Steps between two rows of thermodynamics. 10 by default. */
  readonly sampleEvery?: number;
  /** Steps between two frames with positions; 0, the default, for none. */
  readonly frameEvery?: number;
  readonly averages?: AverageSpec;
  readonly switching?: SwitchingSpec;
  /** A, added to the cutoff of the neighbor list. 1 by default, 0.5 for SNAP and in engine webgpu. */
  readonly skin?: number;
  /**
   * Ranges of atoms that threads may run at once, whoever runs them: the order of sums, and so the bits of a run, depend
   * on their number. By default four, fewer below 512 atoms, one where a step takes less than 0.5 ms.
   */
  readonly partitions?: number;
  /** eV/A, a force beyond which the run has blown up. 1e4 by default. */
  readonly forceLimit?: number;
  /** A, a move in one step beyond which the run has blown up. 0.5 by default. */
  readonly moveLimit?: number;
}

/** A run with every value filled in. */
export interface DynamicsPlan {
  readonly ensemble: Ensemble;
  readonly timestep: number;
  readonly steps: number;
  readonly seed: number;
  readonly firstStep: number;
  readonly sampleEvery: number;
  readonly frameEvery: number;
  readonly averages: { readonly after: number; readonly every: number } | undefined;
  readonly switching: Required<SwitchingSpec>;
  readonly skin: number;
  readonly partitions: number;
  readonly forceLimit: number;
  readonly moveLimit: number;
  /** Kinetic degrees of freedom. */
  readonly degrees: number;
  /** Along all three directions; else there is no volume and no pressure. */
  readonly periodic: boolean;
}

const whole = (what: string, value: number, least: number): number => {
  if (!Number.isInteger(value) || value < least || value >= 2 ** 31)
    throw new InputError({ what, value, expected: `a whole number of at least ${least}` });
  return value;
};

const positive = (what: string, value: number): number => {
  if (!(value > 0)) throw new InputError({ what, value, expected: "a positive number" });
  return value;
};

/** Fills defaults and checks a run. */
export function planDynamics(spec: DynamicsSpec): DynamicsPlan {
  const ensemble = toEnsemble(spec.ensemble);
  const { structure, seed } = spec;
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InputError({ what: "seed", value: seed, expected: "a whole number from 0 to 2^53 - 1" });
  if (ensemble.kind === "npt" && !structure.pbc.every(Boolean))
    throw new InputError({ what: "pbc", value: structure.pbc, expected: "three periodic directions for npt" });
  const averages = spec.averages && {
    after: whole("averages.after", spec.averages.after ?? 0, 0),
    every: whole("averages.every", spec.averages.every ?? 10, 1),
  };
  const degrees = 3 * structure.numbers.length - (ensemble.center === "fixed" ? 3 : 0);
  if (degrees < 1) throw new InputError({ what: "structure", value: "1 atom", expected: "two atoms or a free center" });
  return {
    ensemble,
    degrees,
    periodic: structure.pbc.every(Boolean),
    timestep: positive("timestep", spec.timestep ?? 1),
    steps: whole("steps", spec.steps, 0),
    seed,
    firstStep: whole("firstStep", spec.firstStep ?? 0, 0),
    sampleEvery: whole("sampleEvery", spec.sampleEvery ?? 10, 1),
    frameEvery: whole("frameEvery", spec.frameEvery ?? 0, 0),
    averages,
    switching: toSwitching(spec),
    skin: positive("skin", spec.skin ?? defaultSkin(spec)),
    partitions: toPartitions(spec.partitions ?? (isShort(spec) ? 1 : undefined), structure.numbers.length),
    forceLimit: positive("forceLimit", spec.forceLimit ?? 1e4),
    moveLimit: positive("moveLimit", spec.moveLimit ?? 0.5),
  };
}

/** us, the costs of all terms. */
const costOf = ({ potential, reference }: DynamicsSpec, count: number): number =>
  stepCost([...potential.terms, ...(reference?.terms ?? [])], count);

/** us: folding the forces of several partitions takes 8% of shorter steps, which threads would hardly speed up. */
const SHORT_STEP = 500;
const isShort = (spec: DynamicsSpec): boolean => costOf(spec, spec.structure.numbers.length) < SHORT_STEP;

/** us/atom/step from which a neighbor in the skin costs more than building lists less often saves. */
const COSTLY = 5;

/** A: measured, 1 takes 3 to 14% off whole steps of pair laws, Stillinger-Weber and EAM at 1000 K and 2% more in SNAP. */
const defaultSkin = (spec: DynamicsSpec): number => (spec.engine === "webgpu" || costOf(spec, 1) >= COSTLY ? 0.5 : 1);

function toSwitching({ switching = {}, reference }: DynamicsSpec): Required<SwitchingSpec> {
  const plan = {
    potential: switching.potential ?? ([1, 1] as const),
    reference: switching.reference ?? ([0, 0] as const),
    schedule: switching.schedule ?? ("linear" as const),
    scalePressure: switching.scalePressure ?? false,
  };
  if (plan.reference.some((factor) => factor !== 0) && !reference)
    throw new InputError({ what: "switching.reference", value: plan.reference, expected: "a reference system" });
  if (plan.schedule === "reciprocal" && [...plan.potential, ...(reference ? plan.reference : [1])].some((f) => f <= 0))
    throw new InputError({ what: "switching", value: plan.potential, expected: "positive factors for reciprocal" });
  return plan;
}
