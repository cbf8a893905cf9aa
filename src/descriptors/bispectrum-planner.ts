import type { Packer } from "../engine/packer.js";
import { layOut, openRecord } from "../engine/record-layout.js";
import { clebschGordan } from "../math/clebsch-gordan.js";
import { type Coupling, halfWeight } from "./bispectrum-components.js";
import { type BispectrumParameters, pairCutoff } from "./bispectrum-spec.js";
import { type Cell, integer, packCells, real, single } from "./mixed-table.js";
import { layerStart } from "./neighbor-expansion.js";

/** Twin of `BispectrumTables` in bispectrum.as.ts. */
export const BISPECTRUM_TABLES = layOut({
  twojmax: "i32",
  channels: "i32",
  types: "i32",
  inner: "i32",
  selfAll: "i32",
  rmin0: "f64",
  pairs: "usize",
  channelOfType: "usize",
  layers: "usize",
  expansionBytes: "i32",
  halfCount: "i32",
  fullCount: "i32",
  assembly: "usize",
  half: "usize",
  weights: "usize",
  programCount: "i32",
  program: "usize",
  slots: "usize",
  expansions: "usize",
  slotCapacity: "i32",
  totals: "usize",
  density: "usize",
  factors: "usize",
});

/** Bytes of a slot, two neighbors; those of an element, two lanes of a complex number. */
const SLOT_BYTES = 240;
const ELEMENT_BYTES = 32;

/** What a vector holds: two numbers in f64, or four in f32 (bispectrum-mixed.as.ts). */
export type Precision = "double" | "single";

/** Neighbors that the atoms of a vector may have together; the kernel reports when there are more. */
const NEIGHBOR_CAPACITY = { double: 1024, single: 2048 } as const;

/** Where layers stand in the memory of the kernel, in elements or bytes. */
export interface BispectrumLayout {
  readonly twojmax: number;
  /** [twojmax + 1] element where the half layer j starts. */
  readonly halfStart: readonly number[];
  readonly halfCount: number;
  readonly fullCount: number;
  /** [twojmax + 1] byte where the layer j of an expansion starts. */
  readonly expansionStart: readonly number[];
  readonly expansionBytes: number;
}

export function bispectrumLayout(twojmax: number): BispectrumLayout {
  const halfStart: number[] = [];
  const expansionStart: number[] = [];
  let halfCount = 0;
  let expansionBytes = 0;
  for (let j = 0; j <= twojmax; j++) {
    const rows = Math.floor(j / 2) + 1;
    halfStart.push(halfCount);
    halfCount += rows * (j + 1);
    expansionStart.push(expansionBytes);
    const mirrorRow = j % 2 === 1 && j < twojmax ? 1 : 0;
    expansionBytes += (rows + mirrorRow) * (j + 1) * ELEMENT_BYTES;
  }
  return { twojmax, halfStart, halfCount, fullCount: layerStart(twojmax + 1), expansionStart, expansionBytes };
}

/** Elements of the half layer j, rows mb <= j/2. */
export const halfLayerCount = (j: number): number => (Math.floor(j / 2) + 1) * (j + 1);

/** Where `contract` adds one coupled layer: a place in its target and the vector that multiplies it. */
export interface Target {
  /** Element where the half layer starts. */
  readonly element: number;
  /** Index of the vector of coefficients. */
  readonly coefficient: number;
}

/**
 * Packs `BispectrumTables` for atoms whose types are these elements (indices in `parameters.elements`); `targetOf` says
 * where each coupling goes. Couplings that differ in their target channel only are contracted once.
 */
