import { isolatedAtom } from "../descriptors/bispectrum-components.js";
import { bispectrumLayout, type Precision, packBispectrum } from "../descriptors/bispectrum-planner.js";
import { elementIndices } from "../descriptors/bispectrum-spec.js";
import { coupledBlocks, coupledTargets, packCouplings } from "../descriptors/coupling-planner.js";
import type { Packer } from "../engine/packer.js";
import { layOut, openRecord } from "../engine/record-layout.js";
import type { SnapModel } from "./snap.js";

/** Twin of `SnapParameters` in snap.as.ts. */
export const SNAP_PARAMETERS = layOut({
  tables: "usize",
  couplings: "usize",
  quadratic: "i32",
  terms: "i32",
  termCoefficients: "usize",
  constants: "usize",
  quadraticCoefficients: "usize",
  laneTerms: "usize",
  laneComponents: "usize",
  adjoint: "usize",
  seeds: "usize",
  sums: "usize",
});

const ELEMENT_BYTES = 32;
/** What snap-mixed.as.ts needs; snap.as.ts has enough with 160. */
const SUMS_BYTES = 272;

/** One density and a linear head: Y follows from the density and the coefficients alone. */
export const contractsDirectly = ({ parameters }: SnapModel): boolean =>
  !parameters.quadraticflag && parameters.channels === 1;

/**
 * Packs `SnapParameters`. With one density and a linear head the coefficients go straight into the contraction;
 * otherwise every coupling is formed first. Single precision is for one density only.
 */
export function packSnap(
  model: SnapModel,
  species: readonly number[],
  memory: Packer,
  precision: Precision = "double",
): number {
  const { parameters, components, couplings } = model;
  const elements = elementIndices(parameters, species, "snap");
  const quadratic = parameters.quadraticflag;
  const layout = bispectrumLayout(parameters.twojmax);
  const direct = contractsDirectly(model);
  const blocks = coupledBlocks(couplings);
  const tables = direct
    ? packBispectrum(
        parameters,
        elements,
        couplings,
        ({ j }, index) => ({ element: layout.halfStart[j]!, coefficient: index }),
        memory,
        precision,
      )
    : packBispectrum(parameters, elements, couplings, coupledTargets(blocks), memory, precision);
  const fields = {
    tables,
    couplings: direct ? 0 : packCouplings(parameters, components, couplings, blocks, memory, precision),
    quadratic: quadratic ? 1 : 0,
    terms: couplings.length,
    termCoefficients: memory.f64(elements.flatMap((element) => (quadratic ? [] : linearTerms(model, element)))),
    constants: memory.f64(elements.map((element) => constantOf(model, element))),
    quadraticCoefficients: memory.f64(elements.flatMap((element) => (quadratic ? squareRows(model, element) : []))),
    laneTerms: memory.allocate(16 * couplings.length),
    laneComponents: memory.allocate((precision === "double" ? 16 : 32) * components.length),
    adjoint: memory.allocate(parameters.channels * layout.halfCount * ELEMENT_BYTES),
    seeds: memory.allocate(2 * parameters.channels * layout.expansionBytes),
    sums: memory.allocate(SUMS_BYTES),
  };
  const address = memory.allocate(SNAP_PARAMETERS.bytes);
  const record = openRecord(memory.memory, SNAP_PARAMETERS, address);
  for (const [field, value] of Object.entries(fields)) record.set(field as keyof typeof fields, value);
  return address;
}

/** Coefficient of each coupling in Y, for a linear head. */
export const linearTerms = ({ couplings, coefficients }: SnapModel, element: number): number[] =>
  couplings.map(({ uses }) => uses.reduce((sum, [k, weight]) => sum + weight * coefficients[element]![1 + k]!, 0));

/**
 * The constant of an element, eV. The kernel of a linear head knows the cubic energy before bzeroflag shifts it, so
 * that its shift belongs here; that of a quadratic head has the shifted components.
 */
export function constantOf({ parameters, components, coefficients }: SnapModel, element: number): number {
  const row = coefficients[element]!;
  if (parameters.quadraticflag) return row[0]!;
  const own = parameters.chemflag ? element : 0;
  return components.reduce(
    (sum, component, k) => sum - row[1 + k]! * isolatedAtom(component, own, parameters),
    row[0]!,
  );
}

/** beta, then alpha as a full symmetric matrix, of E = beta . B + 1/2 B^T alpha B. */
export function squareRows({ components, coefficients }: SnapModel, element: number): number[] {
  const count = components.length;
  const row = coefficients[element]!;
  const values = Array.from({ length: count + count * count }, (_, k) => (k < count ? row[1 + k]! : 0));
  let next = 1 + count;
  for (let k = 0; k < count; k++)
    for (let l = k; l < count; l++) {
      values[count + k * count + l] = row[next]!;
      values[count + l * count + k] = row[next++]!;
    }
  return values;
}
