import { timesMatrix } from "../structure/cell.js";

/**
 * What a cell may do: nothing; change its volume; stretch a = b and c independently (the unique axis along z);
 * stretch along x, y and z; take any strain; or stretch along z alone. All of them are without rotation.
 */
export type CellFreedom = "fixed" | "isotropic" | "tetragonal" | "orthorhombic" | "any" | "uniaxial";

/**
 * Derivative of the enthalpy by strain [9] eV, -W + P V on the diagonal, projected on what the cell may do.
 * `virial` [9] eV, `pressureVolume` eV.
 */
export function cellGradient(
  virial: ArrayLike<number>,
  pressureVolume: number,
  freedom: CellFreedom,
  fixedVolume = false,
): Float64Array {
  const full = Float64Array.from({ length: 9 }, (_, i) => {
    const transposed = 3 * (i % 3) + Math.floor(i / 3);
    return -(virial[i]! + virial[transposed]!) / 2 + (i % 4 === 0 ? pressureVolume : 0);
  });
  return projectStrain(full, freedom, fixedVolume);
}

/** The part of a symmetric strain or strain gradient [9] that the cell's freedom allows. */
export function projectStrain(strain: Float64Array, freedom: CellFreedom, fixedVolume = false): Float64Array {
  const [xx = 0, , , , yy = 0, , , , zz = 0] = Array.from(strain);
  const diagonal = (x: number, y: number, z: number): Float64Array => Float64Array.of(x, 0, 0, 0, y, 0, 0, 0, z);
  const third = (xx + yy + zz) / 3;
  const allowed = {
    fixed: () => diagonal(0, 0, 0),
    isotropic: () => diagonal(third, third, third),
    tetragonal: () => diagonal((xx + yy) / 2, (xx + yy) / 2, zz),
    orthorhombic: () => diagonal(xx, yy, zz),
    any: () => strain.slice(),
    uniaxial: () => diagonal(0, 0, zz),
  }[freedom]();
  if (fixedVolume && freedom !== "fixed") for (const i of [0, 4, 8]) allowed[i]! -= third;
  return allowed;
}

/** exp(e) [9] of a symmetric strain [9], by its series: det exp(e) = exp(trace e), so a traceless strain keeps the volume. */
export function strainExponential(strain: ArrayLike<number>): Float64Array {
  const sum = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  let power = sum.slice();
  for (let order = 1; order < 30; order++) {
    power = timesMatrix(power, strain).map((x) => x / order);
    for (let i = 0; i < 9; i++) sum[i]! += power[i]!;
    if (power.every((x) => Math.abs(x) < 1e-18)) break;
  }
  return sum;
}
