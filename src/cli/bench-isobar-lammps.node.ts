import fs from "node:fs";
import path from "node:path";
import { type ScalingWork, scaleReversibly } from "../free-energy/reversible-scaling.js";
import type { FreeEnergyCase, FreeEnergyLengths, SwitchedEnergy } from "./bench-free-energy-cases.js";
import { column, lammpsHeader, type SwitchingPlace, toCubicCell } from "./bench-free-energy-lammps.node.js";
import { lammpsPotentialFile } from "./bench-peers.node.js";

/** A case whose free energy is followed along the isobar. */
export interface IsobarCase extends FreeEnergyCase {
  /** K. */
  readonly finalTemperature: number;
}

export const isIsobar = (one: FreeEnergyCase): one is IsobarCase => one.finalTemperature !== undefined;

/**
 * Writes `scaling-k`: reversible scaling as calphy 1.x drives it in its mode `ts`. The potential is scaled as 1 + (lambda - 1) in
 * `hybrid/scaled`, which computes it twice; two equilibrations before, one between; energy, pressure and volume of every
 * step are printed. Kinder than calphy in that it does not start the program anew in between.
 */
export function writeScaling(
  folder: string,
  one: IsobarCase,
  { structure }: SwitchingPlace,
  { equilibration, switching }: FreeEnergyLengths,
  replica: number,
): void {
  const { temperature, finalTemperature, pairStyle, file, element } = one;
  const last = temperature / finalTemperature;
  const npt = `npt temp ${temperature} ${temperature} 0.1 iso 0 0 0.1`;
  const scaled = (from: number, to: number, name: string): string[] => [
    `variable lambda equal ${from === to ? from : `ramp(${from},${to})`}`,
    "variable more equal v_lambda-1.0",
    `pair_style hybrid/scaled v_one ${pairStyle} v_more ${pairStyle}`,
    ...[1, 2].map((copy) => `pair_coeff * * ${pairStyle} ${copy} ${lammpsPotentialFile(file)} ${element}`),
    ...(from === to
      ? [`run ${equilibration}`]
      : [
          `fix pr all print 1 "\${dU} $(press) $(vol) \${lambda}" title "#" screen no file ${name}_${replica}.dat`,
          `run ${switching}`,
          "unfix pr",
        ]),
  ];
  const lines = [
    ...lammpsHeader(one, "conf.equilibration.data"),
    ...toCubicCell(structure),
    `fix f1 all ${npt}`,
    `run ${equilibration}`,
    "unfix f1",
    ...["x", "y", "z"].map((axis) => `variable ${axis}cm equal xcm(all,${axis})`),
    `fix f1 all ${npt} fixedpoint \${xcm} \${ycm} \${zcm}`,
    "compute Tcm all temp/com",
    "fix_modify f1 temp Tcm",
    "variable dU equal c_thermo_pe/atoms",
    "variable one equal 1.0",
    // `hybrid/scaled` refuses the styles of INTEL and OPENMP; those of OPT are the fastest that it takes.
    "suffix opt",
    "thermo_style custom step pe c_Tcm press vol",
    "thermo 10000",
    `velocity all create ${temperature} ${2000 + replica} mom yes rot yes dist gaussian`,
    `run ${equilibration}`,
    ...scaled(1, last, "scaled_forward"),
    ...scaled(last, last, ""),
    ...scaled(last, 1, "scaled_backward"),
  ];
  fs.writeFileSync(path.join(folder, `scaling-${replica}`), `${lines.join("\n")}\n`);
}

/** eV: the integral of U d lambda along both ways of a replica at zero pressure, by trapezoids; the file has lambda U. */
export function readScaling(folder: string, atoms: number, replica: number): ScalingWork {
  const along = (name: string): { readonly work: number; readonly ends: readonly [number, number] } => {
    const file = path.join(folder, `${name}_${replica}.dat`);
    const lambda = column(file, 3);
    const energy = column(file, 0).map((scaled, k) => scaled / lambda[k]!);
    let sum = 0;
    for (let k = 1; k < lambda.length; k++) sum += ((energy[k]! + energy[k - 1]!) / 2) * (lambda[k]! - lambda[k - 1]!);
    return { work: atoms * sum, ends: [lambda[0]!, lambda.at(-1)!] };
  };
  const [there, back] = [along("scaled_forward"), along("scaled_backward")];
  return {
    factors: Float64Array.from(there.ends),
    forward: Float64Array.of(0, there.work),
    backward: Float64Array.of(back.work, 0),
  };
}

/** eV/atom: G at the final temperature, from that at the first. */
export function endOfIsobar(
  { temperature }: IsobarCase,
  start: SwitchedEnergy,
  works: readonly ScalingWork[],
  atoms: number,
): SwitchedEnergy {
  const end = scaleReversibly({ temperature, gibbs: start }, [{ atoms, works }]).at(-1)!;
  return { ...end.gibbs, dissipation: start.dissipation };
}
