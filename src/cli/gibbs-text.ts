import type { SizeSeries } from "../free-energy/sizes.js";
import type { Estimate } from "../math/statistics.js";
import type { FreeEnergyPoint } from "./free-energy.js";

const milli = (value: number): string => (1000 * value).toFixed(2);

/** Names of the parts of G, as they are printed. */
const partNames: Readonly<Record<string, string>> = {
  einstein: "Einstein crystal",
  centerOfMass: "center of mass",
  idealGas: "ideal gas",
  excess: "Uhlenbeck-Ford",
  switching: "switching",
  pressureVolume: "P V",
  residualPressure: "residual pressure",
  finiteSize: "to infinite size",
};

const energy = ({ value, error }: Estimate): string => `${value.toFixed(5)} +- ${error.toFixed(5)} eV/atom`;

/** A Gibbs energy with its parts, and what lies along the path from it. */
export function describeGibbs(point: FreeEnergyPoint): string {
  const { phase, temperature, pressure, atoms, gibbs, parts, dissipation, averages, timestep, sizes } = point;
  const notes: Readonly<Record<string, string>> = {
    switching: `  (dissipation ${milli(dissipation.value)} meV/atom)`,
    pressureVolume: `  (${averages.volume.value.toFixed(4)} A^3/atom)`,
  };
  return [
    `${phase}, ${temperature} K, ${pressure} GPa, ${atoms} atoms: G = ${energy(gibbs)} (classical)`,
    ...Object.entries(parts).map(
      ([name, value]) => `  ${(partNames[name] ?? name).padEnd(18)} ${value.toFixed(5)}${notes[name] ?? ""}`,
    ),
    "  without quantum corrections",
    ...(sizes === undefined ? [] : describeSizes(sizes)),
    ...(timestep === undefined ? [] : [`  a run blew up and was repeated with steps of ${timestep} fs`]),
    ...describePath(point),
  ].join("\n");
}

function describeSizes({ points, slope }: SizeSeries): string[] {
  const width = Math.max(...points.map(({ atoms }) => String(atoms).length));
  return [
    `  extrapolated in 1/N, slope ${slope.value.toFixed(3)} +- ${slope.error.toFixed(3)} eV, from`,
    ...points.map(({ atoms, gibbs }) => `    ${String(atoms).padStart(width)} atoms  ${energy(gibbs)}`),
  ];
}

function describePath({ isobar, isotherm, alchemical }: FreeEnergyPoint): string[] {
  if (alchemical) {
    const { gibbs, difference, dissipation } = alchemical;
    return [
      `  under the final potential: G = ${energy(gibbs)}`,
      `  difference ${energy(difference)}  (dissipation ${milli(dissipation.value)} meV/atom)`,
    ];
  }
  const rows = isobar
    ? isobar.map(({ temperature, gibbs }) => [`${temperature.toFixed(1)} K`, energy(gibbs)] as const)
    : (isotherm ?? []).map(({ pressure, gibbs }) => [`${pressure.toFixed(3)} GPa`, energy(gibbs)] as const);
  const width = Math.max(...rows.map(([place]) => place.length));
  return rows.map(([place, gibbs]) => `  ${place.padStart(width)}  ${gibbs}`);
}
