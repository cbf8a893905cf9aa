/**
 * Couplings kept one by one, for heads that need the bispectrum itself (quadratic, several densities, linear fits):
 * Z of every coupling, from `contract` with coefficients of one, then B = sum over the half layer of w Re(Z conj U).
 */
import { BispectrumTables, contract } from "./bispectrum.as";

/** What the planner packs beside BispectrumTables; its twin is `COUPLING_TABLES`. */
@unmanaged
export class CouplingTables {
  /** Couplings, components and the bytes of all Z. */
  couplings: i32;
  components: i32;
  coupledBytes: i32;
  /** [couplings] records of 32 bytes: COUPLING_* below. */
  list: usize;
  /** For each coupling its uses, one record of 16 bytes each: i32 component, unused, f64 weight. */
  uses: usize;
  /** [components] records of 16 bytes: i32 coupling whose Z meets U, unused, f64 norm. */
  direct: usize;
  /** [channels x components] f64 component of an isolated atom of that channel. */
  isolated: usize;
  /** A vector of ones: the coefficients of `contract`. */
  ones: usize;
  /** Z, 32 bytes per element, half layer after half layer, lanes are the two atoms. */
  coupled: usize;
  /** [components] f64 B of the two atoms, or in mixed precision of the four. */
  values: usize;
}

/**
 * i32 place of Z, place of its layer in the half layers and of U in the density, elements, uses, first element of the
 * layer, channel, 1 where no coupling before has the same Z.
 */
export const COUPLING_BYTES: usize = 32;
export const COUPLING_Z: usize = 0, COUPLING_HALF: usize = 4, COUPLING_DENSITY: usize = 8, COUPLING_COUNT: usize = 12;
export const COUPLING_USES: usize = 16, COUPLING_FIRST: usize = 20, COUPLING_CHANNEL: usize = 24, COUPLING_FRESH: usize = 28;

/** Z of all couplings and B of both atoms, from the density; channels are those of the two atoms themselves. */
export function coupleLayers(tables: BispectrumTables, couplings: CouplingTables, channel0: i32, channel1: i32): void {
  memory.fill(couplings.coupled, 0, couplings.coupledBytes);
  contract<f64>(tables, couplings.ones, couplings.coupled);
  const isolated0 = couplings.isolated + ((channel0 * couplings.components) << 3);
  const isolated1 = couplings.isolated + ((channel1 * couplings.components) << 3);
  let direct = couplings.direct;
  for (let k = 0; k < couplings.components; k++, direct += 16) {
    const record = couplings.list + (load<i32>(direct) as usize) * COUPLING_BYTES;
    let z = couplings.coupled + load<i32>(record, COUPLING_Z);
    let u = tables.density + load<i32>(record, COUPLING_DENSITY);
    let weight = tables.weights + (load<i32>(record, COUPLING_FIRST) << 3);
    const end = z + (load<i32>(record, COUPLING_COUNT) << 5);
    let sum = f64x2.splat(0);
    for (; z < end; z += 32, u += 32, weight += 8)
      sum = f64x2.add(
        sum,
        f64x2.mul(
          v128.load_splat<f64>(weight),
          f64x2.add(
            f64x2.mul(v128.load(z), v128.load(u)),
            f64x2.mul(v128.load(z, 16), v128.load(u, 16)),
          ),
        ),
      );
    const alone = f64x2.replace_lane(f64x2.splat(load<f64>(isolated0 + (k << 3))), 1, load<f64>(isolated1 + (k << 3)));
    v128.store(couplings.values + (k << 4), f64x2.sub(f64x2.mul(sum, v128.load_splat<f64>(direct, 8)), alone));
  }
}
