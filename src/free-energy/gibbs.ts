import { massesOf } from "../dynamics/velocities.js";
import { mean } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { latticeTranslations } from "../properties/lattice-sites.js";
import { atCell } from "../structure/at-cell.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { crystalAverages } from "./crystal-averages.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { einsteinFreeEnergy, springConstantsOf } from "./einstein-crystal.js";
import type { CellAverages } from "./equilibrate-cell.js";
import { crystalFiniteSize } from "./finite-size.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { runReplicas } from "./replicas.js";
import { averagesWeight, gibbsWeight, toRunLengths } from "./run-lengths.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { analyzeSwitching } from "./switching.js";
import type { SwitchingLeg, SwitchingLegResult } from "./switching-leg.js";

/** Parts of the Gibbs energy of a crystal, eV/atom: their sum is G. */
export type CrystalGibbsParts = {
  /** Helmholtz energy of the Einstein crystal, classical. */
  readonly einstein: number;
  /** For the fixed center of mass. */
  readonly centerOfMass: number;
  /** F(solid) - F(Einstein crystal), from switching. */
  readonly switching: number;
  readonly pressureVolume: number;
  /** -V (P_run - P)^2 / 2B, for the average cell not being exactly that of the pressure. */
  readonly residualPressure: number;
  /** What an infinite crystal has more than one of N atoms, estimated from the displacements: see `crystalFiniteSize`. */
  readonly finiteSize: number;
};

/** Absolute classical Gibbs energy of a crystal. */
export interface CrystalGibbs extends GibbsEnergy {
  readonly state: "solid";
  readonly parts: CrystalGibbsParts;
  readonly averages: CellAverages;
  /** eV/A^2, by atomic number. */
  readonly springConstants: Readonly<Record<number, number>>;
  readonly works: readonly SwitchingLegResult[];
}

/**
 * G(T, P) of a crystal: the cell averaged at T and P, then F at that cell by switching to an Einstein crystal both ways
 * in independent replicas, then G = F + P V. F(V) + P V is stationary at the right V, so that an imperfect average cell counts
 * in second order only. Of an infinite crystal, as far as is known. Classical motion: quantum corrections are not made. Legs run in workers.
 */
export async function gibbsEnergy(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<CrystalGibbs> {
  const lengths = toRunLengths(settings);
  const { temperature, pressure, seed } = settings;
  const { legs } = work;
  const { timestep, equilibration, switching, replicas } = lengths;
  const progress = shareProgress(`free energy of ${phase.name}`, gibbsWeight(lengths), work.onProgress);
  const note = `${temperature} K, ${pressure.toFixed(1)} GPa`;
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(averagesWeight(lengths), note);
    const wanted = { ...lengths, temperature, pressure, seed: seedOf(seed, 0) };
    const { start, relaxed, averages } = await crystalAverages(spec, phase, wanted, { ...first, signal, legs });
    first.finish();
    const sites = atCell(start, averages.meanCell);
    const springConstants = springConstantsOf(averages.meanSquaredDisplacements, temperature);
    const works = await runReplicas<SwitchingLegResult>(
      "switch-to-einstein",
      replicas,
      (replica): SwitchingLeg => ({
        potential: spec,
        phase: phase.name,
        structure: sites,
        springConstants,
        temperature,
        timestep,
        equilibration,
        switching,
        seed: seedOf(seed, 1, replica),
      }),
      pressure,
      { signal, progress, weight: equilibration + 2 * switching, note, legs: work.legs },
    );
    return assemble(phase.name, settings, sites, springConstants, averages, works, relaxed.bulkModulus);
  });
}

function assemble(
  phase: string,
  { temperature, pressure }: GibbsSettings,
  sites: Structure,
  springs: Float64Array,
  averages: CellAverages,
  works: readonly SwitchingLegResult[],
  bulkModulus: number,
): CrystalGibbs {
  const count = sites.numbers.length;
  const volume = cellVolume(sites.cell);
  const translations = latticeTranslations(sites);
  const einstein = einsteinFreeEnergy(
    { masses: massesOf(sites), springConstants: springs, volume, translations },
    temperature,
  );
  const meanSquaredDisplacement = mean(averages.meanSquaredDisplacements);
  const finite = { atoms: count, translations, volume: volume / count, meanSquaredDisplacement };
  const { difference, dissipation } = analyzeSwitching(works);
  const off = mean(works.map((replica) => replica.pressure)) - pressure;
  const parts: CrystalGibbsParts = {
    einstein: einstein.oscillators / count,
    centerOfMass: einstein.centerOfMass / count,
    switching: -difference.value / count,
    pressureVolume: ((pressure / GPA_PER_EV_A3) * volume) / count,
    residualPressure: (-volume * off ** 2) / (2 * bulkModulus * GPA_PER_EV_A3 * count),
    finiteSize: -crystalFiniteSize(finite, temperature),
  };
  return {
    phase,
    state: "solid",
    temperature,
    pressure,
    atoms: count,
    gibbs: { value: Object.values(parts).reduce((sum, part) => sum + part, 0), error: difference.error / count },
    parts,
    dissipation: { value: dissipation.value / count, error: dissipation.error / count },
    averages,
    springConstants: Object.fromEntries(Array.from(sites.numbers, (z, i) => [z, springs[i]!])),
    works,
  };
}
