import type { EnsembleSpec } from "../dynamics/ensemble.js";

/** fs, relaxation of velocities, and of the cell: fast, for many independent samples and work that fluctuates little. */
const THERMOSTAT_TIME = 100;
const BAROSTAT_TIME = 300;

/** The thermostat of legs [K]: Langevin's, which no harmonic mode escapes. */
export const langevin = (temperature: number) =>
  ({ temperature, thermostat: "langevin", thermostatTime: THERMOSTAT_TIME }) as const;

/** Constant temperature [K] and a pressure [GPa] that may go along a ramp; compressibility in 1/GPa. */
export const isobaric = (
  temperature: number,
  cell: Required<Pick<EnsembleSpec, "pressure" | "cell" | "compressibility">>,
): EnsembleSpec => ({ kind: "npt", ...langevin(temperature), ...cell, barostatTime: BAROSTAT_TIME });
