import * as v from "valibot";
import { descriptorLength } from "../descriptors/bispectrum-components.js";
import {
  type BispectrumModel,
  bispectrumEnvironment,
  bispectrumModel,
  couplingGradients,
} from "../descriptors/bispectrum-environment.js";
import {
  bispectrumEntries,
  elementIndices,
  largestCutoff,
  pairCutoff,
  resolveBispectrum,
} from "../descriptors/bispectrum-spec.js";
import { appendProducts, effectiveCoefficients } from "../descriptors/quadratic-products.js";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import type { Law } from "./law.js";
import { real } from "./parameters.js";
import { addVectorGradient, neighborsWithin } from "./reference-neighbors.js";
import { snapTwin } from "./snap.wgsl.js";
import { packSnap } from "./snap-planner.js";
import type { ReferenceResult, ReferenceSystem, Term, WasmTwin } from "./term.js";

const schema = v.strictObject({
  kind: v.literal("snap"),
  ...bispectrumEntries,
  /**
   * One row per element, in their order: first the constant (eV), then the coefficient of each number of the
   * descriptor, with quadraticflag those of the products B_k B_l, k <= l, after those of the components.
   */
  coefficients: v.array(v.array(real)),
});

export type SnapSpec = v.InferInput<typeof schema>;

/** A SNAP model ready to be evaluated: the bispectrum and one row of coefficients per element. */
export interface SnapModel extends BispectrumModel {
  readonly coefficients: readonly (readonly number[])[];
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const parameters = resolveBispectrum(spec, "snap");
  const bispectrum = bispectrumModel(parameters);
  const { coefficients } = spec;
  const width = 1 + descriptorLength(bispectrum.components.length, parameters.quadraticflag);
  if (coefficients.length !== parameters.elements.length)
    throw new InputError({
      what: "snap.coefficients",
      value: `${coefficients.length} rows`,
      expected: `one for each of the ${parameters.elements.length} elements`,
    });
  const wrong = coefficients.find((row) => row.length !== width);
  if (wrong)
    throw new InputError({
      what: "snap.coefficients",
      value: `a row of ${wrong.length} numbers`,
      expected: `${width}: a constant and ${width - 1} for twojmax ${parameters.twojmax}${parameters.quadraticflag ? ", quadraticflag" : ""}`,
    });
  const model: SnapModel = { ...bispectrum, coefficients };
  const wasm: WasmTwin = {
    kernel: Kernel.snap,
    list: "full",
    scratchPerAtom: 0,
    cost: 10,
    pack: (species, memory) => packSnap(model, species, memory),
  };
  return {
    kind: spec.kind,
    cutoff: largestCutoff(parameters),
    continuity: parameters.switchflag ? "C1" : "truncated",
    elements: parameters.elements.map(({ number }) => number),
    evaluate: (system, result) => evaluate(model, system, result),
    wasm,
    ...(parameters.channels === 1
      ? {
          mixed: {
            ...wasm,
            kernel: Kernel.snapMixed,
            cost: 6,
            pack: (species, memory) => packSnap(model, species, memory, "single"),
          },
        }
      : {}),
    webgpu: (species) => snapTwin(model, species),
  };
}

function evaluate(model: SnapModel, system: ReferenceSystem, result: ReferenceResult): void {
  const { parameters, couplings, components, coefficients } = model;
  const { elements } = parameters;
  const elementOfType = elementIndices(parameters, system.species, "snap");
  const cutoff = largestCutoff(parameters);
  for (let i = 0; i < system.count; i++) {
    const own = elementOfType[system.types[i]!]!;
    const neighbors = neighborsWithin(system, i, cutoff)
      .map((neighbor) => ({ ...neighbor, element: elementOfType[neighbor.type]! }))
      .filter(({ r, element }) => r < pairCutoff(parameters, elements[own]!, elements[element]!));
    const environment = bispectrumEnvironment(model, own, neighbors);
    const [constant, ...linear] = coefficients[own]!;
    const values = linear.length > components.length ? appendProducts(environment.values) : environment.values;
    result.energies[i]! += constant! + values.reduce((sum, value, k) => sum + linear[k]! * value, 0);
    const effective = effectiveCoefficients(linear, environment.values);
    const factors = couplings.map(({ uses }) => uses.reduce((sum, [k, weight]) => sum + weight * effective[k]!, 0));
    neighbors.forEach((neighbor, n) => {
      const gradients = couplingGradients(model, environment, n, neighbor.element);
      const [gx, gy, gz] = [0, 1, 2].map((axis) =>
        factors.reduce((sum, factor, index) => sum + factor * gradients[axis * couplings.length + index]!, 0),
      );
      addVectorGradient(result, i, neighbor, gx!, gy!, gz!);
    });
  }
}

/**
 * SNAP: the energy of an atom is linear in the bispectrum of its neighbors, E_i = c_0 + sum_k c_k B_k, A. P. Thompson et
 * al., J. Comput. Phys. 285, 316 (2015), or quadratic, E_i = c_0 + beta . B + 1/2 B^T alpha B, M. A. Wood and A. P.
 * Thompson, J. Chem. Phys. 148, 241721 (2018). LAMMPS's `pair_style snap`; `zbl` is a term of its own.
 */
export const snap: Law<v.InferOutput<typeof schema>> = { kind: "snap", schema, toTerm };
