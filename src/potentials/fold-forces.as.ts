/** What partitions added, brought together atom by atom: forces, energies, virial, and the numbers that passes exchange. */
import { Wanted } from "../engine/system.as";
import { firstOf, partitionCount, shareOf } from "../engine/team.as";
import { Neighborhood } from "../neighbors/neighborhood.as";
import { firstGhost, ghostsOf } from "../neighbors/partitions.as";
import { gatherForces, gatherNumbers, ghostNumber, holdsGhost, windowOf } from "./force-windows.as";

/**
 * Folds the force records of the atoms of a partition into `forces`: those of all windows, then those of ghosts, which
 * carry forces and shares of energy back to their owners, unless they have none. Where anybody looks, adds the energies to
 * those of the system; share: f64 sum of energies, [9] f64 virial sum r f.
 */
export function foldPartition(hood: Neighborhood, region: usize, forces: usize, partition: i32, ghosts: bool): void {
  const system = hood.system;
  const own = system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  const vectors = hood.shiftVectors;
  const partitions = partitionCount();
  if (partitions > 1) gatherForces(region, forces, begin, end);
  let xx: f64 = 0, xy: f64 = 0, xz: f64 = 0, yx: f64 = 0, yy: f64 = 0, yz: f64 = 0, zx: f64 = 0, zy: f64 = 0, zz: f64 = 0;
  // r f over ghosts and own atoms = shift f over ghosts + r f over own atoms after folding.
  const plain = partitions == 1 && !system.wantsVirial;
  if (ghosts && plain) foldAllGhosts(hood, forces);
  for (let run = 0; ghosts && !plain && run < 2; run++) {
    const last = ghostsOf(hood, run, partition + 1);
    for (let g = ghostsOf(hood, run, partition); g < last; g++) {
      let fxy = f64x2.splat(0), fze = fxy;
      for (let p = 0; p < partitions; p++) {
        const window = windowOf(p);
        if (!holdsGhost(window, g)) continue;
        const source = region + (<usize>(window.shift + g) << 5);
        fxy = f64x2.add(fxy, v128.load(source));
        fze = f64x2.add(fze, v128.load(source, 16));
      }
      const target = forces + (<usize>load<i32>(system.positions + (<usize>g << 5), 28) << 5);
      v128.store(target, f64x2.add(v128.load(target), fxy));
      v128.store(target, f64x2.add(v128.load(target, 16), fze), 16);
      const vector = vectors + (<usize>load<i32>(hood.ghostShifts + (<usize>g << 2)) << 5);
      const x = load<f64>(vector), y = load<f64>(vector, 8), z = load<f64>(vector, 16);
      const fx = f64x2.extract_lane(fxy, 0), fy = f64x2.extract_lane(fxy, 1), fz = f64x2.extract_lane(fze, 0);
      xx += x * fx; xy += x * fy; xz += x * fz;
      yx += y * fx; yy += y * fy; yz += y * fz;
      zx += z * fx; zy += z * fy; zz += z * fz;
    }
  }
  let total: f64 = 0;
  if (!system.wantsVirial && system.wantsEnergies == Wanted.TOTAL)
    for (let i = begin; i < end; i++)
      total += load<f64>(system.energies + (<usize>i << 3)) + load<f64>(forces + (<usize>i << 5), 24);
  else if (system.wantsEnergies || system.wantsVirial)
    for (let i = begin; i < end; i++) {
      const force = forces + (<usize>i << 5), p = system.positions + (<usize>i << 5);
      const slot = system.energies + (<usize>i << 3);
      const energy = load<f64>(slot) + load<f64>(force, 24);
      store<f64>(slot, energy);
      total += energy;
      const fx = load<f64>(force), fy = load<f64>(force, 8), fz = load<f64>(force, 16);
      const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
      xx += x * fx; xy += x * fy; xz += x * fz;
      yx += y * fx; yy += y * fy; yz += y * fz;
      zx += z * fx; zy += z * fy; zz += z * fz;
    }
  const sums = shareOf(partition);
  store<f64>(sums, total);
  store<f64>(sums, xx, 8);
  store<f64>(sums, xy, 16);
  store<f64>(sums, xz, 24);
  store<f64>(sums, yx, 32);
  store<f64>(sums, yy, 40);
  store<f64>(sums, yz, 48);
  store<f64>(sums, zx, 56);
  store<f64>(sums, zy, 64);
  store<f64>(sums, zz, 72);
}

/** Where one partition has all atoms and nobody looks at the virial. */
function foldAllGhosts(hood: Neighborhood, forces: usize): void {
  const system = hood.system;
  let source = forces + (<usize>system.ownCount << 5), p = system.positions + (<usize>system.ownCount << 5);
  for (const end = forces + (<usize>system.allCount << 5); source < end; source += 32, p += 32) {
    const target = forces + (<usize>load<i32>(p, 28) << 5);
    v128.store(target, f64x2.add(v128.load(target), v128.load(source)));
    v128.store(target, f64x2.add(v128.load(target, 16), v128.load(source, 16)), 16);
  }
}

/** Exchange "gather": the numbers that partitions added for a partition's atoms and their ghosts, summed per own atom. */
export function gatherPartition(hood: Neighborhood, region: usize, numbers: usize, partition: i32): void {
  const system = hood.system;
  gatherNumbers(region, numbers, firstOf(system.ownCount, partition), firstOf(system.ownCount, partition + 1));
  for (let run = 0; run < 2; run++) {
    const last = ghostsOf(hood, run, partition + 1);
    for (let g = ghostsOf(hood, run, partition); g < last; g++) {
      const target = numbers + (<usize>load<i32>(system.positions + (<usize>g << 5), 28) << 3);
      store<f64>(target, load<f64>(target) + ghostNumber(region, g));
    }
  }
}

/** Exchange "spread": the numbers of own atoms, copied to a partition's share of the ghosts. */
export function spreadPartition(hood: Neighborhood, numbers: usize, partition: i32): void {
  const positions = hood.system.positions;
  const last = firstGhost(hood, partition + 1);
  for (let g = firstGhost(hood, partition); g < last; g++) {
    const owner = <usize>load<i32>(positions + (<usize>g << 5), 28);
    store<f64>(numbers + (<usize>g << 3), load<f64>(numbers + (owner << 3)));
  }
}
