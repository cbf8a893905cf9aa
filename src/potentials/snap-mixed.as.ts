/**
 * SNAP of one density in mixed precision: positions, distances, angles, switching, the energy of an atom, a quadratic head and
 * the sums of forces in f64; the expansion, Y and the four sums of the way back in f32x4, four neighbors or four atoms per
 * vector. The equations are those of snap.as.ts.
 *
 * Forces against `reference`, 54 atoms of bcc moved by up to 0.05 and 0.3 A along each axis: Ta06A differs by 3.0e-6 and
 * 5.2e-7 of the rms force, at most by 3.5e-6 and 4.4e-6 eV/A; W_2940_2017_2 by 4.5e-6 and 8.1e-7, at most by 6.6e-6 and
 * 5.7e-6 eV/A. Energies per atom differ by up to 2.7e-7 eV. The drift in NVE is that of f64 (tests/physics/mixed-precision).
 * Quadratic Mo of Zuo 2020 and five more elements: 1.2e-6 and 2.4e-7 of the rms force or less, mean energies 5e-8 eV/atom.
 */
import { assembleDensity, BispectrumTables, contract, SLOT, SLOT_ATOM } from "../descriptors/bispectrum.as";
import { COUPLING_BYTES, COUPLING_USES } from "../descriptors/bispectrum-couplings.as";
import { closeFours, coupleFours, expandFours, promoteHigh, toSingle } from "../descriptors/bispectrum-mixed.as";
import { gatherNeighbors } from "../descriptors/gather-neighbors.as";
import { Status, System } from "../engine/system.as";
import { addOwnForce, addSlotForces, loadTerms, prepareSeeds, SnapParameters, sumCouplings, sumSeeds } from "./snap.as";

/**
 * In `sums`, behind those in f32: the four sums of one slot in f64, its switching, the force on the atom itself, i32 pairs of
 * slots and types of four atoms.
 */
const WIDE: usize = 128, VALUE: usize = 192, OWN: usize = 208, COUNTS: usize = 240, TYPES: usize = 256;

/** Adds to the energies of up to four atoms one third of the sum over all elements of Re(Y conj U), summed in f64. */
function addEnergies(parameters: SnapParameters, energies: usize, atoms: i32): void {
  const tables = parameters.tables, count = tables.halfCount;
  let low = f64x2.splat(0), high = low;
  let entry = tables.half, weight = tables.weights;
  for (let k = 0; k < count; k++, entry += 24, weight += 8) {
    const y = parameters.adjoint + load<i32>(entry), u = tables.density + load<i32>(entry, 8);
    const product = f32x4.add(f32x4.mul(v128.load(y), v128.load(u)), f32x4.mul(v128.load(y, 16), v128.load(u, 16)));
    const factor = v128.load_splat<f64>(weight);
    low = f64x2.add(low, f64x2.mul(factor, f64x2.promote_low_f32x4(product)));
    high = f64x2.add(high, f64x2.mul(factor, promoteHigh(product)));
  }
  const third = f64x2.splat(1 / 3.0);
  deposit(parameters, energies, atoms, f64x2.mul(low, third), f64x2.mul(high, third));
}

/** Adds the energies of four lanes, and the constants of their types, to up to four atoms. */
function deposit(parameters: SnapParameters, energies: usize, atoms: i32, low: v128, high: v128): void {
  const sums = parameters.sums, types = sums + TYPES;
  v128.store(sums, low);
  v128.store(sums, high, 16);
  for (let lane: usize = 0; lane < (atoms as usize); lane++) {
    const energy = energies + (lane << 3);
    const constant = load<f64>(parameters.constants + (load<i32>(types + (lane << 2)) << 3));
    store<f64>(energy, load<f64>(energy) + constant + load<f64>(sums + (lane << 3)));
  }
}

/** Two numbers, one of each row. */
// @ts-ignore: decorator
@inline
function ofRows(row0: usize, row1: usize, offset: usize): v128 {
  return v128.load64_lane(row1 + offset, v128.load64_zero(row0 + offset), 1);
}

/** Quadratic head in f64: adds the energies, and leaves the coefficient of every coupling from dE/dB = beta + alpha B in f32. */
function addQuadratic(parameters: SnapParameters, energies: usize, atoms: i32): void {
  const couplings = parameters.couplings, types = parameters.sums + TYPES;
  const count = couplings.components, values = couplings.values, slopes = parameters.laneComponents;
  const width = (count * (count + 1)) << 3, rows = parameters.quadraticCoefficients;
  const row0 = rows + load<i32>(types) * width;
  const row1 = atoms > 1 ? rows + load<i32>(types, 4) * width : row0;
  const row2 = atoms > 2 ? rows + load<i32>(types, 8) * width : row0;
  const row3 = atoms > 3 ? rows + load<i32>(types, 12) * width : row0;
  const half = f64x2.splat(0.5), end = values + (count << 5);
  let low = f64x2.splat(0), high = low;
  let alpha = (count as usize) << 3;
  for (let k: usize = 0; k < (count as usize); k++) {
    let sumLow = f64x2.splat(0), sumHigh = sumLow;
    for (let value = values; value < end; value += 32, alpha += 8) {
      sumLow = f64x2.add(sumLow, f64x2.mul(ofRows(row0, row1, alpha), v128.load(value)));
      sumHigh = f64x2.add(sumHigh, f64x2.mul(ofRows(row2, row3, alpha), v128.load(value, 16)));
    }
    const betaLow = ofRows(row0, row1, k << 3), betaHigh = ofRows(row2, row3, k << 3);
    const here = values + (k << 5), slope = slopes + (k << 5);
    low = f64x2.add(low, f64x2.mul(f64x2.add(betaLow, f64x2.mul(half, sumLow)), v128.load(here)));
    high = f64x2.add(high, f64x2.mul(f64x2.add(betaHigh, f64x2.mul(half, sumHigh)), v128.load(here, 16)));
    v128.store(slope, f64x2.add(betaLow, sumLow));
    v128.store(slope, f64x2.add(betaHigh, sumHigh), 16);
  }
  deposit(parameters, energies, atoms, low, high);
  let record = couplings.list, use = couplings.uses;
  for (let t = 0; t < couplings.couplings; t++, record += COUPLING_BYTES) {
    let sumLow = f64x2.splat(0), sumHigh = sumLow;
    for (let n = load<i32>(record, COUPLING_USES); n > 0; n--, use += 16) {
      const weight = v128.load_splat<f64>(use, 8), slope = slopes + (load<i32>(use) << 5);
      sumLow = f64x2.add(sumLow, f64x2.mul(weight, v128.load(slope)));
      sumHigh = f64x2.add(sumHigh, f64x2.mul(weight, v128.load(slope, 16)));
    }
    v128.store(parameters.laneTerms + (t << 4), toSingle(sumLow, sumHigh));
  }
}

