import type { Descriptor, DescriptorEngine, DesignBlock } from "../descriptors/descriptor.js";
import { ComputationError } from "../errors.js";
import type { LongWork } from "../progress.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { createBreather } from "./breather.js";
import { QUANTITIES, type Quantity, type QuantityWeights } from "./weights.js";

/**
 * What one structure says about the unknowns of a linear fit: for each quantity it has labels of, rows [A b], the label
 * last, without weights. Energy per atom [eV], force components [eV/A], stress components [GPa].
 */
export interface StructureRows {
  /** In the list of structures that the rows were made of. */
  readonly index: number;
  readonly group: string;
  readonly rows: Partial<Readonly<Record<Quantity, Float64Array>>>;
}

/** The rows of all structures. `width` is the number of unknowns + 1. */
export interface DesignMatrix {
  readonly width: number;
  readonly structures: readonly StructureRows[];
  /** Unknowns that are energies of atoms by themselves: the constant of each element. */
  readonly constants: readonly number[];
}

export interface DesignOptions extends LongWork {
  readonly engine?: DescriptorEngine;
  /** What progress calls it. */
  readonly task?: string;
  /** The constants are not unknowns: their columns are zero, and so are then their coefficients. */
  readonly withoutConstants?: boolean;
}

/** Columns of a descriptor's design block: for each element the constant and the components. */
export const designColumns = ({ elements, length }: Descriptor): number => elements.length * (1 + length);

/** The constant column of each element. */
export const constantColumns = ({ elements, length }: Descriptor): number[] =>
  elements.map((_, element) => element * (1 + length));

/** The rows of one structure after another, so that a matrix larger than memory can stream into its factor. */
export async function* designRows(
  descriptor: Descriptor,
  structures: readonly LabeledStructure[],
  { engine = "wasm", task = "design matrix", withoutConstants = false, signal, onProgress }: DesignOptions = {},
): AsyncGenerator<StructureRows> {
  const session = await descriptor.open(engine);
  const breathe = createBreather(signal);
  try {
    for (const [index, labeled] of structures.entries()) {
      await breathe();
      const block = session.designBlock(labeled.structure);
      if (withoutConstants) for (const column of constantColumns(descriptor)) block.energy[column] = 0;
      yield { index, group: labeled.group, rows: rowsOf(block, labeled) };
      onProgress?.({ task, done: index + 1, total: structures.length });
    }
  } finally {
    session.dispose();
  }
}

/** All rows in memory, for searches that fit many times. */
export async function createDesignMatrix(
  descriptor: Descriptor,
  structures: readonly LabeledStructure[],
  options: DesignOptions = {},
): Promise<DesignMatrix> {
  const rows: StructureRows[] = [];
  for await (const next of designRows(descriptor, structures, options)) rows.push(next);
  return { width: designColumns(descriptor) + 1, structures: rows, constants: constantColumns(descriptor) };
}

/** Bytes that `createDesignMatrix` would need. */
export function designBytes(descriptor: Descriptor, structures: readonly LabeledStructure[]): number {
  const rows = structures.reduce(
    (sum, { energy, forces, stress }) =>
      sum + (energy === undefined ? 0 : 1) + (forces?.length ?? 0) + (stress ? 6 : 0),
    0,
  );
  return 8 * rows * (designColumns(descriptor) + 1);
}

function rowsOf(
  block: DesignBlock,
  { structure, energy, forces, stress, group }: LabeledStructure,
): StructureRows["rows"] {
  const atoms = structure.numbers.length;
  const width = block.columns + 1;
  const augment = (values: Float64Array, labels: ArrayLike<number>, scale: number): Float64Array => {
    const rows = new Float64Array(labels.length * width);
    for (let i = 0; i < labels.length; i++) {
      for (let j = 0; j < block.columns; j++) rows[i * width + j] = values[i * block.columns + j]! * scale;
      rows[i * width + block.columns] = labels[i]! * scale;
    }
    if (!rows.every(Number.isFinite))
      throw new ComputationError({ what: `descriptors of a structure in group ${group}`, value: "not finite" });
    return rows;
  };
  return {
    ...(energy === undefined ? {} : { energy: augment(block.energy, [energy], 1 / atoms) }),
    ...(forces === undefined ? {} : { forces: augment(block.forces, forces, 1) }),
    ...(stress === undefined ? {} : { stress: augment(block.stress, stress, GPA_PER_EV_A3) }),
  };
}

/** Rows of one structure times its weights, quantity after quantity, for a factor; rows of weight 0 are left out. */
export function weightedRows({ rows }: StructureRows, weights: QuantityWeights): Float64Array[] {
  return QUANTITIES.flatMap((quantity) => {
    const given = rows[quantity];
    const weight = weights[quantity];
    return given === undefined || weight === 0 ? [] : [given.map((x) => x * weight)];
  });
}

/** What coefficients predict for rows [A b]: A x, in the units of the rows. */
export function predictRows(rows: Float64Array, coefficients: Float64Array): Float64Array {
  const width = coefficients.length + 1;
  const predictions = new Float64Array(rows.length / width);
  for (let i = 0; i < predictions.length; i++) {
    let sum = 0;
    for (let j = 0, k = i * width; j < coefficients.length; j++, k++) sum += rows[k]! * coefficients[j]!;
    predictions[i] = sum;
  }
  return predictions;
}

/** The labels of rows [A b]. */
export const labelsOf = (rows: Float64Array, width: number): Float64Array =>
  Float64Array.from({ length: rows.length / width }, (_, i) => rows[(i + 1) * width - 1]!);
