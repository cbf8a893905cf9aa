import type { EnsembleSpec } from "../dynamics/ensemble.js";

/** fs, relaxation of velocities in crystals as stiff as copper: fast, for many independent samples and work that fluctuates little. */
const THERMOSTAT_TIME = 100;
/**
 * fs, relaxation of the cell with the bulk modulus at rest. It decides how many independent volumes a run has: in copper at 1200 K they
 * are correlated over 480 fs with 300, 100 with 50 and 58 with 25, where the vibrations themselves begin to count; means and
 * spread are the same.
 */
const BAROSTAT_TIME = 25;

/** The thermostat of legs [K]: Langevin's, which no harmonic mode escapes. */
export const langevin = (temperature: number, slowness: number) =>
  ({ temperature, thermostat: "langevin", thermostatTime: THERMOSTAT_TIME * slowness }) as const;

/** Constant temperature [K] and a pressure [GPa] that may go along a ramp; compressibility in 1/GPa. */
export const isobaric = (
  temperature: number,
  slowness: number,
  cell: Required<Pick<EnsembleSpec, "pressure" | "cell" | "compressibility">>,
): EnsembleSpec => ({
  kind: "npt",
  ...langevin(temperature, slowness),
  ...cell,
  barostatTime: BAROSTAT_TIME * slowness,
});
