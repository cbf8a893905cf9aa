import { InputError } from "../errors.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** Energy [eV] and pressure [eV/A^3] that a truncated Lennard-Jones potential leaves out. */
export interface TailCorrection {
  readonly energy: number;
  readonly pressure: number;
}

/**
 * The long-range correction of a plainly truncated Lennard-Jones potential (one set of numbers) in a periodic fluid
 * whose pair distribution is 1 beyond the cutoff rc (Allen and Tildesley, Computer Simulation of Liquids, eq. 2.144):
 *
 *     U = (8 pi / 3) N rho epsilon sigma^3 [ (1/3) (sigma/rc)^9 - (sigma/rc)^3 ],
 *     P = (16 pi / 3) rho^2 epsilon sigma^3 [ (2/3) (sigma/rc)^9 - (sigma/rc)^3 ].
 *
 * It depends on the volume alone, so that it adds no force and stays out of `evaluate`.
 */
export function lennardJonesTail(
  { epsilon, sigma, cutoff }: { readonly epsilon: number; readonly sigma: number; readonly cutoff: number },
  structure: Structure,
): TailCorrection {
  if (!structure.pbc.every(Boolean))
    throw new InputError({ what: "periodicity", value: structure.pbc, expected: "a fluid periodic in all directions" });
  const count = structure.numbers.length;
  const density = count / cellVolume(structure.cell);
  const third = (sigma / cutoff) ** 3;
  const ninth = third ** 3;
  const scale = (8 * Math.PI * density * epsilon * sigma ** 3) / 3;
  return { energy: scale * count * (ninth / 3 - third), pressure: 2 * scale * density * ((2 / 3) * ninth - third) };
}
