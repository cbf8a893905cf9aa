import { cellHeights, cellVolume, invertCell, toFractional } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { fitPairForce, pairShear } from "./pair-force-fit.js";

/** Which of yz, xz and xy (0, 1, 2) the three shear entries of a file are. */
export type ShearOrder = readonly [number, number, number];

const NAMES = ["yz", "xz", "xy"];
const ORDERS: readonly ShearOrder[] = [
  [2, 1, 0],
  [2, 0, 1],
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
];

/** `xy xz yz`. */
export const shearOrderName = (order: ShearOrder): string => order.map((k) => NAMES[k]!).join(" ");

/** The order of a name such as `xy xz yz` (zx counts as xz). */
export function parseShearOrder(name: string): ShearOrder | undefined {
  const words = name.split(/\s+/).map((word) => NAMES.indexOf([...word].sort().join("")));
  return ORDERS.find((order) => order.every((k, at) => k === words[at]) && words.length === 3);
}

export interface ShearDecision {
  readonly order: ShearOrder;
  /** How it was decided, for people. */
  readonly reason: string;
}

/** A frame and its three shear entries, positive = tension, in the unknown order. */
export interface ShearSample {
  readonly frame: LabeledStructure;
  readonly entries: readonly [number, number, number];
}

type Triples = readonly (readonly [number, number, number])[];

/** Frames per group that are looked at: enough to tell, few enough to take well under a second. */
const SAMPLES = 24;

/**
 * Finds the order of shear entries of each group: they must correlate with the shear of the virial of a pair force
 * fitted to the forces (which do not depend on the order), or with the shear strain of the cells, and clearly better than
 * in any other order. A group too quiet to tell takes the order of the decided group with the largest forces (what is
 * not strained crystals tends to come from one source), and says so.
 */
export function findShearOrders(samples: readonly ShearSample[]): Map<string, ShearDecision> {
  const groups = new Map<string, ShearSample[]>();
  for (const sample of samples) {
    const { group } = sample.frame;
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  const picked = new Map(
    [...groups].map(([group, members]) => [group, spread(members.filter(isTractable), SAMPLES)] as const),
  );
  const force = fitPairForce([...picked.values()].flat().map(({ frame }) => frame));
  const decided = new Map<string, ShearDecision & { margin: number }>();
  for (const [group, members] of groups) {
    const few = picked.get(group)!;
    const candidates = [
      judge(
        few,
        few.map(({ frame }) => pairShear(frame, force)),
        "the virial of pair forces",
      ),
      judge(members, strainShear(members), "the strain of the cells"),
    ].filter((candidate) => candidate !== undefined);
    const [best] = candidates.sort((a, b) => b.margin - a.margin);
    if (best) decided.set(group, best);
  }
  const [liveliest] = [...decided].sort(([a], [b]) => meanForce(groups.get(b)!) - meanForce(groups.get(a)!));
  const assumed: ShearDecision = liveliest
    ? { order: liveliest[1].order, reason: `assumed as in ${liveliest[0]}: no order stands out` }
    : { order: ORDERS[0]!, reason: "assumed: no group has enough shear to tell" };
  return new Map([...groups.keys()].map((group) => [group, decided.get(group) ?? assumed]));
}

/** Whether the neighbors of a frame can be counted: a cell of atoms, not of a broken file. */
function isTractable({ frame: { structure, forces } }: ShearSample): boolean {
  const { cell, numbers, positions } = structure;
  const perAtom = cellVolume(cell) / numbers.length;
  if (forces === undefined || numbers.length > 2000 || !(perAtom > 0.5 && perAtom < 1e5)) return false;
  if (Math.min(...cellHeights(cell)) < 0.5) return false;
  return toFractional(cell, positions).every((x) => Math.abs(x) < 1000);
}

/** eV/A, root mean square. */
function meanForce(samples: readonly ShearSample[]): number {
  let [sum, count] = [0, 0];
  for (const { frame } of samples)
    for (const force of frame.forces ?? []) {
      sum += force * force;
      count++;
    }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

/** `count` members at even distances. */
function spread<T>(members: readonly T[], count: number): T[] {
  const stride = Math.max(1, members.length / count);
  return Array.from({ length: Math.min(count, members.length) }, (_, k) => members[Math.floor(k * stride)]!);
}

/** Correlates entries in every order with what they should look like; undefined where no order stands out. */
function judge(
  samples: readonly ShearSample[],
  expected: Triples | undefined,
  means: string,
): (ShearDecision & { margin: number }) | undefined {
  if (expected === undefined || samples.length < 3) return undefined;
  const scores = ORDERS.map((order) => ({
    order,
    correlation: correlate(
      samples.flatMap(({ entries }) => [...entries]),
      expected.flatMap((shear) => order.map((k) => shear[k]!)),
    ),
  })).sort((a, b) => b.correlation - a.correlation);
  const [best, second] = scores as [(typeof scores)[0], (typeof scores)[0]];
  const margin = best.correlation - second.correlation;
  if (!(best.correlation > 0.5 && margin > 0.1)) return undefined;
  const numbers = `${best.correlation.toFixed(2)}, next best ${second.correlation.toFixed(2)}`;
  return { order: best.order, reason: `detected: correlation ${numbers}, with ${means}`, margin };
}

/** Pearson's correlation; 0 where one side does not vary. */
function correlate(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, k) => {
    const [da, db] = [x - ma, b[k]! - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Shear strains yz, xz, xy of the cells against their mean; undefined unless all are small strains of one cell. */
function strainShear(samples: readonly ShearSample[]): Triples | undefined {
  const cells = samples.map(({ frame }) => frame.structure.cell);
  const mean = Float64Array.from(
    { length: 9 },
    (_, k) => cells.reduce((sum, cell) => sum + cell[k]!, 0) / cells.length,
  );
  if (!(cellVolume(mean) > 0.1)) return undefined;
  const inverse = invertCell(mean);
  const strains = cells.map((cell): [number, number, number] | undefined => {
    const gradient = Array.from({ length: 9 }, (_, n) => {
      const [row, column] = [Math.floor(n / 3), n % 3];
      return [0, 1, 2].reduce((sum, k) => sum + inverse[3 * row + k]! * cell[3 * k + column]!, 0);
    });
    const large = gradient.some((x, n) => Math.abs(x - (n % 4 === 0 ? 1 : 0)) > 0.3);
    const shear = (a: number, b: number): number => (gradient[3 * a + b]! + gradient[3 * b + a]!) / 2;
    return large ? undefined : [shear(1, 2), shear(0, 2), shear(0, 1)];
  });
  return strains.includes(undefined) ? undefined : (strains as Triples);
}
