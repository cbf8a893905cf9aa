import { Status, System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { stillingerWeberMoments } from "./stillinger-weber-moments.as";
import { closer, gatherX, gatherY, gatherZ, sum } from "./pair-rows.as";

/*
 * Several species; one has stillinger-weber-moments.as.ts. Around each atom the neighbors inside the cutoff are gathered into a short list, and radial factors are found once per
 * neighbor, two at a time. The gradient of all triplets i j k with respect to r_j is then a sum over k, two at a time:
 * with the unit vectors u, c = u_j . u_k, b = c - cos theta0 and the radial factors g,
 *   dE/dr_j = (g_j' A - 2 g_j T / r_j) u_j + 2 g_j / r_j V,
 *   A = sum_k l g_k b^2,  T = sum_k l g_k b c,  V = sum_k l g_k b u_k,  l = lambda epsilon,
 * and E = sum_j g_j A / 2. The two-body part is seen from both of its atoms, each time with half the energy.
 * Parameters: stillinger-weber-plan.ts.
 */

// Rows of the short list, in bytes for 512 neighbors of 8 bytes: unit vectors, 1/r, radial factor and its slope.
const UX: usize = 0;
const UY: usize = 4096;
const UZ: usize = 8192;
const INVERSE: usize = 12288;
const G: usize = 16384;
const DG: usize = 20480;
/** Half the two-body slope. */
const HALF: usize = 24576;
/** i32 byte offset of the atom's record. */
const ATOM: usize = 28672;
/** Of the end squared: distances beyond, the dummy's among them, are put here, where everything has vanished. */
const ALMOST: f64 = 0.999999999;

/** Drops neighbors beyond the cutoff of their own pair; returns how many are left, padded with the dummy. */
function filter(system: System, row: usize, xp: usize, list: usize, count: i32): i32 {
  let o = list;
  for (let k = 0; k < count; k++) {
    const j = load<i32>(list + (<usize>k << 2));
    const p = system.positions + <usize>j;
    const dx = load<f64>(p) - load<f64>(xp);
    const dy = load<f64>(p, 8) - load<f64>(xp, 8);
    const dz = load<f64>(p, 16) - load<f64>(xp, 16);
    store<i32>(o, j);
    if (dx * dx + dy * dy + dz * dz < load<f64>(row + (<usize>load<i32>(p, 24) << 6))) o += 4;
  }
  store<i32>(o, system.dummy << 5);
  return <i32>((o - list) >> 2);
}

// @ts-ignore: decorator
@inline
function lane(a: usize, b: usize, offset: usize): v128 {
  return v128.load_lane<f64>(b + offset, v128.load_zero<f64>(a + offset), 1);
}

// @ts-ignore: decorator
@inline
function atoms(system: System, parameters: usize, begin: i32, end: i32, plain: bool): void {
  const species = load<i32>(parameters);
  const room = load<i32>(parameters, 4);
  const largest2 = v128.load_splat<f64>(parameters, 8);
  const pairs = load<usize>(parameters, 20);
  const triplets = load<usize>(parameters, 24);
  const S = load<usize>(parameters, 28);
  const list = S + ATOM;
  const X = system.positions;
  const F = system.forces;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const two = i64x2.splat(2);
  for (let i = begin; i < end; i++) {
    if (load<i32>(system.fullCounts + (<usize>i << 2)) + 2 > room) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    const xp = X + (<usize>i << 5);
    let count = closer(system, i, system.fullFirst, system.fullNeighbors, system.fullCounts, largest2, list);
    const type = load<i32>(xp, 24);
    const row = pairs + (<usize>(type * species) << 6);
    count = filter(system, row, xp, list, count);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    let pairEnergy = zero;
    for (let k = 0; k < count; k += 2) {
      const o = S + (<usize>k << 3);
      const entry = list + (<usize>k << 2);
      const ja = X + <usize>load<i32>(entry);
      const jb = X + <usize>load<i32>(entry, 4);
      const a = row + (<usize>load<i32>(ja, 24) << 6);
      const b = row + (<usize>load<i32>(jb, 24) << 6);
      const reach = lane(a, b, 8), sigma = lane(a, b, 16), gammaSigma = lane(a, b, 24);
      const strength = lane(a, b, 32), B = lane(a, b, 40), p = lane(a, b, 48), q = lane(a, b, 56);
      const dx = f64x2.sub(gatherX(ja, jb), xi);
      const dy = f64x2.sub(gatherY(ja, jb), yi);
      const dz = f64x2.sub(gatherZ(ja, jb), zi);
      const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
      const r = f64x2.sqrt(f64x2.pmin(r2, f64x2.mul(f64x2.mul(reach, reach), f64x2.splat(ALMOST))));
      const inverse = f64x2.div(one, r);
      // 1 / (r - a sigma) < 0
      const beyond = f64x2.div(one, f64x2.sub(r, reach));
      const beyond2 = f64x2.mul(beyond, beyond);
      const envelope = f64x2.mul(strength, vexp(f64x2.mul(sigma, beyond)));
      const g = vexp(f64x2.mul(gammaSigma, beyond));
      v128.store(o, f64x2.mul(dx, inverse), UX);
      v128.store(o, f64x2.mul(dy, inverse), UY);
      v128.store(o, f64x2.mul(dz, inverse), UZ);
      v128.store(o, inverse, INVERSE);
      v128.store(o, g, G);
      v128.store(o, f64x2.neg(f64x2.mul(f64x2.mul(gammaSigma, beyond2), g)), DG);
      const ratio = f64x2.mul(sigma, inverse);
      let repulsion: v128;
      let attraction = one;
      let steepness: v128;
      if (plain) {
        const ratio2 = f64x2.mul(ratio, ratio);
        repulsion = f64x2.mul(B, f64x2.mul(ratio2, ratio2));
        steepness = f64x2.mul(f64x2.splat(-4), repulsion);
      } else {
        const logarithm = vlog(ratio);
        repulsion = f64x2.mul(B, vexp(f64x2.mul(p, logarithm)));
        attraction = vexp(f64x2.mul(q, logarithm));
        steepness = f64x2.sub(f64x2.mul(q, attraction), f64x2.mul(p, repulsion));
      }
      const energy = f64x2.mul(envelope, f64x2.sub(repulsion, attraction));
      pairEnergy = f64x2.add(pairEnergy, energy);
      const slope = f64x2.sub(
        f64x2.mul(f64x2.mul(envelope, steepness), inverse),
        f64x2.mul(f64x2.mul(energy, sigma), beyond2),
      );
      v128.store(o, f64x2.mul(f64x2.splat(0.5), slope), HALF);
    }
    let fx: f64 = 0;
    let fy: f64 = 0;
    let fz: f64 = 0;
    let energy = sum(pairEnergy);
    for (let j = 0; j < count; j++) {
      const oj = S + (<usize>j << 3);
      const entryJ = list + (<usize>j << 2);
      const recordJ = <usize>load<i32>(entryJ);
      const ux = v128.load_splat<f64>(oj, UX);
      const uy = v128.load_splat<f64>(oj, UY);
      const uz = v128.load_splat<f64>(oj, UZ);
      const table = triplets + (<usize>((type * species + load<i32>(X + recordJ, 24)) * species) << 4);
      const itself = i64x2.splat(<i64>j);
      let index = i64x2(0, 1);
      let A = zero;
      let T = zero;
      let Vx = zero;
      let Vy = zero;
      let Vz = zero;
      for (let k = 0; k < count; k += 2) {
        const ok = S + (<usize>k << 3);
        const vx = v128.load(ok, UX);
        const vy = v128.load(ok, UY);
        const vz = v128.load(ok, UZ);
        const other = v128.andnot(v128.load(ok, G), i64x2.eq(index, itself));
        index = i64x2.add(index, two);
        const entry = list + (<usize>k << 2);
        const a = table + (<usize>load<i32>(X + <usize>load<i32>(entry), 24) << 4);
        const b = table + (<usize>load<i32>(X + <usize>load<i32>(entry, 4), 24) << 4);
        const lambdaEpsilon = lane(a, b, 0), cosTheta0 = lane(a, b, 8);
        const cosine = f64x2.add(f64x2.add(f64x2.mul(ux, vx), f64x2.mul(uy, vy)), f64x2.mul(uz, vz));
        const bend = f64x2.sub(cosine, cosTheta0);
        const pull = f64x2.mul(f64x2.mul(lambdaEpsilon, other), bend);
        A = f64x2.add(A, f64x2.mul(pull, bend));
        T = f64x2.add(T, f64x2.mul(pull, cosine));
        Vx = f64x2.add(Vx, f64x2.mul(pull, vx));
        Vy = f64x2.add(Vy, f64x2.mul(pull, vy));
        Vz = f64x2.add(Vz, f64x2.mul(pull, vz));
      }
      const g = load<f64>(oj, G);
      const a = sum(A);
      const across = 2 * g * load<f64>(oj, INVERSE);
      const along = load<f64>(oj, HALF) + load<f64>(oj, DG) * a - across * sum(T);
      const gx = along * f64x2.extract_lane(ux, 0) + across * sum(Vx);
      const gy = along * f64x2.extract_lane(uy, 0) + across * sum(Vy);
      const gz = along * f64x2.extract_lane(uz, 0) + across * sum(Vz);
      energy += g * a;
      fx += gx;
      fy += gy;
      fz += gz;
      const f = F + recordJ;
      store<f64>(f, load<f64>(f) - gx);
      store<f64>(f, load<f64>(f, 8) - gy, 8);
      store<f64>(f, load<f64>(f, 16) - gz, 16);
    }
    const f = F + (<usize>i << 5);
    store<f64>(f, load<f64>(f) + fx);
    store<f64>(f, load<f64>(f, 8) + fy, 8);
    store<f64>(f, load<f64>(f, 16) + fz, 16);
    store<f64>(f, load<f64>(f, 24) + 0.5 * energy, 24);
  }
}

export function stillingerWeber(system: System, parameters: usize, begin: i32, end: i32): void {
  if (load<i32>(parameters) == 1) stillingerWeberMoments(system, parameters, begin, end);
  else if (load<i32>(parameters, 16) & 1) atoms(system, parameters, begin, end, true);
  else atoms(system, parameters, begin, end, false);
}
