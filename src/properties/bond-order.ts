import type { Structure } from "../structure/structure.js";
import {
  averagedMoments,
  momentProduct,
  type OrderMoments,
  orderMoments,
  secondOrder,
  thirdOrder,
} from "./order-moments.js";
import { findBonds, type NeighborChoice } from "./order-neighbors.js";

export interface BondOrderSettings {
  /** "solid-angle" by default, which needs no number. */
  readonly neighbors?: NeighborChoice;
  /** Averages q_lm over an atom and its neighbors first (Lechner and Dellago 2008). False by default. */
  readonly averaged?: boolean;
}

/**
 * Steinhardt's local bond order parameter q_l of each atom [N] (Phys. Rev. B 28 (1983) 784). A number stands for the
 * cutoff [A] of its neighbors. An atom without neighbors has q_l = 0.
 */
export const bondOrder = (
  structure: Structure,
  degree: number,
  settings: BondOrderSettings | number = {},
): Float64Array => secondOrder(momentsOf(structure, degree, settings), degree);

/** Steinhardt's third-order invariant w_l of each atom [N], normalized: ibid., eq. 1.4 over (sum_m |q_lm|^2)^(3/2). */
export const bondOrderThird = (
  structure: Structure,
  degree: number,
  settings: BondOrderSettings | number = {},
): Float64Array => thirdOrder(momentsOf(structure, degree, settings), degree);

function momentsOf(structure: Structure, degree: number, settings: BondOrderSettings | number): OrderMoments {
  const { neighbors = "solid-angle", averaged = false } =
    typeof settings === "number" ? { neighbors: { cutoff: settings } } : settings;
  const bonds = findBonds(structure, neighbors);
  const moments = orderMoments(bonds, degree);
  return averaged ? averagedMoments(moments, bonds) : moments;
}

export interface SolidBondSettings {
  /** "solid-angle" by default. */
  readonly neighbors?: NeighborChoice;
  /** 6 by default. */
  readonly degree?: number;
  /** Product of normalized q_lm above which two neighbors see the same crystal. 0.5 by default. */
  readonly product?: number;
  /** Share of an atom's bonds that must be solid-like. 0.6 by default (7 of 12). */
  readonly share?: number;
}

/** Atoms in a crystal-like place. */
export interface SolidBonds {
  /** [N] share of an atom's bonds whose ends see the same surroundings. */
  readonly shares: Float64Array;
  /** Share of atoms with enough of them. */
  readonly fraction: number;
}

/**
 * Solid-like bonds of P. R. ten Wolde, M. J. Ruiz-Montero, D. Frenkel, J. Chem. Phys. 104 (1996) 9932: i and j are
 * connected where sum_m q_lm(i) conj(q_lm(j)) / (|q_l(i)| |q_l(j)|) > 0.5. For crystals whose atoms all see the same
 * surroundings (fcc, bcc, hcp with l = 6); others need `identifyPhase`.
 */
export function solidBonds(structure: Structure, settings: SolidBondSettings = {}): SolidBonds {
  const { neighbors = "solid-angle", degree = 6, product = 0.5, share = 0.6 } = settings;
  const bonds = findBonds(structure, neighbors);
  const moments = orderMoments(bonds, degree);
  const lengths = Float64Array.from(structure.numbers, (_, i) => Math.sqrt(momentProduct(moments, degree, i, i)));
  const shares = Float64Array.from(structure.numbers, (_, i) => {
    const [begin, end] = [bonds.offsets[i]!, bonds.offsets[i + 1]!];
    let connected = 0;
    for (let k = begin; k < end; k++) {
      const j = bonds.neighbors[k]!;
      if (momentProduct(moments, degree, i, j) > product * lengths[i]! * lengths[j]!) connected++;
    }
    return end > begin ? connected / (end - begin) : 0;
  });
  return { shares, fraction: shares.filter((s) => s > share).length / shares.length };
}
