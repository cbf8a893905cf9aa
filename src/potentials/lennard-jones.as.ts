import { System } from "../engine/system.as";
import { addOwn, addOwnForce, gatherRow, gatherX, gatherY, gatherZ, scatter, scatterForces } from "./pair-rows.as";

// Rows of packPairs, 64 bytes: cutoff^2, c6, c12, shift, tilt, 6 c6, 12 c12.
const FORCE_SHIFTED: i32 = 1;

/** `energies` false leaves energies out: forces are the same to the bit. */
// @ts-ignore: decorator
@inline
function rows(system: System, parameters: usize, begin: i32, end: i32, many: bool, tilted: bool, energies: bool): void {
  const species = load<i32>(parameters);
  const table = parameters + 16;
  const X = system.positions;
  const F = system.forces;
  const counts = system.halfCounts, firsts = system.halfFirst, neighbors = system.halfNeighbors;
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let cutoff2 = v128.load_splat<f64>(table);
  let c6 = v128.load_splat<f64>(table, 8);
  let c12 = v128.load_splat<f64>(table, 16);
  let shift = v128.load_splat<f64>(table, 24);
  let tilt = v128.load_splat<f64>(table, 32);
  let slope6 = v128.load_splat<f64>(table, 40);
  let slope12 = v128.load_splat<f64>(table, 48);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const own = table + (many ? <usize>(load<i32>(xp, 24) * species) << 6 : 0);
    let fx = zero;
    let fy = zero;
    let fz = zero;
    let energy = zero;
    let entry = neighbors + (<usize>load<i32>(firsts + (<usize>i << 2)) << 2);
    const last = entry + (<usize>load<i32>(counts + (<usize>i << 2)) << 2);
    for (; entry < last; entry += 8) {
      const j = <usize>load<i32>(entry) << 5;
      const k = <usize>load<i32>(entry, 4) << 5;
      const a = X + j;
      const b = X + k;
      const dx = f64x2.sub(xi, gatherX(a, b));
      const dy = f64x2.sub(yi, gatherY(a, b));
      const dz = f64x2.sub(zi, gatherZ(a, b));
      const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
      if (many) {
        const rowA = own + (<usize>load<i32>(a, 24) << 6);
        const rowB = own + (<usize>load<i32>(b, 24) << 6);
        cutoff2 = gatherRow(rowA, rowB, 0);
        slope6 = gatherRow(rowA, rowB, 40);
        slope12 = gatherRow(rowA, rowB, 48);
        if (tilted) tilt = gatherRow(rowA, rowB, 32);
        if (energies) {
          c6 = gatherRow(rowA, rowB, 8);
          c12 = gatherRow(rowA, rowB, 16);
          shift = gatherRow(rowA, rowB, 24);
        }
      }
      const inside = f64x2.lt(r2, cutoff2);
      const i2 = v128.and(f64x2.div(one, r2), inside);
      const i4 = f64x2.mul(i2, i2);
      // Minus dE/dr over r. Two powers at a time: what limits the loop is how long one pair takes.
      let f = f64x2.mul(f64x2.mul(i4, i4), f64x2.sub(f64x2.mul(f64x2.mul(slope12, i2), i4), slope6));
      if (tilted) f = f64x2.add(f, v128.and(f64x2.div(tilt, f64x2.sqrt(r2)), inside));
      const gx = f64x2.mul(dx, f);
      const gy = f64x2.mul(dy, f);
      const gz = f64x2.mul(dz, f);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      if (energies) {
        const i6 = f64x2.mul(i4, i2);
        const raised = tilted ? f64x2.add(shift, f64x2.mul(tilt, f64x2.sqrt(r2))) : shift;
        const bare = f64x2.mul(i6, f64x2.sub(f64x2.mul(c12, i6), c6));
        const e = f64x2.mul(f64x2.splat(0.5), f64x2.sub(bare, v128.and(raised, inside)));
        energy = f64x2.add(energy, e);
        scatter(F + j, F + k, gx, gy, gz, e);
      } else scatterForces(F + j, F + k, gx, gy, gz);
    }
    if (energies) addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
    else addOwnForce(F + (<usize>i << 5), fx, fy, fz);
  }
}

export function lennardJones(system: System, parameters: usize, begin: i32, end: i32): void {
  const energies = system.wantsEnergies != 0;
  if (load<i32>(parameters, 4) == FORCE_SHIFTED) rows(system, parameters, begin, end, true, true, true);
  else if (load<i32>(parameters) > 1) {
    if (energies) rows(system, parameters, begin, end, true, false, true);
    else rows(system, parameters, begin, end, true, false, false);
  } else if (energies) rows(system, parameters, begin, end, false, false, true);
  else rows(system, parameters, begin, end, false, false, false);
}