export function packBispectrum(
  parameters: BispectrumParameters,
  elements: readonly number[],
  couplings: readonly Coupling[],
  targetOf: (coupling: Coupling, index: number) => Target,
  memory: Packer,
  precision: Precision = "double",
): number {
  const { twojmax, channels } = parameters;
  const layout = bispectrumLayout(twojmax);
  const program = contractionProgram(layout, couplings, targetOf, memory, precision);
  const slots = NEIGHBOR_CAPACITY[precision] / 2 + 2 * channels;
  const fields = {
    twojmax,
    channels,
    inner: parameters.switchinnerflag ? 1 : 0,
    selfAll: parameters.wselfallflag ? 1 : 0,
    rmin0: parameters.rmin0,
    ...packTypes(parameters, elements, memory),
    layers: memory.i32(layout.expansionStart),
    expansionBytes: layout.expansionBytes,
    halfCount: layout.halfCount,
    fullCount: layout.fullCount,
    assembly: packCells(memory, assemblyTable(layout)),
    half: packCells(memory, halfTable(layout)),
    weights: memory.f64(halfElements(layout).map(({ weight }) => weight)),
    programCount: program.count,
    program: packCells(memory, program.cells),
    slots: memory.allocate(slots * SLOT_BYTES),
    expansions: memory.allocate(slots * layout.expansionBytes),
    slotCapacity: NEIGHBOR_CAPACITY[precision] / 2,
    totals: memory.allocate(channels * layout.expansionBytes),
    density: memory.allocate(channels * layout.fullCount * ELEMENT_BYTES),
    factors: memory.allocate((twojmax + 1) * ELEMENT_BYTES),
  };
  const address = memory.allocate(BISPECTRUM_TABLES.bytes);
  const record = openRecord(memory.memory, BISPECTRUM_TABLES, address);
  for (const [field, value] of Object.entries(fields)) record.set(field as keyof typeof fields, value);
  return address;
}

/** Packs what depends on the kinds of atom present: the fields `types`, `pairs` and `channelOfType`. */
export function packTypes(
  parameters: BispectrumParameters,
  elements: readonly number[],
  memory: Packer,
): { readonly types: number; readonly pairs: number; readonly channelOfType: number } {
  const { rmin0, rfac0, switchflag, chemflag } = parameters;
  const channelOfType = elements.map((element) => (chemflag ? element : 0));
  const pairs = elements.flatMap((a) =>
    elements.flatMap((b, type): Cell[] => {
      const center = parameters.elements[a]!;
      const neighbor = parameters.elements[b]!;
      const cutoff = pairCutoff(parameters, center, neighbor);
      const width = (center.dinner + neighbor.dinner) / 2;
      return [
        real(cutoff ** 2),
        real((rfac0 * Math.PI) / (cutoff - rmin0)),
        real(switchflag ? Math.PI / (cutoff - rmin0) : 0),
        real(neighbor.weight),
        real((center.sinner + neighbor.sinner) / 2 - width),
        real(width > 0 ? Math.PI / (2 * width) : 0),
        integer(channelOfType[type]!),
        integer(0),
        real(0),
      ];
    }),
  );
  return { types: elements.length, pairs: packCells(memory, pairs), channelOfType: memory.i32(channelOfType) };
}

/** Elements of the half layers with their factor c = sqrt(C(j,mb) / C(j,ma)) and the weight of their sum. */
function halfElements({ twojmax, halfStart, expansionStart }: BispectrumLayout) {
  const elements = [];
  for (let j = 0; j <= twojmax; j++)
    for (let mb = 0; 2 * mb <= j; mb++)
      for (let ma = 0; ma <= j; ma++)
        elements.push({
          j,
          mb,
          ma,
          half: (halfStart[j]! + mb * (j + 1) + ma) * ELEMENT_BYTES,
          expansion: expansionStart[j]! + (mb * (j + 1) + ma) * ELEMENT_BYTES,
          density: (layerStart(j) + mb * (j + 1) + ma) * ELEMENT_BYTES,
          factor: Math.sqrt(binomial(j, mb) / binomial(j, ma)),
          weight: halfWeight(j, mb, ma),
        });
  return elements;
}

function assemblyTable(layout: BispectrumLayout): Cell[] {
  return halfElements(layout).flatMap(({ j, mb, ma, expansion, density, factor }): Cell[] => {
    const self = real(ma === mb ? 1 : 0);
    const own = [integer(expansion), integer(density), real(factor), real(factor), self];
    if (2 * mb === j) return own;
    const mirrored = (layerStart(j) + (j - mb) * (j + 1) + j - ma) * ELEMENT_BYTES;
    const sign = (ma + mb) % 2 === 0 ? 1 : -1;
    return [...own, integer(expansion), integer(mirrored), real(sign * factor), real(-sign * factor), self];
  });
}

