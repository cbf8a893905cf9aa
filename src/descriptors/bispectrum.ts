import { bispectrumComponents, componentNames } from "./bispectrum-components.js";
import { openReferenceBispectrum } from "./bispectrum-reference.js";
import { type BispectrumSpec, largestCutoff, toBispectrumParameters } from "./bispectrum-spec.js";
import { openWasmBispectrum } from "./bispectrum-wasm.js";
import type { Descriptor } from "./descriptor.js";

/**
 * The bispectrum of the neighbor density on the 3-sphere: A. P. Bartok, M. C. Payne, R. Kondor, G. Csanyi, Phys. Rev.
 * Lett. 104, 136403 (2010), in the form of SNAP, A. P. Thompson et al., J. Comput. Phys. 285, 316 (2015); several
 * elements in one density by weights, or with chemflag one density each, M. A. Cusentino, M. A. Wood, A. P. Thompson,
 * J. Phys. Chem. A 124, 5456 (2020). Keys mean what they mean in LAMMPS.
 */
export function createBispectrum(spec: BispectrumSpec): Descriptor {
  const parameters = toBispectrumParameters(spec);
  const names = componentNames(bispectrumComponents(parameters), parameters);
  return {
    spec,
    cutoff: largestCutoff(parameters),
    length: names.length,
    elements: parameters.elements.map(({ number }) => number),
    names,
    open: async (engine = "wasm") =>
      engine === "reference" ? openReferenceBispectrum(parameters) : openWasmBispectrum(parameters),
  };
}
