/**
 * One CODATA year (2018, exact SI) for everything PhaseCell computes itself. Energy eV, length A, mass amu,
 * temperature K; time fs at the API; pressure GPa at the API, stress eV/A^3 inside.
 */

/** Boltzmann constant [eV/K]: 1.380649e-23 J/K / 1.602176634e-19 C. */
export const BOLTZMANN = 8.617333262145179e-5;

/** Planck constant [eV fs]: 6.62607015e-34 J s. */
export const PLANCK = 4.135667696923859;

/** Reduced Planck constant [eV fs]. */
export const REDUCED_PLANCK = PLANCK / (2 * Math.PI);

/** 1 eV/A^3 in GPa. */
export const GPA_PER_EV_A3 = 160.2176634;

/** 1 eV/A^3 in bar. */
export const BAR_PER_EV_A3 = 1602176.634;

/** 1 eV/A^3 in kbar. */
export const KBAR_PER_EV_A3 = 1602.176634;

/**
 * The internal unit of time, sqrt(amu A^2/eV), in fs: with positions in A, masses in amu and energies in eV,
 * velocities are A per this unit. amu = 1.66053906660e-27 kg.
 */
export const TIME_UNIT_FS = 10.180505710759414;

/** Rydberg energy [eV]. */
export const RYDBERG = 13.605693122994;

/** Hartree energy [eV]. */
export const HARTREE = 27.211386245988;

/** Bohr radius [A]. */
export const BOHR = 0.529177210903;
