import { massesOf } from "../dynamics/velocities.js";
import { mean } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { latticeTranslations } from "../properties/lattice-sites.js";
import { atCell } from "../structure/at-cell.js";
import { cellVolume } from "../structure/cell.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { einsteinFreeEnergy, springConstantsOf } from "./einstein-crystal.js";
import type { CellAverages, CellEnd } from "./equilibrate-cell.js";
import { crystalFiniteSize } from "./finite-size.js";
import { gibbsBySwitching, type SwitchingParts, type SwitchingStart } from "./gibbs-by-switching.js";
import type { FilledGibbsSettings, GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { replicatedAverages } from "./replicated-averages.js";
import { overSizes } from "./sizes.js";
import { lengthsFor } from "./slowness.js";
import type { SwitchingLeg } from "./switching-leg.js";
import type { SwitchingLegResult } from "./switching-run.js";

type CrystalReferenceParts = {
  /** Helmholtz energy of the Einstein crystal, classical. */
  readonly einstein: number;
  /** For the fixed center of mass. */
  readonly centerOfMass: number;
};

/** Parts of the Gibbs energy of a crystal, eV/atom: their sum is G. */
export type CrystalGibbsParts = CrystalReferenceParts &
  SwitchingParts & {
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
 * in independent replicas, then G = F + P V. Of an infinite crystal, as far as is known. Classical motion: quantum corrections
 * are not made. Legs run in workers.
 */
export async function gibbsEnergy(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<CrystalGibbs> {
  const lengths = await lengthsFor(spec, [phase], [settings.pressure], settings, work);
  return overSizes(phase, { ...settings, ...lengths }, work, (sized, one, oneWork) =>
    gibbsOfSize(spec, sized, one, oneWork),
  );
}

async function gibbsOfSize(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: FilledGibbsSettings,
  work: LegWork,
): Promise<CrystalGibbs> {
  const { temperature } = settings;
  const { start, works, found } = await gibbsBySwitching<CrystalStart, SwitchingLegResult, CrystalReferenceParts>(
    phase.name,
    settings,
    {
      task: "switch-to-einstein",
      async prepare(wanted, legWork) {
        const { start, relaxed, averages, ends } = await replicatedAverages(spec, phase, wanted, legWork);
        const structure = atCell(start, averages.meanCell);
        const springConstants = springConstantsOf(averages.meanSquaredDisplacements, temperature);
        // Those of its own cell, for each cell of the run: asking the atoms of the run takes long.
        const cells = structure.numbers.length / relaxed.structure.numbers.length;
        const translations = cells * latticeTranslations(relaxed.structure);
        return { structure, averages, bulkModulus: relaxed.bulkModulus, springConstants, translations, ends };
      },
      legOf: ({ structure, springConstants, ends }, run, replica): SwitchingLeg => ({
        ...run,
        potential: spec,
        structure,
        springConstants,
        start: ends[replica]!,
      }),
      partsOf: (crystal) => partsOf(crystal, temperature),
    },
    work,
  );
  const { structure, averages, springConstants } = start;
  return {
    ...found,
    state: "solid",
    averages,
    springConstants: Object.fromEntries(Array.from(structure.numbers, (z, i) => [z, springConstants[i]!])),
    works,
  };
}

interface CrystalStart extends SwitchingStart<CellAverages> {
  /** [N] eV/A^2. */
  readonly springConstants: Float64Array;
  /** That map the crystal of the run onto itself. */
  readonly translations: number;
  /** One for each replica. */
  readonly ends: readonly CellEnd[];
}

function partsOf({ structure, springConstants, averages, translations }: CrystalStart, temperature: number) {
  const atoms = structure.numbers.length;
  const volume = cellVolume(structure.cell);
  const masses = massesOf(structure);
  const einstein = einsteinFreeEnergy({ masses, springConstants, volume, translations }, temperature);
  const meanSquaredDisplacement = mean(averages.meanSquaredDisplacements);
  const finite = { atoms, translations, volume: volume / atoms, meanSquaredDisplacement };
  return {
    reference: { einstein: einstein.oscillators / atoms, centerOfMass: einstein.centerOfMass / atoms },
    finiteSize: -crystalFiniteSize(finite, temperature),
  };
}
