import fs from "node:fs";
import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { thermalVelocities } from "../dynamics/velocities.js";
import { ComputationError } from "../errors.js";
import { readText } from "../formats/files.node.js";
import { createPotential } from "../potentials/create-potential.js";
import { type LammpsRun, runLammps, writeLammpsInput } from "./bench-lammps.node.js";
import { type Dissection, dissect, timeOwn, warmUp } from "./bench-ours.js";
import { lammpsPotentialFile, type Peer } from "./bench-peers.node.js";
import { type BenchSystem, benchPotential, benchStructure } from "./bench-systems.js";
import type { CommandIo } from "./command.js";

/** Median and range over the rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One program on one system. */
export interface PeerFigures {
  readonly name: string;
  readonly precision: "double" | "mixed";
  readonly javaScript: boolean;
  /** us per atom and step. */
  readonly time: Spread;
  /** Its time over ours, the mean of our runs before and after it. */
  readonly ratio: Spread;
  readonly rounds: number;
  readonly phases: LammpsRun["phases"];
  readonly builds: number;
  readonly dangerousBuilds: number;
  readonly bytesPerAtom: number;
  /** Relative difference of the potential energy at the first step from ours: that it is the same system. */
  readonly energyDifference: number;
}

/** One system, measured. */
export interface SystemFigures {
  readonly name: string;
  readonly title: string;
  readonly atoms: number;
  readonly steps: number;
  /** fs. */
  readonly timestep: number;
  /** A. */
  readonly skin: number;
  readonly thermoEvery: number;
  readonly threads: number;
  /** eV/atom, at the first step. */
  readonly energy: number;
  readonly ours: { readonly time: Spread } & Dissection;
  /** Of one thread of ours over ours, where more than one was asked for. */
  readonly speedup?: Spread;
  readonly peers: readonly PeerFigures[];
  /** Peers that cannot run it, and what they said. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface CompareOptions {
  readonly peers: readonly Peer[];
  readonly rounds: number;
  readonly threads: number;
  readonly io: Pick<CommandIo, "signal" | "onProgress">;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    least: sorted[0]!,
    most: sorted.at(-1)!,
  };
}

/** A variant this much slower than the fastest of its kind in the first round is not measured again. */
const HOPELESS = 1.25;

/** Peers that one ratio is wanted of: native double, native mixed, JavaScript. */
const kindOf = ({ precision, javaScript }: Pick<Peer, "precision" | "javaScript">): string =>
  javaScript ? "JavaScript" : precision;

/** Our run of a system. */
export function dynamicsOf(system: BenchSystem) {
  const structure = benchStructure(system);
  return {
    structure,
    velocities: thermalVelocities(structure, system.temperature, 1),
    potential: createPotential(benchPotential(system, lammpsPotentialFile, readText)),
    ensemble: { kind: "nve" },
    timestep: system.timestep,
    steps: system.steps,
    skin: system.skin,
    sampleEvery: system.thermoEvery,
    seed: 1,
  } satisfies DynamicsSpec;
}

/** Measures one system: ours and every peer in turn, in every round. */
export async function compare(
  system: BenchSystem,
  { peers, rounds, threads, io: { signal, onProgress } }: CompareOptions,
): Promise<SystemFigures> {
  const spec = dynamicsOf(system);
  const { structure, velocities } = spec;
  const count = structure.numbers.length;
  const folder = peers.length > 0 ? writeLammpsInput(system, structure, velocities, lammpsPotentialFile) : undefined;
  try {
    for (const count of new Set([1, threads])) await warmUp(spec, count, signal);
    const perAtomStep = 1e6 / (count * system.steps);
    const first = await timeOwn(spec, threads, signal);
    const ours = [first.seconds];
    const runs = new Map<Peer, { readonly run: LammpsRun; readonly ratio: number }[]>();
    const refused: { name: string; reason: string }[] = [];
    const speedups: number[] = [];
    for (let round = 0; round < rounds; round++) {
      if (threads > 1) speedups.push(await speedupOf(spec, threads, signal));
      for (const peer of worthwhile(peers, runs, round)) {
        onProgress({ task: `bench ${system.name}`, done: round, total: rounds, note: peer.name });
        try {
          const run = await runLammps(peer, threads, folder!, signal);
          if (peer.precision === "mixed" && !run.pairStyle.endsWith("/intel"))
            throw new ComputationError({ what: peer.name, value: "no mixed precision for this style" });
          const before = ours.at(-1)!;
          ours.push((await timeOwn(spec, threads, signal)).seconds);
          const ratio = (2 * run.seconds) / (before + ours.at(-1)!);
          runs.set(peer, [...(runs.get(peer) ?? []), { run, ratio }]);
        } catch (error) {
          signal.throwIfAborted();
          refused.push({ name: peer.name, reason: reasonOf(error) });
        }
      }
    }
    while (ours.length < rounds) ours.push((await timeOwn(spec, threads, signal)).seconds);
    return {
      name: system.name,
      title: system.title,
      atoms: count,
      steps: system.steps,
      timestep: system.timestep,
      skin: system.skin,
      thermoEvery: system.thermoEvery,
      threads,
      energy: first.energy,
      ours: { time: spread(ours.map((seconds) => seconds * perAtomStep)), ...(await dissect(spec)) },
      ...(speedups.length > 0 ? { speedup: spread(speedups) } : {}),
      peers: [...runs].map(([peer, measured]) => {
        const { phases, builds, dangerousBuilds, bytesPerAtom, energy } = measured[0]!.run;
        return {
          name: peer.name,
          precision: peer.precision,
          javaScript: peer.javaScript,
          time: spread(measured.map(({ run }) => run.seconds * perAtomStep)),
          ratio: spread(measured.map(({ ratio }) => ratio)),
          rounds: measured.length,
          phases,
          builds,
          dangerousBuilds,
          bytesPerAtom,
          energyDifference: Math.abs(energy / first.energy - 1),
        };
      }),
      refused,
    };
  } finally {
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof ComputationError
    ? String(error.complaint.value)
    : error instanceof Error
      ? error.message
      : String(error);

/** Wall time of one thread over that of so many, in turn. */
async function speedupOf(spec: DynamicsSpec, threads: number, signal: AbortSignal): Promise<number> {
  const wall = async (count: number): Promise<number> => (await timeOwn(spec, count, signal)).wall;
  const [first, many, second] = [await wall(1), await wall(threads), await wall(1)];
  return (first + second) / 2 / many;
}

/** All peers in the first round; later those that may be the fastest of their kind. */
function worthwhile(
  peers: readonly Peer[],
  runs: ReadonlyMap<Peer, readonly { readonly ratio: number }[]>,
  round: number,
): readonly Peer[] {
  if (round === 0) return peers;
  const measured = peers.filter((peer) => runs.has(peer));
  const time = (peer: Peer): number => runs.get(peer)![0]!.ratio;
  return measured.filter((peer) => {
    const rivals = measured.filter((other) => kindOf(other) === kindOf(peer));
    return time(peer) <= HOPELESS * Math.min(...rivals.map(time));
  });
}

/** The fastest peer of a kind that was measured in every round. */
export function strongest(
  peers: readonly PeerFigures[],
  kind: "double" | "mixed" | "JavaScript",
): PeerFigures | undefined {
  return peers
    .filter((peer) => kindOf(peer) === kind)
    .sort((a, b) => b.rounds - a.rounds || a.ratio.median - b.ratio.median)[0];
}
