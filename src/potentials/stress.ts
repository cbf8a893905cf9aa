/**
 * Virial [9] eV, row major, to stress [6] eV/A^3, Voigt xx yy zz yz xz xy, positive = tension: sigma = -W / V. The
 * off-diagonal pairs are averaged; they are equal up to rounding for every law that does not feel a rotation.
 */
export function virialToStress(virial: ArrayLike<number>, volume: number): Float64Array {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = Array.from(virial, (w) => -w / volume) as Nine;
  return Float64Array.of(xx, yy, zz, (yz + zy) / 2, (xz + zx) / 2, (xy + yx) / 2);
}

/** Stress [6] eV/A^3, Voigt xx yy zz yz xz xy, to virial [9] eV, row major: W = -V sigma. */
export function stressToVirial(stress: ArrayLike<number>, volume: number): Float64Array {
  const [xx, yy, zz, yz, xz, xy] = Array.from(stress, (s) => -s * volume) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Float64Array.of(xx, xy, xz, xy, yy, yz, xz, yz, zz);
}

type Nine = [number, number, number, number, number, number, number, number, number];
