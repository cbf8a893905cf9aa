import type { Packer } from "../engine/packer.js";
import { layOut, openRecord } from "../engine/record-layout.js";
import { type BispectrumComponent, type Coupling, isolatedAtom } from "./bispectrum-components.js";
import { bispectrumLayout, halfLayerCount, type Precision, type Target } from "./bispectrum-planner.js";
import type { BispectrumParameters } from "./bispectrum-spec.js";
import { integer, packCells, real, single } from "./mixed-table.js";
import { layerStart } from "./neighbor-expansion.js";

/** Twin of `CouplingTables` in bispectrum-couplings.as.ts. */
export const COUPLING_TABLES = layOut({
  couplings: "i32",
  components: "i32",
  coupledBytes: "i32",
  list: "usize",
  uses: "usize",
  direct: "usize",
  isolated: "usize",
  ones: "usize",
  coupled: "usize",
  values: "usize",
});

const ELEMENT_BYTES = 32;

/** Room for Z of every coupling, one block for all that differ in the target channel only. */
export interface CoupledBlocks {
  /** [couplings] element where Z starts. */
  readonly starts: readonly number[];
  readonly count: number;
}

export function coupledBlocks(couplings: readonly Coupling[]): CoupledBlocks {
  const known = new Map<string, number>();
  let count = 0;
  const starts = couplings.map(({ j1, channel1, j2, channel2, j }) => {
    const key = [j1, channel1, j2, channel2, j].join();
    const start = known.get(key) ?? count;
    if (!known.has(key)) count += halfLayerCount(j);
    known.set(key, start);
    return start;
  });
  return { starts, count };
}

/** Targets of `packBispectrum` that keep every Z by itself, multiplied by one. */
export const coupledTargets =
  ({ starts }: CoupledBlocks) =>
  (_: Coupling, index: number): Target => ({ element: starts[index]!, coefficient: 0 });

/** Packs `CouplingTables`. */
export function packCouplings(
  parameters: BispectrumParameters,
  components: readonly BispectrumComponent[],
  couplings: readonly Coupling[],
  blocks: CoupledBlocks,
  memory: Packer,
  precision: Precision = "double",
): number {
  const one = precision === "double" ? [real(1), real(1)] : [single(1), single(1), single(1), single(1)];
  const layout = bispectrumLayout(parameters.twojmax);
  const list = couplings.flatMap(({ j, channel, uses }, index) => [
    integer(blocks.starts[index]! * ELEMENT_BYTES),
    integer(layout.halfStart[j]! * ELEMENT_BYTES),
    integer((channel * layout.fullCount + layerStart(j)) * ELEMENT_BYTES),
    integer(halfLayerCount(j)),
    integer(uses.length),
    integer(layout.halfStart[j]!),
    integer(channel),
    integer(blocks.starts.indexOf(blocks.starts[index]!) === index ? 1 : 0),
  ]);
  const fields = {
    couplings: couplings.length,
    components: components.length,
    coupledBytes: blocks.count * ELEMENT_BYTES,
    list: packCells(memory, list),
    uses: packCells(
      memory,
      couplings.flatMap(({ uses }) => uses.flatMap(([k, weight]) => [integer(k), integer(0), real(weight)])),
    ),
    direct: packCells(
      memory,
      components.flatMap((component) => [
        integer(directCoupling(component, couplings)),
        integer(0),
        real(parameters.bnormflag ? 1 / (component.j + 1) : 1),
      ]),
    ),
    isolated: memory.f64(
      Array.from({ length: parameters.channels }, (_, own) =>
        components.map((component) => isolatedAtom(component, own, parameters)),
      ).flat(),
    ),
    ones: packCells(memory, one),
    coupled: memory.allocate(blocks.count * ELEMENT_BYTES),
    values: memory.allocate((precision === "double" ? 16 : 32) * components.length),
  };
  const address = memory.allocate(COUPLING_TABLES.bytes);
  const record = openRecord(memory.memory, COUPLING_TABLES, address);
  for (const [field, value] of Object.entries(fields)) record.set(field as keyof typeof fields, value);
  return address;
}

/** The coupling of the component's first two layers to its third, in either order of the first two. */
function directCoupling(component: BispectrumComponent, couplings: readonly Coupling[]): number {
  const { j1, channel1, j2, channel2, j, channel } = component;
  return couplings.findIndex(
    (other) =>
      other.j === j &&
      other.channel === channel &&
      other.j1 === j1 &&
      other.j2 === j2 &&
      ((other.channel1 === channel1 && other.channel2 === channel2) ||
        (j1 === j2 && other.channel1 === channel2 && other.channel2 === channel1)),
  );
}
