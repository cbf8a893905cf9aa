import { runTask } from "#host";
import { minimize } from "../dynamics/minimize.js";
import { massesOf } from "../dynamics/velocities.js";
import { ComputationError, InputError } from "../errors.js";
import { type Estimate, mean } from "../math/statistics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { latticeTranslations } from "../properties/lattice-sites.js";
import { cellVolume, toCartesian, toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { type CrystalPhase, runCell } from "./crystal-phase.js";
import { einsteinFreeEnergy, leadingFiniteSize, springConstantsOf } from "./einstein-crystal.js";
import type { CellAverages, CellLeg } from "./equilibrate-cell.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { analyzeSwitching } from "./switching.js";
import type { SwitchingLeg, SwitchingLegResult } from "./switching-leg.js";

/** How long and how often; times in fs. */
export interface RunLengths {
  /** 2 fs by default. */
  readonly timestep?: number;
  /** Before anything is measured. 500 by default. */
  readonly equilibration?: number;
  /** For averages of the cell and of displacements. 3000 by default. */
  readonly sampling?: number;
  /** From the solid to the Einstein crystal, and as long back. 3000 by default. */
  readonly switching?: number;
  /** Independent switching runs, each both ways. 3 by default. */
  readonly replicas?: number;
}

export interface GibbsSettings extends RunLengths {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  readonly seed: number;
}

/** Parts of a Gibbs energy, eV/atom: their sum is G. */
export interface GibbsParts {
  /** Helmholtz energy of the Einstein crystal, classical. */
  readonly einstein: number;
  /** For the fixed center of mass. */
  readonly centerOfMass: number;
  /** F(solid) - F(Einstein crystal), from switching. */
  readonly switching: number;
  readonly pressureVolume: number;
  /** -V (P_run - P)^2 / 2B, for the average cell not being exactly that of the pressure. */
  readonly residualPressure: number;
}

/** Absolute classical Gibbs energy of a crystal. */
export interface GibbsEnergy {
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** Atoms in the runs. */
  readonly atoms: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
  readonly parts: GibbsParts;
  /** eV/atom, irreversible work of a switching run. */
  readonly dissipation: Estimate;
  /** eV/atom, -kT ln N / 2N: leading difference from an infinite crystal, NOT part of `gibbs`. */
  readonly leadingFiniteSize: number;
  /** Averages of the isothermal-isobaric run. */
  readonly averages: CellAverages;
  /** eV/A^2, by atomic number. */
  readonly springConstants: Readonly<Record<number, number>>;
  /** eV for the whole cell, one per replica. */
  readonly works: readonly SwitchingLegResult[];
}

/** Names of the tasks in src/worker.ts. */
export const LegTask = { cell: "equilibrate-cell", switching: "switch-to-einstein" } as const;

/** Defaults filled and checked. */
export function toRunLengths(lengths: RunLengths): Required<RunLengths> {
  const filled = { timestep: 2, equilibration: 500, sampling: 3000, switching: 3000, replicas: 3 };
  for (const [name, value] of Object.entries(lengths))
    if (value !== undefined) Object.assign(filled, { [name]: value });
  for (const name of ["timestep", "equilibration", "sampling", "switching"] as const)
    if (!(filled[name] > 0)) throw new InputError({ what: name, value: filled[name], expected: "a time above 0 fs" });
  if (!Number.isInteger(filled.replicas) || filled.replicas < 2)
    throw new InputError({ what: "replicas", value: filled.replicas, expected: "a whole number of at least 2" });
  return filled;
}

/** Weight of the legs of one Gibbs energy, in fs of dynamics. */
export function gibbsWeight(lengths: RunLengths): number {
  const { equilibration, sampling, switching, replicas } = toRunLengths(lengths);
  return equilibration + sampling + replicas * (equilibration + 2 * switching);
}

/** Minimum of the enthalpy at a pressure [GPa] for the crystal's own cell, and the bulk modulus [GPa] there. */
export async function relaxAtPressure(
  spec: PotentialSpec,
  phase: CrystalPhase,
  pressure: number,
  work: LongWork = {},
): Promise<{ readonly structure: Structure; readonly bulkModulus: number }> {
  const potential = createPotential(spec);
  const settings = {
    cell: phase.cell,
    forceTolerance: 1e-5,
    stressTolerance: 1e-3,
    ...(work.signal ? { signal: work.signal } : {}),
  };
  const at = await minimize(potential, phase.structure, { ...settings, pressure });
  const above = await minimize(potential, at.structure, { ...settings, pressure: pressure + 0.5 });
  return { structure: at.structure, bulkModulus: (0.5 * at.volume) / (at.volume - above.volume) };
}

/**
 * G(T, P) of a crystal: the cell averaged at T and P, then F at that cell by switching to an Einstein crystal both ways
 * in independent replicas, then G = F + P V. F(V) + P V is stationary at the right V, so that an imperfect average cell counts
 * in second order only. Classical motion: quantum corrections are not made. Legs run in workers.
 */
export async function gibbsEnergy(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: GibbsSettings,
  work: LongWork = {},
): Promise<GibbsEnergy> {
  const lengths = toRunLengths(settings);
  const progress = shareProgress(`free energy of ${phase.name}`, gibbsWeight(lengths), work.onProgress);
  return abortTogether(work.signal, async (signal) => {
    const run = async <Result extends { readonly transformed?: string }>(
      name: string,
      input: CellLeg | SwitchingLeg,
      weight: number,
    ): Promise<Result> => {
      const leg = progress.leg(weight, `${settings.temperature} K, ${settings.pressure.toFixed(1)} GPa`);
      const result = await runTask<Result>(name, input, { onProgress: leg.onProgress, signal });
      leg.finish();
      if (result.transformed !== undefined) throw notMetastable(phase.name, settings, result.transformed);
      return result;
    };
    return measureGibbs(spec, phase, settings, lengths, run, signal);
  });
}

/** Runs one leg somewhere and throws when the phase does not last in it. */
type RunLeg = <Result extends { readonly transformed?: string }>(
  name: string,
  input: CellLeg | SwitchingLeg,
  weight: number,
) => Promise<Result>;

async function measureGibbs(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: GibbsSettings,
  lengths: Required<RunLengths>,
  run: RunLeg,
  signal: AbortSignal,
): Promise<GibbsEnergy> {
  const { temperature, pressure, seed } = settings;
  const { timestep, equilibration, sampling, switching, replicas } = lengths;
  const { structure, bulkModulus } = await relaxAtPressure(spec, phase, pressure, { signal });
  const start = runCell({ ...phase, structure });
  const common = { potential: spec, phase: phase.name, temperature, timestep, equilibration };
  const cellLeg: CellLeg = { ...common, structure: start, cell: phase.cell, pressure, sampling, seed: seedOf(seed, 0) };
  const averages = await run<CellAverages>(LegTask.cell, cellLeg, equilibration + sampling);
  const sites = atCell(start, averages.meanCell);
  const springConstants = springConstantsOf(averages.meanSquaredDisplacements, temperature);
  const works = await Promise.all(
    Array.from({ length: replicas }, (_, replica) => {
      const leg = { ...common, structure: sites, springConstants, switching, seed: seedOf(seed, 1, replica) };
      return run<SwitchingLegResult>(LegTask.switching, leg, equilibration + 2 * switching);
    }),
  );
  return assemble(phase.name, settings, sites, springConstants, averages, works, bulkModulus);
}

/** What is thrown when a phase does not last. */
const notMetastable = (phase: string, { temperature, pressure }: GibbsSettings, evidence: string): ComputationError =>
  new ComputationError({
    what: `${phase} at ${temperature} K and ${pressure.toFixed(2)} GPa`,
    value: `did not stay ${phase}: ${evidence}`,
    expected: "a phase that is at least metastable",
    attempt: "another temperature, pressure or potential",
  });

/** The structure with its fractional positions in another cell. */
function atCell(structure: Structure, cell: Float64Array): Structure {
  return { ...structure, cell, positions: toCartesian(cell, toFractional(structure.cell, structure.positions)) };
}

function assemble(
  phase: string,
  { temperature, pressure }: GibbsSettings,
  sites: Structure,
  springs: Float64Array,
  averages: CellAverages,
  works: readonly SwitchingLegResult[],
  bulkModulus: number,
): GibbsEnergy {
  const count = sites.numbers.length;
  const volume = cellVolume(sites.cell);
  const einstein = einsteinFreeEnergy(
    {
      masses: massesOf(sites),
      springConstants: springs,
      volume,
      translations: latticeTranslations(sites),
    },
    temperature,
  );
  const { difference, dissipation } = analyzeSwitching(works);
  const off = mean(works.map((replica) => replica.pressure)) - pressure;
  const parts: GibbsParts = {
    einstein: einstein.oscillators / count,
    centerOfMass: einstein.centerOfMass / count,
    switching: -difference.value / count,
    pressureVolume: ((pressure / GPA_PER_EV_A3) * volume) / count,
    residualPressure: (-volume * off ** 2) / (2 * bulkModulus * GPA_PER_EV_A3 * count),
  };
  return {
    phase,
    temperature,
    pressure,
    atoms: count,
    gibbs: { value: Object.values(parts).reduce((sum, part) => sum + part, 0), error: difference.error / count },
    parts,
    dissipation: { value: dissipation.value / count, error: dissipation.error / count },
    leadingFiniteSize: leadingFiniteSize(count, temperature),
    averages,
    springConstants: Object.fromEntries(Array.from(sites.numbers, (z, i) => [z, springs[i]!])),
    works,
  };
}
