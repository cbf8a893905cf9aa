import type { Potential } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";
import { findSymmetry, type Symmetry } from "../structure/symmetry.js";
import { type ForceConstantSettings, type ForceConstants, forceConstants } from "./force-constants.js";
import { type PhononDispersion, phononDispersion } from "./phonon-dispersion.js";
import {
  type DensityOfStates,
  densityOfStates,
  type MeshSettings,
  type PhononMesh,
  phononMesh,
} from "./phonon-mesh.js";
import { type PhononPath, standardPath } from "./phonon-path.js";

export interface PhononSettings extends ForceConstantSettings, MeshSettings {
  /** In reciprocal vectors of the primitive cell; the standard path of the lattice by default. */
  readonly path?: PhononPath;
  /** A, within which atoms count as symmetric. 1e-3 by default: looser than a minimization leaves them. */
  readonly tolerance?: number;
}

/** The phonons of a crystal. */
export interface CrystalPhonons {
  readonly symmetry: Symmetry;
  /** Of the standardized primitive cell, which may stand otherwise in space than the crystal as given. */
  readonly constants: ForceConstants;
  readonly dispersion: PhononDispersion;
  readonly mesh: PhononMesh;
  readonly density: DensityOfStates;
}

/** Dispersion along the standard path, mesh and density of states of a crystal at rest (`minimize` it first). */
export async function crystalPhonons(
  potential: Potential,
  structure: Structure,
  settings: PhononSettings & LongWork = {},
): Promise<CrystalPhonons> {
  const symmetry = await findSymmetry(structure, settings.tolerance ?? 1e-3);
  const path = settings.path ?? standardPath(symmetry);
  const constants = await forceConstants(potential, symmetry.primitive, settings);
  const dispersion = await phononDispersion(constants, path, settings);
  const mesh = await phononMesh(constants, settings);
  return { symmetry, constants, dispersion, mesh, density: densityOfStates(mesh) };
}
