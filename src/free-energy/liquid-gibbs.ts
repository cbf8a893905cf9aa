import { logarithm } from "../math/elementary.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { atCell } from "../structure/at-cell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { LiquidAverages, LiquidLeg } from "./equilibrate-liquid.js";
import { gibbsBySwitching, type SwitchingParts, type SwitchingStart } from "./gibbs-by-switching.js";
import type { FilledGibbsSettings, GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import { idealGasFreeEnergy } from "./ideal-gas.js";
import { type LegWork, runLeg } from "./legs.js";
import { type LiquidPhase, runLiquid } from "./liquid-phase.js";
import { numberDensity } from "./liquid-run.js";
import type { LiquidSwitchingLeg } from "./liquid-switching-leg.js";
import { lasting } from "./phase-lost.js";
import { overSizes } from "./sizes.js";
import { lengthsFor } from "./slowness.js";
import type { SwitchingLegResult } from "./switching-run.js";
import {
  reducedDensity,
  sigmaAtReducedDensity,
  type UhlenbeckFordModel,
  uhlenbeckFordCompressibility,
  uhlenbeckFordExcess,
} from "./uhlenbeck-ford-model.js";

type LiquidReferenceParts = {
  readonly idealGas: number;
  /** F(Uhlenbeck-Ford model) - F(ideal gas), see uhlenbeckFordExcess. */
  readonly excess: number;
};

/** Parts of the Gibbs energy of a liquid, eV/atom: their sum is G. */
export type LiquidGibbsParts = LiquidReferenceParts &
  SwitchingParts & {
    /** kT ln(S_UF / S) / 2N, S = rho kT kappa_T: the number of atoms in the runs does not fluctuate. */
    readonly finiteSize: number;
  };

/** Absolute classical Gibbs energy of a liquid. */
export interface LiquidGibbs extends GibbsEnergy {
  readonly state: "liquid";
  readonly parts: LiquidGibbsParts;
  readonly averages: LiquidAverages;
  readonly reference: UhlenbeckFordModel;
  readonly works: readonly SwitchingLegResult[];
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

/** Melts a structure and averages the liquid in a worker; throws when it freezes or boils. */
export async function liquidAverages(
  spec: PotentialSpec,
  phase: LiquidPhase,
  { temperature, pressure, seed, timestep, equilibration, sampling, slowness }: FilledGibbsSettings,
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
    slowness,
    seed,
  };
  return lasting(await runLeg<LiquidAverages>("equilibrate-liquid", leg, work), leg, pressure);
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
  const lengths = await lengthsFor(spec, [phase], [settings.pressure], settings, work);
  return overSizes(phase, { ...settings, ...lengths }, work, (sized, one, oneWork) =>
    gibbsOfSize(spec, sized, one, oneWork),
  );
}

async function gibbsOfSize(
  spec: PotentialSpec,
  phase: LiquidPhase,
  settings: FilledGibbsSettings,
  work: LegWork,
): Promise<LiquidGibbs> {
  const { temperature, slowness } = settings;
  const { start, works, found } = await gibbsBySwitching<LiquidStart, SwitchingLegResult, LiquidReferenceParts>(
    phase.name,
    settings,
    {
      task: "switch-to-uhlenbeck-ford",
      async prepare(wanted, legWork) {
        const averages = await liquidAverages(spec, phase, wanted, legWork);
        const structure = atCell(runLiquid(phase), averages.meanCell);
        const reference = referenceFluid(numberDensity(structure));
        return { structure, averages, bulkModulus: averages.bulkModulus, reference };
      },
      legOf: ({ structure, reference }, run): LiquidSwitchingLeg => ({
        ...run,
        potential: spec,
        structure,
        reference,
        slowness,
      }),
      partsOf: (liquid) => partsOf(liquid, temperature),
    },
    work,
  );
  return { ...found, state: "liquid", averages: start.averages, reference: start.reference, works };
}

interface LiquidStart extends SwitchingStart<LiquidAverages> {
  readonly reference: UhlenbeckFordModel;
}

function partsOf({ structure, reference, bulkModulus }: LiquidStart, temperature: number) {
  const count = structure.numbers.length;
  const kT = BOLTZMANN * temperature;
  const x = reducedDensity(reference.sigma, numberDensity(structure));
  const compressibility = (numberDensity(structure) * kT * GPA_PER_EV_A3) / bulkModulus;
  return {
    reference: {
      idealGas: idealGasFreeEnergy(structure, temperature),
      excess: kT * uhlenbeckFordExcess(reference.scaling, x),
    },
    finiteSize: (kT * logarithm(uhlenbeckFordCompressibility(reference.scaling, x) / compressibility)) / (2 * count),
  };
}
