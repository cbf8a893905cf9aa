import { describe, expect, it } from "vitest";
import { type ComplexMatrix, hermitianEigen } from "../../src/math/hermitian-eigen.js";
import { randomStream } from "../../src/random.js";

function randomHermitian(size: number, seed: number): ComplexMatrix {
  const stream = randomStream(seed, "rattle");
  const [real, imaginary] = [new Float64Array(size * size), new Float64Array(size * size)];
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      real[i * size + j] = real[j * size + i] = stream.normal();
      if (j === i) continue;
      imaginary[i * size + j] = stream.normal();
      imaginary[j * size + i] = -imaginary[i * size + j]!;
    }
  return { size, real, imaginary };
}

/** [re, im] of the sum over k of conj(a_k,i) b_k,j. */
function overlap(a: ComplexMatrix, b: ComplexMatrix, i: number, j: number): [number, number] {
  let [re, im] = [0, 0];
  for (let k = 0; k < a.size; k++) {
    const [ar, ai] = [a.real[k * a.size + i]!, a.imaginary[k * a.size + i]!];
    const [br, bi] = [b.real[k * a.size + j]!, b.imaginary[k * a.size + j]!];
    re += ar * br + ai * bi;
    im += ar * bi - ai * br;
  }
  return [re, im];
}

describe("hermitianEigen", () => {
  it.each([1, 2, 3, 6, 12, 24])("%d rows: V unitary, V^H A V diagonal and ascending", (size) => {
    const matrix = randomHermitian(size, size);
    const { values, vectors } = hermitianEigen(matrix);
    for (let i = 0; i < size; i++) {
      if (i > 0) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]!);
      for (let j = 0; j < size; j++) {
        const [re, im] = overlap(vectors, vectors, i, j);
        expect(Math.abs(re - Number(i === j))).toBeLessThan(1e-13);
        expect(Math.abs(im)).toBeLessThan(1e-13);
        // Row j of A times column i of V; A is Hermitian, so that its column j is the conjugate of the row.
        const [ar, ai] = overlap(matrix, vectors, j, i);
        expect(Math.abs(ar - values[i]! * vectors.real[j * size + i]!)).toBeLessThan(1e-12);
        expect(Math.abs(ai - values[i]! * vectors.imaginary[j * size + i]!)).toBeLessThan(1e-12);
      }
    }
  });

  it("knows the spectra of Pauli's matrices and of a degenerate one", () => {
    const of = (real: number[], imaginary: number[]) =>
      Array.from(
        hermitianEigen({
          size: Math.sqrt(real.length),
          real: Float64Array.from(real),
          imaginary: Float64Array.from(imaginary),
        }).values,
      );
    for (const [k, x] of of([0, 0, 0, 0], [0, -1, 1, 0]).entries()) expect(x).toBeCloseTo([-1, 1][k]!, 14);
    for (const [k, x] of of([1, 1, 1, 1, 1, 1, 1, 1, 1], Array(9).fill(0)).entries())
      expect(x).toBeCloseTo([0, 0, 3][k]!, 14);
    expect(of([2, 0, 0, 2], [0, 0, 0, 0])).toEqual([2, 2]);
  });
});
