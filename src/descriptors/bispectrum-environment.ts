import { clebschGordan } from "../math/clebsch-gordan.js";
import {
  type BispectrumComponent,
  bispectrumComponents,
  bispectrumCouplings,
  type Coupling,
  halfWeight,
  isolatedAtom,
} from "./bispectrum-components.js";
import type { BispectrumParameters } from "./bispectrum-spec.js";
import { layerStart, neighborExpansion } from "./neighbor-expansion.js";

/** A neighbor of an atom: the vector to it (A) and the index of its element. */
export interface EnvironmentNeighbor {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly element: number;
}

/** What the reference engine knows of the bispectrum before it sees atoms. */
export interface BispectrumModel {
  readonly parameters: BispectrumParameters;
  readonly components: readonly BispectrumComponent[];
  readonly couplings: readonly Coupling[];
}

export function bispectrumModel(parameters: BispectrumParameters): BispectrumModel {
  const components = bispectrumComponents(parameters);
  return { parameters, components, couplings: bispectrumCouplings(components, parameters) };
}

/** The bispectrum of one atom, and what its derivatives need. */
export interface Environment {
  /** [components] B, shifted by the isolated atom with bzeroflag. */
  readonly values: Float64Array;
  /** [neighbors] weighted Wigner matrices and gradients, as `neighborExpansion` returns them. */
  readonly expansions: readonly Float64Array[];
  /** [couplings] half layers Z, (re, im) per element. */
  readonly coupled: readonly Float64Array[];
}

/**
 * B = sum over the half layer of Re(Z conj U): U is the density of the neighbors plus the atom itself on the diagonal,
 * Z the product of two layers coupled by Clebsch-Gordan coefficients in both indices.
 */
export function bispectrumEnvironment(
  { parameters, components, couplings }: BispectrumModel,
  element: number,
  neighbors: readonly EnvironmentNeighbor[],
): Environment {
  const { twojmax, elements, channels, chemflag, wselfallflag } = parameters;
  const own = chemflag ? element : 0;
  const densities = Array.from({ length: channels }, (_, channel) => {
    const density = new Float64Array(2 * layerStart(twojmax + 1));
    if (channel === own || wselfallflag)
      for (let j = 0; j <= twojmax; j++) for (let m = 0; m <= j; m++) density[2 * (layerStart(j) + m * (j + 2))] = 1;
    return density;
  });
  const expansions = neighbors.map((neighbor) => {
    const { x, y, z } = neighbor;
    const layers = neighborExpansion(x, y, z, elements[element]!, elements[neighbor.element]!, parameters);
    const density = densities[chemflag ? neighbor.element : 0]!;
    for (let k = 0; k < density.length / 2; k++) {
      density[2 * k]! += layers[8 * k]!;
      density[2 * k + 1]! += layers[8 * k + 1]!;
    }
    return layers;
  });
  const coupled = couplings.map((coupling) =>
    couple(densities[coupling.channel1]!, densities[coupling.channel2]!, coupling),
  );
  const values = Float64Array.from(components, (component) => -isolatedAtom(component, own, parameters));
  couplings.forEach(({ j, channel, uses }, index) => {
    const overlap = halfSum(coupled[index]!, j, densities[channel]!, 2, 0);
    // The three couplings of a component give the same B up to their weights: a third of their weighted sum.
    for (const [component, weight] of uses) values[component]! += (weight * overlap) / 3;
  });
  return { values, expansions, coupled };
}

/**
 * [3 x couplings] sum over the half layer of Re(Z conj dU/dr) for the position (A) of one neighbor: the gradient of
 * component k is the sum of weight times this over the couplings that use it. Zero where the neighbor is in another
 * density.
 */
export function couplingGradients(
  { couplings, parameters }: BispectrumModel,
  { coupled, expansions }: Environment,
  neighbor: number,
  element: number,
): Float64Array {
  const own = parameters.chemflag ? element : 0;
  const gradients = new Float64Array(3 * couplings.length);
  couplings.forEach(({ j, channel }, index) => {
    if (channel !== own) return;
    for (let axis = 0; axis < 3; axis++)
      gradients[axis * couplings.length + index] = halfSum(coupled[index]!, j, expansions[neighbor]!, 8, 2 + 2 * axis);
  });
  return gradients;
}

/** Z_j[mb][ma], 2 mb <= j: sum over mb1 + mb2 and ma1 + ma2 of two Clebsch-Gordan factors times U_j1 U_j2. */
function couple(first: Float64Array, second: Float64Array, { j1, j2, j }: Coupling): Float64Array {
  const factors = clebschGordanOf(j1, j2, j);
  const lost = (j1 + j2 - j) / 2;
  const half = new Float64Array(2 * (Math.floor(j / 2) + 1) * (j + 1));
  for (let mb = 0; 2 * mb <= j; mb++)
    for (let ma = 0; ma <= j; ma++) {
      let re = 0;
      let im = 0;
      for (let mb1 = Math.max(0, mb + lost - j2); mb1 <= Math.min(j1, mb + lost); mb1++) {
        const mb2 = mb + lost - mb1;
        let rowRe = 0;
        let rowIm = 0;
        for (let ma1 = Math.max(0, ma + lost - j2); ma1 <= Math.min(j1, ma + lost); ma1++) {
          const ma2 = ma + lost - ma1;
          const factor = factors[ma1 * (j2 + 1) + ma2]!;
          const p = 2 * (layerStart(j1) + mb1 * (j1 + 1) + ma1);
          const q = 2 * (layerStart(j2) + mb2 * (j2 + 1) + ma2);
          rowRe += factor * (first[p]! * second[q]! - first[p + 1]! * second[q + 1]!);
          rowIm += factor * (first[p]! * second[q + 1]! + first[p + 1]! * second[q]!);
        }
        const factor = factors[mb1 * (j2 + 1) + mb2]!;
        re += factor * rowRe;
        im += factor * rowIm;
      }
      half[2 * (mb * (j + 1) + ma)] = re;
      half[2 * (mb * (j + 1) + ma) + 1] = im;
    }
  return half;
}

/** Sum over the half layer j of Re(Z conj U), U at `stride` numbers per element from `offset`. */
function halfSum(coupled: Float64Array, j: number, layers: Float64Array, stride: number, offset: number): number {
  let sum = 0;
  for (let mb = 0; 2 * mb <= j; mb++)
    for (let ma = 0; ma <= j; ma++) {
      const k = mb * (j + 1) + ma;
      const u = stride * (layerStart(j) + k) + offset;
      sum += halfWeight(j, mb, ma) * (coupled[2 * k]! * layers[u]! + coupled[2 * k + 1]! * layers[u + 1]!);
    }
  return sum;
}

const tables = new Map<string, Float64Array>();

function clebschGordanOf(j1: number, j2: number, j: number): Float64Array {
  const key = `${j1},${j2},${j}`;
  const table = tables.get(key) ?? clebschGordan(j1, j2, j);
  tables.set(key, table);
  return table;
}
