import type { Structure } from "../structure/structure.js";
import { type AtomEnvironments, atomEnvironments } from "./atom-environments.js";
import { descriptorLength } from "./bispectrum-components.js";
import {
  type BispectrumModel,
  bispectrumEnvironment,
  bispectrumModel,
  couplingGradients,
  type EnvironmentNeighbor,
} from "./bispectrum-environment.js";
import type { BispectrumParameters } from "./bispectrum-spec.js";
import type { DescriptorSession, DesignBlock } from "./descriptor.js";
import { appendProductSlopes, appendProducts } from "./quadratic-products.js";

const VOIGT = [
  [0, 0],
  [1, 1],
  [2, 2],
  [1, 2],
  [0, 2],
  [0, 1],
] as const;

/** The bispectrum in plain TypeScript, one component and one neighbor at a time. */
export function openReferenceBispectrum(parameters: BispectrumParameters): DescriptorSession {
  const model = bispectrumModel(parameters);
  const length = descriptorLength(model.components.length, parameters.quadraticflag);
  return {
    engine: "reference",
    values(structure) {
      const environments = atomEnvironments(structure, parameters, "bispectrum");
      const values = new Float64Array(environments.count * length);
      for (let i = 0; i < environments.count; i++) {
        const neighbors = neighborsOf(environments, i);
        const { values: own } = bispectrumEnvironment(model, environments.elements[i]!, neighbors);
        values.set(parameters.quadraticflag ? appendProducts(own) : own, i * length);
      }
      return values;
    },
    designBlock: (structure) => designBlock(model, length, structure),
    dispose() {},
  };
}

function neighborsOf({ offsets, atoms, vectors, elements }: AtomEnvironments, i: number): EnvironmentNeighbor[] {
  const neighbors: EnvironmentNeighbor[] = [];
  for (let k = offsets[i]!; k < offsets[i + 1]!; k++)
    neighbors.push({
      x: vectors[3 * k]!,
      y: vectors[3 * k + 1]!,
      z: vectors[3 * k + 2]!,
      element: elements[atoms[k]!]!,
    });
  return neighbors;
}

function designBlock(model: BispectrumModel, length: number, structure: Structure): DesignBlock {
  const { parameters, components, couplings } = model;
  const environments = atomEnvironments(structure, parameters, "bispectrum");
  const { count, volume, elements, offsets, atoms, vectors } = environments;
  const columns = parameters.elements.length * (1 + length);
  const energy = new Float64Array(columns);
  const forces = new Float64Array(3 * count * columns);
  const stress = new Float64Array(6 * columns);
  for (let i = 0; i < count; i++) {
    const neighbors = neighborsOf(environments, i);
    const environment = bispectrumEnvironment(model, elements[i]!, neighbors);
    const block = elements[i]! * (1 + length);
    const own = parameters.quadraticflag ? appendProducts(environment.values) : environment.values;
    energy[block]! += 1;
    own.forEach((value, k) => {
      energy[block + 1 + k]! += value;
    });
    neighbors.forEach((neighbor, n) => {
      const pair = offsets[i]! + n;
      const gradients = couplingGradients(model, environment, n, neighbor.element);
      for (let axis = 0; axis < 3; axis++) {
        const slopes = new Float64Array(components.length);
        couplings.forEach(({ uses }, index) => {
          for (const [component, weight] of uses)
            slopes[component]! += weight * gradients[axis * couplings.length + index]!;
        });
        const all = parameters.quadraticflag ? appendProductSlopes(environment.values, slopes) : slopes;
        const rowOfAtom = (3 * i + axis) * columns + block + 1;
        const rowOfNeighbor = (3 * atoms[pair]! + axis) * columns + block + 1;
        for (let k = 0; k < length; k++) {
          forces[rowOfAtom + k]! += all[k]!;
          forces[rowOfNeighbor + k]! -= all[k]!;
        }
        VOIGT.forEach(([a, b], row) => {
          if (b !== axis) return;
          const arm = vectors[3 * pair + a]! / volume;
          for (let k = 0; k < length; k++) stress[row * columns + block + 1 + k]! += arm * all[k]!;
        });
      }
    });
  }
  return { columns, energy, forces, stress };
}