/** Forces of the two slots of an expansion, whose sums stand at `narrow` in f32. */
function addFourForces(forces: usize, sums: usize, slot: usize, expansion: usize, narrow: usize): void {
  const wide = sums + WIDE, value = sums + VALUE, own = sums + OWN;
  for (let k: usize = 0; k < 64; k += 16) v128.store(wide + k, f64x2.promote_low_f32x4(v128.load(narrow + k)));
  v128.store(value, f64x2.promote_low_f32x4(v128.load(expansion)));
  addSlotForces(forces, own, slot, value, wide);
  if (load<i32>(slot + SLOT, SLOT_ATOM) < 0) return;
  for (let k: usize = 0; k < 64; k += 16) v128.store(wide + k, promoteHigh(v128.load(narrow + k)));
  v128.store(value, promoteHigh(v128.load(expansion)));
  addSlotForces(forces, own, slot + SLOT, value, wide);
}

/** Adds the forces of one atom and its neighbors, eight neighbors at a time. */
function pullFoursBack(forces: usize, parameters: SnapParameters, i: i32, slot: usize, count: i32, expansion: usize): void {
  const tables = parameters.tables, bytes = tables.expansionBytes as usize, sums = parameters.sums;
  memory.fill(sums + OWN, 0, 24);
  for (let n = 0; n < count; n += 2) {
    const both = n + 1 < count, next = both ? expansion + bytes : expansion;
    sumSeeds<f32>(tables, parameters.seeds, expansion, next, sums);
    addFourForces(forces, sums, slot, expansion, sums);
    if (both) addFourForces(forces, sums, slot + 2 * SLOT, next, sums + 64);
    slot += 4 * SLOT;
    expansion += 2 * bytes;
  }
  addOwnForce(forces + ((i as usize) << 5), sums + OWN);
}

/** Adds energies and forces of own atoms begin <= i < end, four at a time. */
export function snapMixed(system: System, address: usize, begin: i32, end: i32): void {
  const parameters = changetype<SnapParameters>(address);
  const tables = parameters.tables, bytes = tables.expansionBytes as usize;
  const counts = parameters.sums + COUNTS, types = parameters.sums + TYPES;
  const adjointBytes = (tables.halfCount as usize) << 5;
  const quadratic = parameters.quadratic;
  v128.store(types, i32x4.splat(-1));
  for (let i = begin; i < end; i += 4) {
    const atoms = min(4, end - i);
    let slot = tables.slots, expansion = tables.expansions, room = tables.slotCapacity << 1;
    for (let lane = 0; lane < atoms; lane++) {
      const neighbors = gatherNeighbors(system, tables, i + lane, slot, room);
      if (neighbors < 0) {
        system.status |= Status.SHORT_LIST_FULL;
        return;
      }
      const count = closeFours(slot, neighbors);
      expandFours(tables, slot, count, expansion);
      assembleDensity<f32>(tables, lane, 0);
      const type = load<i32>(system.positions + (((i + lane) as usize) << 5), 24);
      if (!quadratic && type != load<i32>(types + (lane << 2))) loadTerms<f32>(parameters, type, lane);
      store<i32>(types + (lane << 2), type);
      store<i32>(counts + (lane << 2), count);
      slot += (count as usize) * 2 * SLOT;
      expansion += (count as usize) * bytes;
      room -= count << 2;
    }
    memory.fill(parameters.adjoint, 0, adjointBytes);
    const energies = system.energies + ((i as usize) << 3);
    if (quadratic) {
      coupleFours(tables, parameters.couplings);
      addQuadratic(parameters, energies, atoms);
      sumCouplings<f32>(parameters);
    } else {
      contract<f32>(tables, parameters.laneTerms, parameters.adjoint);
      addEnergies(parameters, energies, atoms);
    }
    slot = tables.slots;
    expansion = tables.expansions;
    for (let lane = 0; lane < atoms; lane++) {
      const count = load<i32>(counts + (lane << 2));
      prepareSeeds<f32>(parameters, lane);
      pullFoursBack(system.forces, parameters, i + lane, slot, count, expansion);
      slot += (count as usize) * 2 * SLOT;
      expansion += (count as usize) * bytes;
    }
  }
}
