import { mean } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { atCell } from "../structure/at-cell.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { LiquidAverages, LiquidLeg } from "./equilibrate-liquid.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import { idealGasFreeEnergy } from "./ideal-gas.js";
import { type LegWork, runLeg } from "./legs.js";
import { type LiquidPhase, runLiquid } from "./liquid-phase.js";
import { numberDensity } from "./liquid-run.js";
import type { LiquidSwitchingLeg, LiquidSwitchingResult } from "./liquid-switching-leg.js";
import { PhaseLostError } from "./phase-lost.js";
import { runReplicas } from "./replicas.js";
import { averagesWeight, gibbsWeight, type RunLengths, toRunLengths } from "./run-lengths.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { analyzeSwitching } from "./switching.js";
import {
  reducedDensity,
  sigmaAtReducedDensity,
  type UhlenbeckFordModel,
  uhlenbeckFordCompressibility,
  uhlenbeckFordExcess,
} from "./uhlenbeck-ford-model.js";

/** Parts of the Gibbs energy of a liquid, eV/atom: their sum is G. */
export type LiquidGibbsParts = {
  readonly idealGas: number;
  /** F(Uhlenbeck-Ford model) - F(ideal gas), published. */
  readonly excess: number;
  /** F(liquid) - F(Uhlenbeck-Ford model), from switching. */
  readonly switching: number;
  readonly pressureVolume: number;
  /** -V (P_run - P)^2 / 2B, for the average cell not being exactly that of the pressure. */
  readonly residualPressure: number;
  /** kT ln(S_UF / S) / 2N, S = rho kT kappa_T: the number of atoms in the runs does not fluctuate. */
  readonly finiteSize: number;
};

/** Absolute classical Gibbs energy of a liquid. */
export interface LiquidGibbs extends GibbsEnergy {
  readonly state: "liquid";
  readonly parts: LiquidGibbsParts;
  readonly averages: LiquidAverages;
  readonly reference: UhlenbeckFordModel;
  readonly works: readonly LiquidSwitchingResult[];
}

/** The scaling p of the reference: softer ones dissipate more, harder ones come near their own freezing. */
const SCALING = 50;
/** Where the reference stands: sigma is 1.5 A for copper, and goes with the distance between atoms. */
const REDUCED_DENSITY = 0.7;

/** The reference fluid for a number density [atoms/A^3]. */
export const referenceFluid = (density: number): UhlenbeckFordModel => ({
  scaling: SCALING,
  sigma: sigmaAtReducedDensity(REDUCED_DENSITY, density),
});

type LiquidSettings = GibbsSettings & Required<RunLengths>;

/** Melts a structure and averages the liquid in a worker; throws when it freezes or boils. */
export async function liquidAverages(
  spec: PotentialSpec,
  phase: LiquidPhase,
  { temperature, pressure, seed, timestep, equilibration, sampling }: LiquidSettings,
  work: LegWork = {},
): Promise<LiquidAverages> {
  const structure = runLiquid(phase);
  const leg: LiquidLeg = {
    potential: spec,
    phase: phase.name,
    structure,
    reference: referenceFluid(numberDensity(structure)),
    temperature,
    pressure,
    timestep,
    equilibration,
    melting: sampling / 2,
    sampling,
    seed,
  };
  const averages = await runLeg<LiquidAverages>("equilibrate-liquid", leg, work);
  if (averages.transformed !== undefined)
    throw new PhaseLostError(phase.name, temperature, pressure, averages.transformed);
  return averages;
}

/**
 * G(T, P) of a liquid: its volume averaged at T and P, then F at that volume by switching to the Uhlenbeck-Ford model both
 * ways in independent replicas, then G = F + P V. Classical motion. Legs run in workers.
 */
export async function liquidGibbs(
  spec: PotentialSpec,
  phase: LiquidPhase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<LiquidGibbs> {
  const lengths = toRunLengths(settings);
  const { temperature, pressure, seed } = settings;
  const { timestep, equilibration, switching, replicas } = lengths;
  const progress = shareProgress(`free energy of ${phase.name}`, gibbsWeight(lengths), work.onProgress);
  const note = `${temperature} K, ${pressure.toFixed(1)} GPa`;
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(averagesWeight(lengths), note);
    const wanted = { ...settings, ...lengths, seed: seedOf(seed, 0) };
    const averages = await liquidAverages(spec, phase, wanted, { ...first, signal, legs: work.legs });
    first.finish();
    const structure = atCell(runLiquid(phase), averages.meanCell);
    const reference = referenceFluid(numberDensity(structure));
    const works = await runReplicas<LiquidSwitchingResult>(
      "switch-to-uhlenbeck-ford",
      replicas,
      (replica): LiquidSwitchingLeg => ({
        potential: spec,
        phase: phase.name,
        structure,
        reference,
        temperature,
        timestep,
        equilibration,
        switching,
        seed: seedOf(seed, 1, replica),
      }),
      pressure,
      { signal, progress, weight: equilibration + 2 * switching, note, legs: work.legs },
    );
    return assemble(phase.name, settings, structure, reference, averages, works);
  });
}

function assemble(
  phase: string,
  { temperature, pressure }: GibbsSettings,
  structure: Structure,
  reference: UhlenbeckFordModel,
  averages: LiquidAverages,
  works: readonly LiquidSwitchingResult[],
): LiquidGibbs {
  const count = structure.numbers.length;
  const volume = cellVolume(structure.cell);
  const kT = BOLTZMANN * temperature;
  const { bulkModulus } = averages;
  const x = reducedDensity(reference.sigma, numberDensity(structure));
  const { difference, dissipation } = analyzeSwitching(works);
  const off = mean(works.map((replica) => replica.pressure)) - pressure;
  const compressibility = ((count / volume) * kT * GPA_PER_EV_A3) / bulkModulus;
  const parts: LiquidGibbsParts = {
    idealGas: idealGasFreeEnergy(structure, temperature),
    excess: kT * uhlenbeckFordExcess(reference.scaling, x),
    switching: -difference.value / count,
    pressureVolume: ((pressure / GPA_PER_EV_A3) * volume) / count,
    residualPressure: (-volume * off ** 2) / (2 * bulkModulus * GPA_PER_EV_A3 * count),
    finiteSize: (kT * Math.log(uhlenbeckFordCompressibility(reference.scaling, x) / compressibility)) / (2 * count),
  };
  return {
    phase,
    state: "liquid",
    temperature,
    pressure,
    atoms: count,
    gibbs: { value: Object.values(parts).reduce((sum, part) => sum + part, 0), error: difference.error / count },
    parts,
    dissipation: { value: dissipation.value / count, error: dissipation.error / count },
    averages,
    reference,
    works,
  };
}
