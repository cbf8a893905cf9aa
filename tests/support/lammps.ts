import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cellVolume } from "../../src/structure/cell.js";
import { massOf } from "../../src/structure/elements.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { LAMMPS_POTENTIALS } from "./requirements.js";

/** Where Debian's LAMMPS keeps its potentials. */
export const lammpsPotential = (file: string): string => path.join(LAMMPS_POTENTIALS, file);

/** eV/A^3 in bar, as LAMMPS's metal units have it. */
const BAR = 1.6021765e6;

export interface LammpsResult {
  readonly energy: number;
  readonly forces: Float64Array;
  readonly virial: Float64Array;
}

/** The same atoms turned so that a lies along x and b in the xy plane, as LAMMPS wants a cell. */
export function lammpsOriented(structure: Structure): Structure {
  const { cell, positions } = structure;
  const rows = [0, 1, 2].map((i) => Array.from(cell.subarray(3 * i, 3 * i + 3)));
  const dot = (u: number[], w: number[]): number => u.reduce((sum, x, k) => sum + x * w[k]!, 0);
  const axes: number[][] = [];
  for (const row of rows) {
    const rest = axes.reduce((left, axis) => left.map((x, k) => x - dot(row, axis) * axis[k]!), row);
    axes.push(rest.map((x) => x / Math.sqrt(dot(rest, rest))));
  }
  const turn = (vector: number[]): number[] => axes.map((axis) => dot(vector, axis));
  const cells = rows.map(turn);
  cells[0]![1] = cells[0]![2] = cells[1]![2] = 0;
  const turned = Array.from({ length: positions.length / 3 }, (_, i) =>
    turn(Array.from(positions.subarray(3 * i, 3 * i + 3))),
  );
  return toStructure({ ...structure, cell: cells.flat(), positions: turned.flat() });
}

/** What `lmp` (Debian's, or another build) prints for a script run in a folder; throws where it fails. */
export function lammpsOutput(folder: string, script: string, program = "lmp"): string {
  fs.writeFileSync(path.join(folder, "in"), `${script}\n`);
  const run = () =>
    spawnSync(program, ["-in", "in", "-log", "none"], {
      cwd: folder,
      encoding: "utf8",
      // Open MPI keeps a session folder per run; two runs that share one trip over each other.
      env: { ...process.env, OMP_NUM_THREADS: "1", OMPI_MCA_orte_tmpdir_base: folder },
      timeout: 120_000,
    });
  let { status, signal, stdout, stderr } = run();
  // It still dies now and then before LAMMPS starts, while many programs start at once.
  if (status !== 0 && !stdout.includes("LAMMPS")) ({ status, signal, stdout, stderr } = run());
  if (status !== 0) throw new Error(`lmp ended with ${status ?? signal}: ${stdout.slice(-2000)}${stderr}`);
  return stdout;
}

/** Atomic numbers that are there, ascending. */
export const speciesOf = ({ numbers }: Structure): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** A structure that stands as LAMMPS wants it, as a data file; type t + 1 is species[t]. */
export function dataFile({ cell, numbers, positions }: Structure, species: readonly number[]): string {
  const lines = [
    "# test",
    "",
    `${numbers.length} atoms`,
    `${species.length} atom types`,
    `0 ${cell[0]} xlo xhi`,
    `0 ${cell[4]} ylo yhi`,
    `0 ${cell[8]} zlo zhi`,
    `${cell[3]} ${cell[6]} ${cell[7]} xy xz yz`,
    "",
    "Masses",
    "",
    ...species.map((number, type) => `${type + 1} ${massOf(number)}`),
    "",
    "Atoms",
    "",
    ...Array.from(numbers, (number, i) =>
      [i + 1, species.indexOf(number) + 1, ...positions.subarray(3 * i, 3 * i + 3)].join(" "),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Energy, forces and virial of structures of the same elements that stand as LAMMPS wants them (`lammpsOriented`), all by
 * one process, whose start takes longer than they do. `commands` set the pair style up; type t + 1 is species[t].
 */
export function runLammps(
  structures: readonly Structure[],
  commands: readonly string[],
  species: readonly number[],
  program?: string,
): LammpsResult[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lammps-"));
  try {
    const script = structures.flatMap((structure, k) => {
      fs.writeFileSync(path.join(folder, `data${k}`), dataFile(structure, species));
      return [
        "clear",
        "units metal",
        "atom_style atomic",
        "box tilt large",
        `read_data data${k}`,
        ...commands,
        "neighbor 0.5 bin",
        "compute w all pressure NULL virial",
        "thermo_style custom pe c_w[1] c_w[2] c_w[3] c_w[4] c_w[5] c_w[6]",
        "thermo_modify format float %.17g",
        `dump d all custom 1 forces${k} id fx fy fz`,
        "dump_modify d format float %.17g sort id",
        "run 0",
      ];
    });
    const tables = lammpsOutput(folder, script.join("\n"), program).split(/PotEng.*\n/);
    return structures.map(({ cell }, k) => {
      const row = tables[k + 1]!.trim().split("\n")[0]!.trim().split(/\s+/).map(Number);
      const [energy, xx, yy, zz, xy, xz, yz] = row as [number, number, number, number, number, number, number];
      const forces = fs.readFileSync(path.join(folder, `forces${k}`), "utf8").split("fx fy fz")[1]!;
      const scale = cellVolume(cell) / BAR;
      return {
        energy,
        forces: Float64Array.from(
          forces
            .trim()
            .split("\n")
            .flatMap((line) => line.trim().split(/\s+/).slice(1).map(Number)),
        ),
        virial: Float64Array.from([xx, xy, xz, xy, yy, yz, xz, yz, zz], (pressure) => pressure * scale),
      };
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
