import fs from "node:fs";
import type { DescriptorSession } from "../../src/descriptors/descriptor.js";
import type { Structure } from "../../src/structure/structure.js";
import { toStructure } from "../../src/structure/structure.js";
import { shared } from "../support/requirements.js";

/** LAMMPS's metal unit of pressure at the time: bar per eV/A^3. */
const BAR = 1.6021765e6;

interface Block {
  readonly frame: number;
  readonly group: string;
  readonly natoms: number;
  readonly energy_row: number;
  readonly force_row0: number;
  readonly stress_row0: number;
}

export const tantalumBlocks = (): Block[] =>
  JSON.parse(fs.readFileSync(shared("data/fitsnap_Ta/reference/rows_to_frames.json"), "utf8")).blocks;

/** ../shared/data/fitsnap_Ta: the design matrix that FitSNAP 3 and LAMMPS made for the 2015 tantalum potential. */
export function tantalumMatrix(): { readonly columns: number; readonly values: Float64Array } {
  const bytes = fs.readFileSync(shared("data/fitsnap_Ta/reference/Descriptors.npy"));
  const header = bytes.readUInt16LE(8);
  return { columns: 31, values: new Float64Array(Uint8Array.prototype.slice.call(bytes, 10 + header).buffer) };
}

/** Frames of an extended XYZ file, cell and positions only; the numbers of these files need no more. */
export function readFrames(text: string, numberOf: (symbol: string) => number): Structure[] {
  const lines = text.split("\n");
  const frames: Structure[] = [];
  for (let at = 0; at < lines.length && lines[at]!.trim(); ) {
    const count = Number(lines[at]);
    const cell = /Lattice="([^"]*)"/
      .exec(lines[at + 1]!)![1]!
      .trim()
      .split(/\s+/)
      .map(Number);
    const atoms = lines.slice(at + 2, at + 2 + count).map((line) => line.trim().split(/\s+/));
    frames.push(
      toStructure({
        cell,
        numbers: atoms.map((words) => numberOf(words[0]!)),
        positions: atoms.flatMap((words) => words.slice(1, 4).map(Number)),
      }),
    );
    at += 2 + count;
  }
  return frames;
}

/** Largest deviation in units of the largest entry of the column, over the given blocks, for each kind of row. */
export function compareWithMatrix(session: DescriptorSession, frames: readonly Structure[], blocks: readonly Block[]) {
  const { columns, values } = tantalumMatrix();
  const kinds = { energy: [0, 363], force: [363, 13035], stress: [13035, 15213] } as const;
  const worst = { energy: 0, force: 0, stress: 0 };
  const largest = Object.fromEntries(
    Object.entries(kinds).map(([kind, [first, last]]) => {
      const size = new Float64Array(columns);
      for (let row = first; row < last; row++)
        for (let k = 0; k < columns; k++) size[k] = Math.max(size[k]!, Math.abs(values[row * columns + k]!));
      return [kind, size];
    }),
  ) as Record<keyof typeof kinds, Float64Array>;
  const compare = (kind: keyof typeof kinds, row: number, own: Float64Array, scale: number): void => {
    for (let k = 0; k < own.length; k++) {
      const column = k % columns;
      const deviation = Math.abs(scale * own[k]! - values[row * columns + k]!) / (largest[kind][column]! || 1);
      worst[kind] = Math.max(worst[kind], deviation);
    }
  };
  for (const block of blocks) {
    const own = session.designBlock(frames[block.frame]!);
    compare("energy", block.energy_row, own.energy, 1 / block.natoms);
    compare("force", block.force_row0, own.forces, 1);
    compare("stress", block.stress_row0, own.stress, -BAR);
  }
  return worst;
}
