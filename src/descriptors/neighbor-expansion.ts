import { type BispectrumElement, type BispectrumParameters, pairCutoff } from "./bispectrum-spec.js";

/** Where layer j starts when the layers 0..j-1, full squares of (j+1)^2 elements, stand before it. */
export const layerStart = (j: number): number => (j * (j + 1) * (2 * j + 1)) / 6;

/**
 * How much a neighbor at distance r counts and the slope of that, without its weight: fcut(r) = (1 + cos(pi (r - rmin0)
 * / (rcut - rmin0))) / 2 outside rmin0, and with switchinnerflag times a like step from 0 to 1 between sinner - dinner
 * and sinner + dinner, both means of the two elements.
 */
export function switching(
  r: number,
  center: BispectrumElement,
  neighbor: BispectrumElement,
  parameters: BispectrumParameters,
): { readonly value: number; readonly slope: number } {
  const { rmin0, switchflag, switchinnerflag } = parameters;
  let value = 1;
  let slope = 0;
  if (switchflag && r > rmin0) {
    const scale = Math.PI / (pairCutoff(parameters, center, neighbor) - rmin0);
    value = (1 + Math.cos(scale * (r - rmin0))) / 2;
    slope = (-scale * Math.sin(scale * (r - rmin0))) / 2;
  }
  if (!switchinnerflag) return { value, slope };
  const middle = (center.sinner + neighbor.sinner) / 2;
  const width = (center.dinner + neighbor.dinner) / 2;
  if (r >= middle + width) return { value, slope };
  if (r <= middle - width) return { value: 0, slope: 0 };
  const angle = (Math.PI * (r - middle + width)) / (2 * width);
  const inner = (1 - Math.cos(angle)) / 2;
  return { value: value * inner, slope: slope * inner + (value * Math.PI * Math.sin(angle)) / (4 * width) };
}

/**
 * The Wigner matrices u_j(a, b), j = 0..twojmax doubled, of the rotation that maps the vector (x, y, z) from an atom to
 * its neighbor onto the 3-sphere, times `switching` and the weight of the neighbor, with their gradients:
 * 8 numbers per element, (re, im) of the value and of the derivatives with respect to x, y, z.
 *
 * theta0 = rfac0 pi (r - rmin0) / (rcut - rmin0), z0 = r / tan theta0, a = (z0 - i z) / sqrt(r^2 + z0^2),
 * b = (y - i x) / sqrt(r^2 + z0^2); Varshalovich 4.8.2, with rows mb and columns ma:
 * u_j[mb][ma] = sqrt((j-ma)/(j-mb)) conj(a) u_{j-1}[mb][ma] - sqrt(ma/(j-mb)) conj(b) u_{j-1}[mb][ma-1],
 * u_j[j-mb][j-ma] = (-1)^(ma+mb) conj(u_j[mb][ma]).
 */
export function neighborExpansion(
  x: number,
  y: number,
  z: number,
  center: BispectrumElement,
  neighbor: BispectrumElement,
  parameters: BispectrumParameters,
): Float64Array {
  const { twojmax, rfac0, rmin0 } = parameters;
  const layers = new Float64Array(8 * layerStart(twojmax + 1));
  const r = Math.hypot(x, y, z);
  const fade = switching(r, center, neighbor, parameters);
  layers[0] = neighbor.weight * fade.value;
  [x, y, z].forEach((component, axis) => {
    layers[2 + 2 * axis] = (neighbor.weight * fade.slope * component) / r;
  });
  const { a, b } = rotation(x, y, z, r, (rfac0 * Math.PI) / (pairCutoff(parameters, center, neighbor) - rmin0), rmin0);
  for (let j = 1; j <= twojmax; j++) {
    const from = layerStart(j - 1);
    const to = layerStart(j);
    for (let mb = 0; 2 * mb <= j; mb++)
      for (let ma = 0; ma < j; ma++) {
        const source = 8 * (from + mb * j + ma);
        const target = 8 * (to + mb * (j + 1) + ma);
        addConjugateProduct(layers, target, Math.sqrt((j - ma) / (j - mb)), a, source);
        addConjugateProduct(layers, target + 8, -Math.sqrt((ma + 1) / (j - mb)), b, source);
      }
    mirror(layers, j);
  }
  return layers;
}

/** a and b of the rotation, 8 numbers each: value and gradient, (re, im). */
function rotation(
  x: number,
  y: number,
  z: number,
  r: number,
  scale: number,
  rmin0: number,
): { readonly a: Float64Array; readonly b: Float64Array } {
  // r inside rmin0 turns the sign of both, as z0 = r / tan theta0 with a positive root does.
  const side = r < rmin0 ? -1 : 1;
  const cos = side * Math.cos(scale * (r - rmin0));
  const sin = side * Math.sin(scale * (r - rmin0));
  const s = sin / r;
  const a = Float64Array.of(cos, -s * z, 0, 0, 0, 0, 0, -s);
  const b = Float64Array.of(s * y, -s * x, 0, -s, s, 0, 0, 0);
  const slope = (scale * cos - s) / r;
  [x, y, z].forEach((component, axis) => {
    const direction = component / r;
    a[2 + 2 * axis]! -= scale * sin * direction;
    a[3 + 2 * axis]! -= slope * z * direction;
    b[2 + 2 * axis]! += slope * y * direction;
    b[3 + 2 * axis]! -= slope * x * direction;
  });
  return { a, b };
}

/** layers[target] += factor conj(c) layers[source], value and gradient. */
function addConjugateProduct(
  layers: Float64Array,
  target: number,
  factor: number,
  c: Float64Array,
  source: number,
): void {
  const [cr, ci, ur, ui] = [c[0]!, c[1]!, layers[source]!, layers[source + 1]!];
  layers[target]! += factor * (cr * ur + ci * ui);
  layers[target + 1]! += factor * (cr * ui - ci * ur);
  for (let k = 2; k < 8; k += 2) {
    const [dcr, dci, dur, dui] = [c[k]!, c[k + 1]!, layers[source + k]!, layers[source + k + 1]!];
    layers[target + k]! += factor * (cr * dur + ci * dui + dcr * ur + dci * ui);
    layers[target + k + 1]! += factor * (cr * dui - ci * dur + dcr * ui - dci * ur);
  }
}

/** Fills the rows mb > j/2 from their mirror images. */
function mirror(layers: Float64Array, j: number): void {
  const start = layerStart(j);
  for (let mb = Math.floor(j / 2) + 1; mb <= j; mb++)
    for (let ma = 0; ma <= j; ma++) {
      const sign = (ma + mb) % 2 === 0 ? 1 : -1;
      const source = 8 * (start + (j - mb) * (j + 1) + j - ma);
      const target = 8 * (start + mb * (j + 1) + ma);
      for (let k = 0; k < 8; k += 2) {
        layers[target + k] = sign * layers[source + k]!;
        layers[target + k + 1] = -sign * layers[source + k + 1]!;
      }
    }
}
