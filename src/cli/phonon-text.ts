import type { PhononDispersion } from "../properties/phonon-dispersion.js";
import { BOLTZMANN } from "../units.js";
import type { PhononResult } from "./phonons.js";

/** Phonons as a table for people. */
export function describePhonons(result: PhononResult): string {
  const {
    crystal,
    pressure,
    symmetry,
    static: rest,
    lowest,
    dispersion,
    thermal,
    zeroPointEnergy,
    statistics,
  } = result;
  const grid = result.quasiHarmonic;
  return [
    `${crystal}, ${symmetry.symbol} (${symmetry.pearson}), ${pressure} GPa: ${rest.energy.toFixed(5)} eV/atom, ${rest.volume.toFixed(4)} A^3/atom at rest`,
    lowest < -1e-3
      ? `unstable: imaginary frequencies down to ${(-lowest).toFixed(3)} THz, so no thermal properties`
      : "stable against every small displacement",
    "",
    "frequencies (THz)",
    ...specialPoints(dispersion),
    ...(thermal === undefined
      ? []
      : [
          "",
          `zero-point energy ${zeroPointEnergy!.toFixed(5)} eV/atom`,
          `vibrations at fixed cell, ${statistics}`,
          "      T (K)   F (eV/atom)   U (eV/atom)   S (k/atom)   C_V (k/atom)",
          ...thermal.map(({ temperature, freeEnergy, energy, entropy, heatCapacity }) =>
            [
              String(temperature).padStart(11),
              freeEnergy.toFixed(5).padStart(14),
              energy.toFixed(5).padStart(14),
              (entropy / BOLTZMANN).toFixed(4).padStart(13),
              (heatCapacity / BOLTZMANN).toFixed(4).padStart(15),
            ].join(""),
          ),
        ]),
    ...(grid === undefined
      ? []
      : [
          "",
          `quasi-harmonic, ${statistics}`,
          "      T (K)   P (GPa)   G (eV/atom)   V (A^3/atom)   alpha (1e-6/K)   B (GPa)   C_P (k/atom)",
          ...grid.points.map((p) =>
            [
              String(p.temperature).padStart(11),
              String(p.pressure).padStart(10),
              p.gibbs.toFixed(5).padStart(14),
              p.volume.toFixed(4).padStart(15),
              (1e6 * p.thermalExpansion).toFixed(2).padStart(17),
              p.bulkModulus.toFixed(1).padStart(10),
              (p.heatCapacity / BOLTZMANN).toFixed(4).padStart(15),
            ].join(""),
          ),
          ...grid.missing.map(({ temperature, pressure: p, reason }) => `${temperature} K, ${p} GPa: ${reason}`),
        ]),
  ].join("\n");
}

/** Distinct frequencies at each named point of the path, once, with how many branches have them. */
function specialPoints({ ticks, distances, frequencies, branches }: PhononDispersion): string[] {
  const rows = ticks.flatMap(({ label, distance }) => {
    const samples = [...distances].flatMap((d, n) => (Math.abs(d - distance) < 1e-9 ? [n] : []));
    return label.split("|").map((name, k) => ({ name, sample: samples[Math.min(k, samples.length - 1)]! }));
  });
  const once = rows.filter(({ name }, n) => rows.findIndex((other) => other.name === name) === n);
  return once.map(({ name, sample }) => {
    const modes = [...frequencies.subarray(sample * branches, (sample + 1) * branches)];
    const levels = [...new Set(modes.map((f) => (Math.abs(f) < 5e-4 ? "0.000" : f.toFixed(3))))];
    return `  ${name.padEnd(3)} ${levels
      .map((level) => {
        const count = modes.filter((f) => (Math.abs(f) < 5e-4 ? "0.000" : f.toFixed(3)) === level).length;
        return count > 1 ? `${level} (${count})` : level;
      })
      .join("  ")}`;
  });
}
