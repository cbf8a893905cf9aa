import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { type CubicTable, cubicTable, cubicTableAt } from "../math/cubic-table.js";
import { symbolOf } from "../structure/elements.js";
import { element } from "./element-schema.js";
import { embeddedAtomTwin } from "./embedded-atom.wgsl.js";
import { KEPT_BYTES, packEmbeddedAtom } from "./embedded-atom-plan.js";
import type { Law } from "./law.js";
import { positive, real } from "./parameters.js";
import type { Continuity } from "./potential.js";
import { addVectorGradient, neighborsWithin } from "./reference-neighbors.js";
import type { ReferenceResult, ReferenceSystem, Term } from "./term.js";

const table = v.pipe(v.array(real), v.minLength(5));

const schema = v.strictObject({
  kind: v.literal("embedded-atom"),
  /** `alloy`: an element has one density; `finnis-sinclair`: one for each element that feels it. */
  form: v.picklist(["alloy", "finnis-sinclair"]),
  elements: v.pipe(v.array(element), v.minLength(1)),
  /** A. */
  cutoff: positive,
  /** Spacing of the embedding tables, which start at density 0. */
  densityStep: positive,
  /** A, spacing of the density and pair tables, which start at r = 0. */
  radialStep: positive,
  /** [element] eV. */
  embedding: v.array(table),
  /** [source element][1, or element that feels it]. */
  density: v.array(v.array(table)),
  /** [(0,0), (1,0), (1,1), (2,0), ...] r phi(r) in eV A. */
  pair: v.array(table),
  /** What the file said of itself. */
  comments: v.exactOptional(v.array(v.string())),
});

export type EmbeddedAtomSpec = v.InferInput<typeof schema>;

/** The tables of a spec as functions; elements count in the order of the spec. */
export interface EmbeddedAtomTables {
  /** Atomic numbers. */
  readonly elements: readonly number[];
  readonly cutoff: number;
  embedding(a: number): CubicTable;
  /** What an atom of element `source` contributes at one of element `site`. */
  density(source: number, site: number): CubicTable;
  /** r phi(r). */
  pair(a: number, b: number): CubicTable;
}

function toTables(spec: v.InferOutput<typeof schema>): EmbeddedAtomTables {
  const { elements, form, densityStep, radialStep } = spec;
  const count = elements.length;
  const expect = (what: string, value: number, expected: number): void => {
    if (value !== expected)
      throw new InputError({ what: `embedded-atom ${what}`, value: `${value} tables`, expected: `${expected}` });
  };
  expect("embedding", spec.embedding.length, count);
  expect("density", spec.density.length, count);
  for (const [index, densities] of spec.density.entries())
    expect(`density of ${symbolOf(elements[index]!)}`, densities.length, form === "alloy" ? 1 : count);
  expect("pair", spec.pair.length, (count * (count + 1)) / 2);
  const embedding = spec.embedding.map((values) => cubicTable(values, densityStep));
  const density = spec.density.map((row) => row.map((values) => cubicTable(values, radialStep)));
  const pair = spec.pair.map((values) => cubicTable(values, radialStep));
  return {
    elements,
    cutoff: spec.cutoff,
    embedding: (a) => embedding[a]!,
    density: (source, site) => density[source]![form === "alloy" ? 0 : site]!,
    pair: (a, b) => pair[(Math.max(a, b) * (Math.max(a, b) + 1)) / 2 + Math.min(a, b)]!,
  };
}

/** F(rho); beyond the table it goes on as a straight line. */
function embed(table: CubicTable, rho: number): { value: number; slope: number } {
  const end = (table.count - 1) * table.step;
  const at = cubicTableAt(table, rho);
  return rho > end ? { value: at.value + at.slope * (rho - end), slope: at.slope } : at;
}

function evaluate(tables: EmbeddedAtomTables, system: ReferenceSystem, result: ReferenceResult): void {
  const { count, types, species } = system;
  const index = species.map((number) => tables.elements.indexOf(number));
  const kindOf = (type: number): number => index[type]!;
  const slopes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const site = kindOf(types[i]!);
    let rho = 0;
    for (const { type, r } of neighborsWithin(system, i, tables.cutoff))
      rho += cubicTableAt(tables.density(kindOf(type), site), r).value;
    const { value, slope } = embed(tables.embedding(site), rho);
    result.energies[i]! += value;
    slopes[i] = slope;
  }
  for (let i = 0; i < count; i++) {
    const a = kindOf(types[i]!);
    for (const neighbor of neighborsWithin(system, i, tables.cutoff)) {
      const b = kindOf(neighbor.type);
      const { r } = neighbor;
      const pair = cubicTableAt(tables.pair(a, b), r);
      const phi = pair.value / r;
      const slope = slopes[i]! * cubicTableAt(tables.density(b, a), r).slope + 0.5 * ((pair.slope - phi) / r);
      result.energies[i]! += phi / 2;
      addVectorGradient(
        result,
        i,
        neighbor,
        (slope / r) * neighbor.x,
        (slope / r) * neighbor.y,
        (slope / r) * neighbor.z,
      );
    }
  }
}

/** How the tables end at the cutoff, relative to their largest entries. */
function continuityOf(tables: EmbeddedAtomTables): Continuity {
  const ends = tables.elements.flatMap((_, a) =>
    tables.elements.flatMap((_, b) =>
      [tables.density(a, b), tables.pair(a, b)].map((table) => {
        const { value, slope } = cubicTableAt(table, tables.cutoff);
        const scale = 1e-8 * Math.max(...table.coefficients.filter((_, k) => k % 4 === 3).map(Math.abs));
        return [Math.abs(value) <= scale, Math.abs(slope) <= scale] as const;
      }),
    ),
  );
  if (!ends.every(([value]) => value)) return "truncated";
  return ends.every(([, slope]) => slope) ? "C1" : "C0";
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const tables = toTables(spec);
  return {
    kind: spec.kind,
    cutoff: tables.cutoff,
    continuity: continuityOf(tables),
    elements: tables.elements,
    evaluate: (system, result) => evaluate(tables, system, result),
    wasm: {
      kernel: Kernel.embeddedAtom,
      list: "half",
      scratchPerAtom: tables.elements.length > 1 ? KEPT_BYTES.several : KEPT_BYTES.one,
      exchanges: ["gather", "spread"],
      pack: (species, memory) => packEmbeddedAtom(tables, species, memory),
    },
    webgpu: (species) => embeddedAtomTwin(tables, species),
  };
}

/**
 * E = sum_i F_i(rho_i) + 1/2 sum_ij phi_ij(r_ij), rho_i = sum_j f_ji(r_ij): M. S. Daw, M. I. Baskes, Phys. Rev. B 29,
 * 6443 (1984), and with f that depends on both elements M. W. Finnis, J. E. Sinclair, Philos. Mag. A 50, 45 (1984).
 */
export const embeddedAtom: Law<v.InferOutput<typeof schema>> = { kind: "embedded-atom", schema, toTerm };
