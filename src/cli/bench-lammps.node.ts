import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { massesOf } from "../dynamics/velocities.js";
import { ComputationError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { Peer } from "./bench-peers.node.js";
import type { BenchSystem, PotentialFile } from "./bench-systems.js";

/** What a run of LAMMPS printed about itself. */
export interface LammpsRun {
  /** s, of the loop over steps only: processor time of one thread, wall time of more. */
  readonly seconds: number;
  /** eV/atom, at the first step. */
  readonly energy: number;
  /** Share of the loop in LAMMPS's own sections: Pair, Neigh, Comm, Output, Modify, Other. */
  readonly phases: Readonly<Record<string, number>>;
  readonly builds: number;
  readonly dangerousBuilds: number;
  /** Of LAMMPS's own estimate, where it prints one. */
  readonly bytesPerAtom: number;
  /** With the suffix of the variant, where there is one of this style: `lj/cut/intel`. */
  readonly pairStyle: string;
}

/** A folder with `in` and `data`: one element, LAMMPS's metal units. */
export function writeLammpsInput(
  system: BenchSystem,
  structure: Structure,
  velocities: Float64Array,
  file: PotentialFile,
): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-bench-"));
  const { cell, positions } = structure;
  const count = positions.length / 3;
  const triple = (values: Float64Array, i: number, scale: number): string =>
    `${values[3 * i]! * scale} ${values[3 * i + 1]! * scale} ${values[3 * i + 2]! * scale}`;
  const lines = [
    "# phasecell bench",
    "",
    `${count} atoms`,
    "1 atom types",
    `0 ${cell[0]} xlo xhi`,
    `0 ${cell[4]} ylo yhi`,
    `0 ${cell[8]} zlo zhi`,
    ...(cell[3] || cell[6] || cell[7] ? [`${cell[3]} ${cell[6]} ${cell[7]} xy xz yz`] : []),
    "\nMasses\n",
    `1 ${massesOf(structure)[0]}`,
    "\nAtoms # atomic\n",
  ];
  for (let i = 0; i < count; i++) lines.push(`${i + 1} 1 ${triple(positions, i, 1)}`);
  lines.push("\nVelocities\n");
  // A/ps.
  for (let i = 0; i < count; i++) lines.push(`${i + 1} ${triple(velocities, i, 1000)}`);
  fs.writeFileSync(path.join(folder, "data"), `${lines.join("\n")}\n`);
  const input = [
    "units metal",
    "atom_style atomic",
    "box tilt large",
    "read_data data",
    ...system.pair(file),
    `neighbor ${system.skin} bin`,
    "neigh_modify every 1 delay 0 check yes",
    "fix 1 all nve",
    `timestep ${system.timestep / 1000}`,
    "thermo_style custom step temp pe etotal press",
    "thermo_modify format float %.15g",
    `thermo ${system.thermoEvery}`,
    `run ${system.steps}`,
  ];
  fs.writeFileSync(path.join(folder, "in"), `${input.join("\n")}\n`);
  return folder;
}

/** Runs a peer on the input of a folder. */
export async function runLammps(peer: Peer, threads: number, folder: string, signal: AbortSignal): Promise<LammpsRun> {
  const [program, ...args] = peer.command(threads);
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      OMP_NUM_THREADS: String(threads),
      ...(threads > 1 ? { OMP_PROC_BIND: "true" } : {}),
      OMPI_MCA_orte_tmpdir_base: folder,
    },
    signal,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += String(chunk);
    });
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      text += error.message;
      resolve(1);
    });
    child.on("close", resolve);
  });
  signal.throwIfAborted();
  if (code !== 0 || !text.includes("Loop time of")) {
    const complaint = /^.*(?:ERROR|Error|error).*$/m.exec(text)?.[0] ?? text.trim().split("\n").at(-1) ?? "";
    throw new ComputationError({ what: peer.name, value: complaint.trim(), expected: "a run to its end" });
  }
  return parseLammps(text, threads);
}

/** Reads what LAMMPS prints after its last run, and what we print where it cannot tell how busy it was. */
export function parseLammps(text: string, threads = 1): LammpsRun {
  const last = text.slice(text.lastIndexOf("Per MPI rank memory"));
  const number = (pattern: RegExp): number => Number(pattern.exec(last)?.[1] ?? Number.NaN);
  const atoms = number(/Loop time of .* with (\d+) atoms/);
  const busy = number(/^busy (\S+)%$/m) || number(/^(\S+)% CPU use/m);
  const sections = [...last.matchAll(/^(Pair|Neigh|Comm|Output|Modify|Other) *\|(?:[^|]*\|){4} *(\S+)/gm)];
  const firstRow = /^ *Step.*\n *(.*)$/m.exec(last)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return {
    seconds: number(/Loop time of (\S+)/) * (threads === 1 ? busy / 100 : 1),
    energy: (firstRow[2] ?? Number.NaN) / atoms,
    phases: Object.fromEntries(sections.map(([, name, share]) => [name!.toLowerCase(), Number(share) / 100])),
    builds: number(/Neighbor list builds = (\d+)/),
    dangerousBuilds: number(/Dangerous builds = (\d+)/),
    pairStyle: /\) pair (\S+), perpetual/.exec(text)?.[1] ?? "",
    bytesPerAtom: (number(/Per MPI rank memory.*= (\S+)/) * 2 ** 20) / atoms,
  };
}
