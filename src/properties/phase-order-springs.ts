import type { RandomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";
import { bondsWithin, meanSpacing } from "./order-neighbors.js";

/** Farthest neighbor with a spring, in units of the mean spacing. */
const REACH = 1.45;
/** Stiffness of a spring falls with distance as this power. */
const POWER = -8;
/** Stiffness that ties an atom to its site, as a share of its springs: open crystals have no other resistance to shear. */
const TIE = 0.05;
const SWEEPS = 60;

/**
 * Displacements [3N] A of the harmonic crystal whose neighbors are joined by central springs: they are correlated as in
 * real crystals, with the soft modes that the lattice has by its geometry (the omega and N modes of bcc), and have the
 * standard deviation `amplitude` A per component. Drawn from exp(-H/kT) by the Gibbs sampler, atom by atom.
 */
export function springVibrations(sites: Structure, amplitude: number, random: RandomStream): Float64Array {
  const spacing = meanSpacing(sites);
  const { offsets, neighbors, directions, distances } = bondsWithin(sites, REACH * spacing);
  const count = sites.numbers.length;
  const stiffness = distances.map((r) => (r / spacing) ** POWER);
  const u = new Float64Array(3 * count);
  const factors = new Float64Array(6 * count);
  for (let i = 0; i < count; i++) {
    const a = new Float64Array(6);
    let total = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const [x, y, z] = [directions[3 * k]!, directions[3 * k + 1]!, directions[3 * k + 2]!];
      const spring = stiffness[k]!;
      total += spring;
      [x * x, x * y, y * y, x * z, y * z, z * z].forEach((product, n) => {
        a[n]! += spring * product;
      });
    }
    for (const n of [0, 2, 5]) a[n]! += TIE * total;
    factors.set(factorOf(a), 6 * i);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let i = 0; i < count; i++) {
      const pull = [0, 0, 0];
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
        let along = 0;
        for (let d = 0; d < 3; d++) along += directions[3 * k + d]! * u[3 * neighbors[k]! + d]!;
        for (let d = 0; d < 3; d++) pull[d]! += stiffness[k]! * along * directions[3 * k + d]!;
      }
      const l = factors.subarray(6 * i, 6 * i + 6);
      // A u = pull + L noise, A = L L^T: the conditional mean and noise of covariance A^-1.
      const p = pull[0]! / l[0]!;
      const q = (pull[1]! - l[1]! * p) / l[2]!;
      const r = (pull[2]! - l[3]! * p - l[4]! * q) / l[5]!;
      const [e, f, g] = [p + random.normal(), q + random.normal(), r + random.normal()];
      const z = g / l[5]!;
      const y = (f - l[4]! * z) / l[2]!;
      u[3 * i] = (e - l[1]! * y - l[3]! * z) / l[0]!;
      u[3 * i + 1] = y;
      u[3 * i + 2] = z;
    }
  let square = 0;
  for (const x of u) square += x * x;
  const scale = amplitude / Math.sqrt(square / u.length);
  return u.map((x) => x * scale);
}

/** Cholesky factor of a symmetric 3 x 3 matrix, both as xx, yx, yy, zx, zy, zz. */
function factorOf(a: Float64Array): Float64Array {
  const xx = Math.sqrt(a[0]!);
  const yx = a[1]! / xx;
  const yy = Math.sqrt(a[2]! - yx * yx);
  const zx = a[3]! / xx;
  const zy = (a[4]! - zx * yx) / yy;
  return Float64Array.of(xx, yx, yy, zx, zy, Math.sqrt(a[5]! - zx * zx - zy * zy));
}
