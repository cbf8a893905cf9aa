import { InputError } from "../errors.js";
import { logarithm } from "../math/elementary.js";
import { BOLTZMANN, REDUCED_PLANCK, TIME_UNIT_FS } from "../units.js";

/** Independent atoms on springs: the reference phase of a solid. */
export interface EinsteinCrystal {
  /** [N] amu. */
  readonly masses: ArrayLike<number>;
  /** [N] eV/A^2: the energy of atom i is k_i |r_i - site_i|^2 / 2. */
  readonly springConstants: ArrayLike<number>;
  /** A^3 of the whole cell. */
  readonly volume: number;
  /** Translations of the cell that map the crystal onto itself: the number of primitive cells in it. */
  readonly translations: number;
}

/** Parts of the free energy of the Einstein crystal, eV for the whole cell. */
export interface EinsteinFreeEnergy {
  /** Of 3N classical oscillators. */
  readonly oscillators: number;
  /** For fixing the center of mass while switching, and for letting the crystal's center of mass go where it may. */
  readonly centerOfMass: number;
}

/** hbar in the units of sqrt(k/m) with k in eV/A^2 and m in amu: eV times sqrt(amu A^2/eV). */
const REDUCED_PLANCK_INTERNAL = REDUCED_PLANCK / TIME_UNIT_FS;

/**
 * Classical Helmholtz free energy of the Einstein crystal (with the quantum-mechanical phase space volume h^3 per
 * atom, without quantum corrections of the motion):
 *
 *   F_E  = kT sum_i 3 ln(hbar w_i / kT),   w_i = sqrt(k_i / m_i)
 *   F_CM = kT ln[ (M / V) (2 pi kT sum_i mu_i^2 / k_i)^(3/2) ],   mu_i = m_i / sum m
 *
 * where switching runs with the center of mass fixed and M is the number of translations that only permute atoms (N for
 * one atom in the primitive cell). Frenkel and Ladd, J. Chem. Phys. 81 (1984) 3188; Polson, Trizac, Pronk and Frenkel,
 * J. Chem. Phys. 112 (2000) 5339; Freitas, Asta and de Koning, Comput. Mater. Sci. 112 (2016) 333, equations 21 and 24;
 * several masses and springs: Khanna, Anwar, Frenkel, Doherty and Peters, J. Chem. Phys. 154 (2021) 164509.
 */
export function einsteinFreeEnergy(crystal: EinsteinCrystal, temperature: number): EinsteinFreeEnergy {
  const { masses, springConstants, volume, translations } = crystal;
  if (!(temperature > 0)) throw new InputError({ what: "temperature", value: temperature, expected: "above 0 K" });
  const kT = BOLTZMANN * temperature;
  let total = 0;
  for (let i = 0; i < masses.length; i++) total += masses[i]!;
  let logarithms = 0;
  let spread = 0;
  for (let i = 0; i < masses.length; i++) {
    const k = springConstants[i]!;
    if (!(k > 0)) throw new InputError({ what: `spring constant of atom ${i}`, value: k, expected: "above 0 eV/A^2" });
    logarithms += 3 * logarithm((REDUCED_PLANCK_INTERNAL * Math.sqrt(k / masses[i]!)) / kT);
    spread += (masses[i]! / total) ** 2 / k;
  }
  return {
    oscillators: kT * logarithms,
    centerOfMass: kT * (logarithm(translations / volume) + 1.5 * logarithm(2 * Math.PI * kT * spread)),
  };
}

/** Spring constants [eV/A^2] that give each atom the mean squared displacement [A^2] it has in the crystal: k = 3 kT / <dr^2>. */
export function springConstantsOf(meanSquaredDisplacements: ArrayLike<number>, temperature: number): Float64Array {
  return Float64Array.from(meanSquaredDisplacements, (square, i) => {
    if (!(square > 0))
      throw new InputError({ what: `mean squared displacement of atom ${i}`, value: square, expected: "above 0 A^2" });
    return (3 * BOLTZMANN * temperature) / square;
  });
}
