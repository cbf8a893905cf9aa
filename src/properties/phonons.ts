import { InputError } from "../errors.js";
import { type ComplexMatrix, hermitianEigen } from "../math/hermitian-eigen.js";
import { TIME_UNIT_FS } from "../units.js";
import type { ForceConstants } from "./force-constants.js";

/** Normal modes at one wave vector. */
export interface PhononModes {
  /** [3n] THz, ascending; an imaginary frequency is given as a negative number. */
  readonly frequencies: Float64Array;
  /** Polarizations of unit length as columns, on coordinates multiplied by the root of the mass. */
  readonly vectors: ComplexMatrix;
}

/** THz of a circular frequency of 1 in the internal unit of time. */
const THZ = 1000 / (2 * Math.PI * TIME_UNIT_FS);

/**
 * Dynamical matrix [3n x 3n], eV/(A^2 amu), at a wave vector in reciprocal vectors of the cell:
 *   D_ia,jb(q) = 1/sqrt(m_i m_j) sum over images of j: Phi_ia,jb exp(2 pi i q.(x_j - x_i)),
 * x in vectors of the cell (Born and Huang, Dynamical Theory of Crystal Lattices, 1954).
 */
export function dynamicalMatrix(constants: ForceConstants, q: ArrayLike<number>): ComplexMatrix {
  const { blocks, masses } = constants;
  if (q.length !== 3 || !Array.from(q).every(Number.isFinite))
    throw new InputError({ what: "wave vector", value: Array.from(q), expected: "three finite numbers" });
  const size = 3 * masses.length;
  const real = new Float64Array(size * size);
  const imaginary = new Float64Array(size * size);
  for (const { from, to, offset, values } of blocks) {
    const phase = 2 * Math.PI * (q[0]! * offset[0]! + q[1]! * offset[1]! + q[2]! * offset[2]!);
    const weight = 1 / Math.sqrt(masses[from]! * masses[to]!);
    const [c, s] = [weight * Math.cos(phase), weight * Math.sin(phase)];
    const corner = 3 * from * size + 3 * to;
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) {
        // The block is of (to, from), the entry of (from, to).
        const value = values[3 * a + b]!;
        real[corner + b * size + a]! += c * value;
        imaginary[corner + b * size + a]! += s * value;
      }
  }
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      const [k, l] = [i * size + j, j * size + i];
      real[k] = real[l] = (real[k]! + real[l]!) / 2;
      imaginary[k] = (imaginary[k]! - imaginary[l]!) / 2;
      imaginary[l] = -imaginary[k]!;
    }
  return { size, real, imaginary };
}

/** Normal modes at a wave vector in reciprocal vectors of the cell. */
export function phononModes(constants: ForceConstants, q: ArrayLike<number>): PhononModes {
  const { values, vectors } = hermitianEigen(dynamicalMatrix(constants, q));
  return { frequencies: values.map((square) => Math.sign(square) * Math.sqrt(Math.abs(square)) * THZ), vectors };
}