function halfTable(layout: BispectrumLayout): Cell[] {
  return halfElements(layout).flatMap(({ half, expansion, density, factor, weight }): Cell[] => [
    integer(half),
    integer(expansion),
    integer(density),
    integer(0),
    real(weight * factor),
  ]);
}

/** The program of `contract`, described there. Rows mb1, mb2 are kept where they reach a half layer. */
function contractionProgram(
  { fullCount }: BispectrumLayout,
  couplings: readonly Coupling[],
  targetOf: (coupling: Coupling, index: number) => Target,
  memory: Packer,
  precision: Precision,
): { readonly count: number; readonly cells: Cell[] } {
  const sources = new Map<string, Map<number, { readonly coupling: Coupling; readonly target: Target }>>();
  couplings.forEach((coupling, index) => {
    const { j1, j2, channel1, channel2, j } = coupling;
    const key = [j1, channel1, j2, channel2].join();
    const targets = sources.get(key) ?? new Map();
    sources.set(key, targets);
    if (!targets.has(j)) targets.set(j, { coupling, target: targetOf(coupling, index) });
  });
  const cells: Cell[] = [];
  const diagonals = new Map<string, number>();
  let count = 0;
  for (const targets of sources.values()) {
    const momenta = [...targets.keys()].sort((a, b) => b - a);
    const { j1, j2, channel1, channel2 } = targets.get(momenta[0]!)!.coupling;
    const tables = momenta.map((j) => clebschGordan(j1, j2, j));
    const key = `${j1},${j2}`;
    const address = diagonals.get(key) ?? packDiagonals(j1, j2, momenta, tables, memory, precision);
    diagonals.set(key, address);
    const same = j1 === j2 && channel1 === channel2;
    for (let mb1 = 0; mb1 <= j1; mb1++)
      for (let mb2 = same ? mb1 : 0; mb2 <= j2; mb2++) {
        const twice = 2 * (mb1 + mb2) - j1 - j2;
        const reached = momenta.filter((j) => twice <= 0 && j >= -twice);
        if (reached.length === 0) continue;
        count++;
        // On the middle rows of even layers only columns up to the diagonal count.
        const last = twice === 0 ? (j1 + j2) / 2 : j1 + j2;
        const row = (channel: number, j: number, mb: number): Cell =>
          integer((channel * fullCount + layerStart(j) + mb * (j + 1)) * ELEMENT_BYTES);
        cells.push(row(channel1, j1, mb1), row(channel2, j2, mb2), integer(reached.length), integer(address));
        cells.push(integer(last + 1), integer(0), integer(0), integer(0));
        reached.forEach((j, k) => {
          const { element, coefficient } = targets.get(j)!.target;
          const mb = (twice + j) / 2;
          const factor = (same && mb1 < mb2 ? 2 : 1) * tables[k]![mb1 * (j2 + 1) + mb2]!;
          cells.push(integer((element + mb * (j + 1) - (j1 + j2 - j) / 2) * ELEMENT_BYTES));
          cells.push(integer(16 * coefficient));
          cells.push(...(precision === "double" ? [real(factor)] : [single(factor), integer(0)]));
        });
      }
  }
  return { count, cells };
}

/** Clebsch-Gordan coefficients of (j1, j2) along the diagonals ma1 + ma2 = M, for the momenta that M reaches. */
function packDiagonals(
  j1: number,
  j2: number,
  momenta: readonly number[],
  tables: readonly Float64Array[],
  memory: Packer,
  precision: Precision,
): number {
  const [number, bytes] = precision === "double" ? ([real, 8] as const) : ([single, 4] as const);
  const header: Cell[] = [];
  const data: Cell[] = [];
  for (let M = 0; M <= j1 + j2; M++) {
    const reached = momenta.filter((j) => j >= Math.abs(2 * M - j1 - j2)).length;
    const first = Math.max(0, M - j2);
    const length = Math.min(j1, M) - first + 1;
    header.push(integer(16 * (j1 + j2 + 1) + bytes * data.length), integer(reached));
    header.push(integer(first * ELEMENT_BYTES), integer(length * ELEMENT_BYTES));
    for (let k = 0; k < reached; k++)
      for (let ma1 = first; ma1 < first + length; ma1++) data.push(number(tables[k]![ma1 * (j2 + 1) + M - ma1]!));
  }
  return packCells(memory, [...header, ...data]);
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
