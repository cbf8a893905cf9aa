import { Status, System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { sum } from "./pair-rows.as";

/*
 * Around each atom the neighbors inside the cutoff are gathered into a short list, radial factors are found once per
 * neighbor, two at a time, and triplets run over the short list. The two-body part is seen from both of its atoms, each
 * time with half the energy. Parameters: stillinger-weber-plan.ts.
 */

// Rows of the short list, in bytes for 512 neighbors of 8 bytes.
const UX: usize = 0;
const UY: usize = 4096;
const UZ: usize = 8192;
/** r^2, later 1/r. */
const R: usize = 12288;
/** Radial factor and its slope. */
const G: usize = 16384;
const DG: usize = 20480;
/** i32 atom and i32 type. */
const ATOM: usize = 24576;
/** Half the two-body slope. */
const HALF: usize = 28672;
/** r^2 for a pair beyond the last one, just inside the cutoff where everything has vanished. */
const ALMOST: f64 = 0.999999999;

// @ts-ignore: decorator
@inline
function atoms(system: System, parameters: usize, begin: i32, end: i32, many: bool, plain: bool): void {
  const species = load<i32>(parameters);
  const room = load<i32>(parameters, 4);
  const largest2 = load<f64>(parameters, 8);
  const pairs = load<usize>(parameters, 20);
  const triplets = load<usize>(parameters, 24);
  const S = load<usize>(parameters, 28);
  const X = system.positions;
  const F = system.forces;
  const one = f64x2.splat(1);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = load<f64>(xp);
    const yi = load<f64>(xp, 8);
    const zi = load<f64>(xp, 16);
    const type = many ? load<i32>(xp, 24) : 0;
    const row = pairs + (<usize>(type * species) << 6);
    let entry = system.fullNeighbors + (<usize>load<i32>(system.fullFirst + (<usize>i << 2)) << 2);
    const last = entry + (<usize>load<i32>(system.fullCounts + (<usize>i << 2)) << 2);
    let count: i32 = 0;
    for (; entry < last; entry += 4) {
      const j = load<i32>(entry);
      const jp = X + (<usize>j << 5);
      const dx = load<f64>(jp) - xi;
      const dy = load<f64>(jp, 8) - yi;
      const dz = load<f64>(jp, 16) - zi;
      const r2 = dx * dx + dy * dy + dz * dz;
      const neighborType = many ? load<i32>(jp, 24) : 0;
      const cutoff2 = many ? load<f64>(row + (<usize>neighborType << 6)) : largest2;
      if (r2 < cutoff2) {
        if (count + 2 > room) {
          system.status |= Status.SHORT_LIST_FULL;
          return;
        }
        const o = S + (<usize>count << 3);
        store<f64>(o, dx, UX);
        store<f64>(o, dy, UY);
        store<f64>(o, dz, UZ);
        store<f64>(o, r2, R);
        store<i32>(o, j, ATOM);
        store<i32>(o, neighborType, ATOM + 4);
        count++;
      }
    }
    if (count & 1) {
      const o = S + (<usize>count << 3);
      store<f64>(o, 1, UX);
      store<f64>(o, 0, UY);
      store<f64>(o, 0, UZ);
      const neighborType = many ? load<i32>(o - 8, ATOM + 4) : 0;
      const reach = load<f64>(row + (<usize>neighborType << 6), 8);
      store<f64>(o, reach * reach * ALMOST, R);
      store<i32>(o, neighborType, ATOM + 4);
    }
    let pairEnergy = f64x2.splat(0);
    let reach = v128.load_splat<f64>(row, 8);
    let sigma = v128.load_splat<f64>(row, 16);
    let gammaSigma = v128.load_splat<f64>(row, 24);
    let strength = v128.load_splat<f64>(row, 32);
    let B = v128.load_splat<f64>(row, 40);
    let p = v128.load_splat<f64>(row, 48);
    let q = v128.load_splat<f64>(row, 56);
    for (let k = 0; k < count; k += 2) {
      const o = S + (<usize>k << 3);
      if (many) {
        const a = row + (<usize>load<i32>(o, ATOM + 4) << 6);
        const b = row + (<usize>load<i32>(o, ATOM + 12) << 6);
        reach = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 8), 1, 8);
        sigma = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 16), 1, 16);
        gammaSigma = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 24), 1, 24);
        strength = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 32), 1, 32);
        B = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 40), 1, 40);
        p = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 48), 1, 48);
        q = v128.load_lane<f64>(b, v128.load_zero<f64>(a, 56), 1, 56);
      }
      const r = f64x2.sqrt(v128.load(o, R));
      const inverse = f64x2.div(one, r);
      const ux = f64x2.mul(v128.load(o, UX), inverse);
      const uy = f64x2.mul(v128.load(o, UY), inverse);
      const uz = f64x2.mul(v128.load(o, UZ), inverse);
      // 1 / (r - a sigma) < 0
      const beyond = f64x2.div(one, f64x2.sub(r, reach));
      const beyond2 = f64x2.mul(beyond, beyond);
      const envelope = f64x2.mul(strength, vexp(f64x2.mul(sigma, beyond)));
      const g = vexp(f64x2.mul(gammaSigma, beyond));
      v128.store(o, ux, UX);
      v128.store(o, uy, UY);
      v128.store(o, uz, UZ);
      v128.store(o, inverse, R);
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
    let fix: f64 = 0;
    let fiy: f64 = 0;
    let fiz: f64 = 0;
    let energy = 0.5 * sum(pairEnergy);
    let triplet = triplets;
    for (let j = 0; j < count; j++) {
      const oj = S + (<usize>j << 3);
      const ux = load<f64>(oj, UX);
      const uy = load<f64>(oj, UY);
      const uz = load<f64>(oj, UZ);
      const inverseJ = load<f64>(oj, R);
      const gj = load<f64>(oj, G);
      const dgj = load<f64>(oj, DG);
      const typeJ = many ? load<i32>(oj, ATOM + 4) : 0;
      const half = load<f64>(oj, HALF);
      let gx = half * ux;
      let gy = half * uy;
      let gz = half * uz;
      for (let k = j + 1; k < count; k++) {
        const ok = S + (<usize>k << 3);
        const vx = load<f64>(ok, UX);
        const vy = load<f64>(ok, UY);
        const vz = load<f64>(ok, UZ);
        const inverseK = load<f64>(ok, R);
        if (many) triplet = triplets + (<usize>((type * species + typeJ) * species + load<i32>(ok, ATOM + 4)) << 4);
        const strengthJ = load<f64>(triplet) * load<f64>(ok, G);
        const cosine = ux * vx + uy * vy + uz * vz;
        const bend = cosine - load<f64>(triplet, 8);
        const weight = strengthJ * gj;
        const bend2 = bend * bend;
        energy += weight * bend2;
        const turn = 2 * weight * bend;
        const acrossJ = turn * inverseJ;
        const acrossK = turn * inverseK;
        const alongJ = strengthJ * dgj * bend2 - acrossJ * cosine;
        const alongK = load<f64>(triplet) * gj * load<f64>(ok, DG) * bend2 - acrossK * cosine;
        gx += alongJ * ux + acrossJ * vx;
        gy += alongJ * uy + acrossJ * vy;
        gz += alongJ * uz + acrossJ * vz;
        const hx = alongK * vx + acrossK * ux;
        const hy = alongK * vy + acrossK * uy;
        const hz = alongK * vz + acrossK * uz;
        fix += hx;
        fiy += hy;
        fiz += hz;
        const f = F + (<usize>load<i32>(ok, ATOM) << 5);
        store<f64>(f, load<f64>(f) - hx);
        store<f64>(f, load<f64>(f, 8) - hy, 8);
        store<f64>(f, load<f64>(f, 16) - hz, 16);
      }
      fix += gx;
      fiy += gy;
      fiz += gz;
      const f = F + (<usize>load<i32>(oj, ATOM) << 5);
      store<f64>(f, load<f64>(f) - gx);
      store<f64>(f, load<f64>(f, 8) - gy, 8);
      store<f64>(f, load<f64>(f, 16) - gz, 16);
    }
    const f = F + (<usize>i << 5);
    store<f64>(f, load<f64>(f) + fix);
    store<f64>(f, load<f64>(f, 8) + fiy, 8);
    store<f64>(f, load<f64>(f, 16) + fiz, 16);
    store<f64>(f, load<f64>(f, 24) + energy, 24);
  }
}

export function stillingerWeber(system: System, parameters: usize, begin: i32, end: i32): void {
  const plain = load<i32>(parameters, 16) == 1;
  if (load<i32>(parameters) > 1) {
    if (plain) atoms(system, parameters, begin, end, true, true);
    else atoms(system, parameters, begin, end, true, false);
  } else if (plain) atoms(system, parameters, begin, end, false, true);
  else atoms(system, parameters, begin, end, false, false);
}
