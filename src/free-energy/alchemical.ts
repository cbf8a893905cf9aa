import { dividedBy, type Estimate } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { BOLTZMANN } from "../units.js";
import type { AlchemicalLeg, AlchemicalLegResult } from "./alchemical-leg.js";
import { ofInfiniteSize } from "./finite-size.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import type { Phase } from "./phase.js";
import { roundTrips } from "./round-trips.js";
import { analyzeSwitching } from "./switching.js";

/** G of a phase under a second potential, by way of a first one. */
export interface AlchemicalGibbs {
  /** Under the first potential. */
  readonly start: GibbsEnergy;
  /** eV/atom: G(final potential) - G(first potential). */
  readonly difference: Estimate;
  /** eV/atom, under the final potential. */
  readonly gibbs: Estimate;
  /** eV/atom, irreversible work of a switching run in the phase's own size. */
  readonly dissipation: Estimate;
  /** eV for the whole cell, of the phase's own size, one per replica. */
  readonly works: readonly AlchemicalLegResult[];
}

/**
 * G(T, P) of a phase under a costly potential from that under a cheap one (upsampling): the Hamiltonian goes from one to
 * the other and back at constant temperature and pressure, so that the work is a difference of Gibbs energies and volumes
 * may differ. It pays where the two are alike: the work fluctuates less than that to a reference system.
 */
export async function gibbsByAlchemy(
  cheap: PotentialSpec,
  costly: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<AlchemicalGibbs> {
  const { start, trips } = await roundTrips<AlchemicalLegResult>(
    { task: "switch-potentials", title: "alchemical switching", note: `${settings.temperature} K` },
    cheap,
    phase,
    { ...settings, points: 1 },
    (leg): AlchemicalLeg => ({ ...leg, finalPotential: costly }),
    work,
  );
  const found = trips.map(({ atoms, works }) => {
    const { difference, dissipation } = analyzeSwitching(works, BOLTZMANN * settings.temperature);
    return { atoms, gibbs: dividedBy(difference, atoms), dissipation: dividedBy(dissipation, atoms) };
  });
  const step = ofInfiniteSize(found);
  return {
    start,
    difference: step,
    gibbs: { value: start.gibbs.value + step.value, error: Math.hypot(start.gibbs.error, step.error) },
    dissipation: found[0]!.dissipation,
    works: trips[0]!.works,
  };
}
