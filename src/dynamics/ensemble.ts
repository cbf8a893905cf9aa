import { InputError } from "../errors.js";
import type { CellFreedom } from "./cell-freedom.js";

/** A value that stays, or goes linearly from the first to the last step of a run. */
export type Ramp = number | readonly [number, number];

/** What a run keeps fixed, with defaults for the rest. */
export interface EnsembleSpec {
  readonly kind: "nve" | "nvt" | "npt";
  /** K; not for nve. */
  readonly temperature?: Ramp;
  /** "velocity-rescaling" (Bussi, Donadio and Parrinello 2007) by default, or "langevin" (BAOAB). */
  readonly thermostat?: "langevin" | "velocity-rescaling";
  /** fs, relaxation time of the kinetic energy (rescaling) or of a velocity (Langevin). 100 by default. */
  readonly thermostatTime?: number;
  /** GPa, for npt. 0 by default. */
  readonly pressure?: Ramp;
  /** What the cell may do in npt. "isotropic" by default. */
  readonly cell?: Exclude<CellFreedom, "fixed">;
  /** fs, relaxation time of the volume. 1000 by default. */
  readonly barostatTime?: number;
  /** 1/GPa, roughly: only its ratio to the relaxation time counts. 0.01 by default, a stiff solid. */
  readonly compressibility?: number;
  /** "fixed" (default) keeps the center of mass at rest; "free" lets a Langevin bath move it. */
  readonly center?: "fixed" | "free";
}

/** An ensemble with every value filled in. */
export interface Ensemble {
  readonly kind: "nve" | "nvt" | "npt";
  readonly temperature: readonly [number, number];
  readonly thermostat: "none" | "langevin" | "velocity-rescaling";
  readonly thermostatTime: number;
  readonly pressure: readonly [number, number];
  readonly cell: CellFreedom;
  readonly barostatTime: number;
  readonly compressibility: number;
  readonly center: "fixed" | "free";
}

const ramp = (value: Ramp): readonly [number, number] => (typeof value === "number" ? [value, value] : value);

const positive = (what: string, value: number, unit: string): number => {
  if (!(value > 0) || !Number.isFinite(value)) throw new InputError({ what, value, expected: `a positive ${unit}` });
  return value;
};

/** Fills defaults and refuses what makes no sense together. */
export function toEnsemble(spec: EnsembleSpec): Ensemble {
  const { kind, temperature, thermostat, pressure, cell, center = "fixed" } = spec;
  if (kind === "nve" && (temperature !== undefined || thermostat !== undefined))
    throw new InputError({
      what: "ensemble.temperature",
      value: temperature ?? thermostat,
      expected: "none in nve",
      attempt: "initialTemperature, or kind nvt",
    });
  if (kind !== "nve" && temperature === undefined)
    throw new InputError({ what: "ensemble.temperature", expected: "a number of K" });
  if (kind !== "npt" && (pressure !== undefined || cell !== undefined))
    throw new InputError({ what: "ensemble.pressure", value: pressure ?? cell, expected: "none without kind npt" });
  const temperatures = ramp(temperature ?? 0);
  if (!temperatures.every((value) => Number.isFinite(value) && value >= 0))
    throw new InputError({ what: "ensemble.temperature", value: temperature, expected: "0 K or more" });
  const pressures = ramp(pressure ?? 0);
  if (!pressures.every(Number.isFinite))
    throw new InputError({ what: "ensemble.pressure", value: pressure, expected: "a finite number of GPa" });
  return {
    kind,
    temperature: temperatures,
    thermostat: kind === "nve" ? "none" : (thermostat ?? "velocity-rescaling"),
    thermostatTime: positive("ensemble.thermostatTime", spec.thermostatTime ?? 100, "number of fs"),
    pressure: pressures,
    cell: kind === "npt" ? (cell ?? "isotropic") : "fixed",
    barostatTime: positive("ensemble.barostatTime", spec.barostatTime ?? 1000, "number of fs"),
    compressibility: positive("ensemble.compressibility", spec.compressibility ?? 0.01, "number of 1/GPa"),
    center,
  };
}
