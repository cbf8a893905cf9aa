import { bispectrumComponents, descriptorLength } from "../../src/descriptors/bispectrum-components.js";
import { type BispectrumEntries, resolveBispectrum } from "../../src/descriptors/bispectrum-spec.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { randomStream } from "../../src/random.js";
import { bcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { rattled, withElements } from "./structures.js";

const indium = { element: "In", radius: 0.52, weight: 1, sinner: 2.5, dinner: 0.3 };
const phosphorus = { element: "P", radius: 0.44, weight: 0.7, sinner: 2.1, dinner: 0.4 };

/** Bispectra that between them use every key. Cutoffs of In-In 4.78, In-P 4.42 and P-P 4.05 A. */
export const bispectra: Readonly<Record<string, BispectrumEntries>> = {
  "one element": { twojmax: 4, rcutfac: 4.6, elements: [indium] },
  "two elements, odd twojmax, rmin0": { twojmax: 5, rcutfac: 4.6, rmin0: 0.6, elements: [indium, phosphorus] },
  "quadraticflag, switchinnerflag": {
    twojmax: 4,
    rcutfac: 4.6,
    quadraticflag: true,
    switchinnerflag: true,
    elements: [phosphorus, indium],
  },
  "chemflag, bnormflag, wselfallflag": {
    twojmax: 4,
    rcutfac: 4.6,
    chemflag: true,
    bnormflag: true,
    wselfallflag: true,
    elements: [indium, phosphorus],
  },
  "chemflag, quadraticflag, bzeroflag off": {
    twojmax: 2,
    rcutfac: 4.6,
    chemflag: true,
    quadraticflag: true,
    bzeroflag: false,
    elements: [indium, phosphorus],
  },
  "switchflag off, rfac0": {
    twojmax: 3,
    rcutfac: 4.6,
    switchflag: false,
    rfac0: 0.8,
    elements: [indium],
  },
};

/** A potential on one of the bispectra, with coefficients that mean nothing, a few meV times each number. */
export function snapSpec(bispectrum: BispectrumEntries, seed = 1): LawSpec & { coefficients: number[][] } {
  const parameters = resolveBispectrum(bispectrum, "snap");
  const components = bispectrumComponents(parameters).length;
  const length = descriptorLength(components, parameters.quadraticflag);
  const stream = randomStream(seed, "rattle");
  const coefficients = parameters.elements.map(() =>
    Array.from({ length: 1 + length }, (_, k) => (k > components ? 1e-4 : 1e-2) * (2 * stream.uniform() - 1)),
  );
  return { kind: "snap", ...bispectrum, coefficients };
}

/** Six atoms of the elements of a bispectrum; all cutoffs stand between the shells of neighbors. */
export const snapAtoms = ({ elements }: BispectrumEntries): Structure => {
  const cell = supercell(bcc("In", 3.5), [1, 0, 0, 0, 1, 0, 0, 0, 3]);
  return rattled(withElements(cell, elements.length === 1 ? [49] : [49, 15, 15]), 0.08, 7);
};
