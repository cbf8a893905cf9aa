import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ComputationError } from "../errors.js";
import { isobarFiniteSize } from "../free-energy/finite-size.js";
import { type Spread, spread } from "./bench-compare.js";
import {
  type FreeEnergyCase,
  type FreeEnergyLengths,
  recipeOf,
  type SwitchedEnergy,
} from "./bench-free-energy-cases.js";
import {
  isLiquid,
  lammpsFreeEnergy,
  readAverages,
  readWork,
  writeAverages,
  writeSwitching,
} from "./bench-free-energy-lammps.node.js";
import { endOfIsobar, isIsobar, readScaling, writeScaling } from "./bench-isobar-lammps.node.js";
import type { FreeEnergyPeer } from "./bench-peers.node.js";
import { runTimed, type TimedRun } from "./bench-process.node.js";
import type { CommandIo } from "./command.js";
import { toJson } from "./command.js";
import type { FreeEnergyPoint } from "./free-energy.js";

/** One LAMMPS, driven as calphy drives it. */
export interface FreeEnergyPeerFigures {
  readonly name: string;
  /** s, of all its programs from the first start to the last end. */
  readonly time: Spread;
  /** Over ours, the mean of our runs before and after it. */
  readonly ratio: Spread;
  readonly rounds: number;
  /** eV/atom, of the last round. */
  readonly freeEnergy: SwitchedEnergy;
}

/** One free energy, start to finish. */
export interface FreeEnergyFigures {
  readonly name: string;
  readonly title: string;
  readonly lengths: FreeEnergyLengths;
  readonly cores: number;
  readonly ours: { readonly time: Spread; readonly freeEnergy: SwitchedEnergy };
  readonly peers: readonly FreeEnergyPeerFigures[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface FreeEnergyBenchOptions {
  readonly lengths: FreeEnergyLengths;
  readonly cores: number;
  readonly rounds: number;
  readonly peers: readonly FreeEnergyPeer[];
  /** Words before every program: `chrt -r 10`, for instance. */
  readonly prefix: readonly string[];
  readonly io: Pick<CommandIo, "signal" | "onProgress">;
}

/** How long a free energy took, and what it is. */
interface Outcome {
  readonly seconds: number;
  readonly freeEnergy: SwitchedEnergy;
}

/** A variant this much slower than the fastest in the first round is not measured again. */
const HOPELESS = 1.15;

/** One core counts processor time, which other programs hardly change; several count wall time. */
const secondsOf = (runs: readonly TimedRun[], wall: number, cores: number): number =>
  cores === 1 ? runs.reduce((sum, { busy }) => sum + busy, 0) : wall;

/** Measures one free energy: ours and every peer in turn, in every round, each with a folder and a seed of its own. */
export async function benchFreeEnergy(
  one: FreeEnergyCase,
  options: FreeEnergyBenchOptions,
): Promise<FreeEnergyFigures> {
  const { rounds, peers, lengths, cores, io } = options;
  const ours = [await inFolder((folder) => runOurs(folder, one, options, 1))];
  const runs = new Map<FreeEnergyPeer, { readonly outcome: Outcome; readonly ratio: number }[]>();
  const refused: { name: string; reason: string }[] = [];
  for (let round = 0; round < rounds; round++)
    for (const peer of round === 0 ? peers : worthwhile(runs)) {
      io.onProgress({ task: `bench free-energy ${one.name}`, done: round, total: rounds, note: peer.name });
      try {
        const outcome = await inFolder((folder) => runPeer(peer, folder, one, options, round + 1));
        const before = ours.at(-1)!.seconds;
        ours.push(await inFolder((folder) => runOurs(folder, one, options, ours.length + 1)));
        const ratio = (2 * outcome.seconds) / (before + ours.at(-1)!.seconds);
        runs.set(peer, [...(runs.get(peer) ?? []), { outcome, ratio }]);
      } catch (error) {
        io.signal.throwIfAborted();
        if (!(error instanceof ComputationError)) throw error;
        refused.push({ name: peer.name, reason: String(error.complaint.value) });
      }
    }
  const { name, title } = one;
  return {
    ...{ name, title, lengths, cores, refused },
    ours: { time: spread(ours.map(({ seconds }) => seconds)), freeEnergy: ours.at(-1)!.freeEnergy },
    peers: [...runs].map(([peer, measured]) => ({
      name: peer.name,
      time: spread(measured.map(({ outcome }) => outcome.seconds)),
      ratio: spread(measured.map(({ ratio }) => ratio)),
      rounds: measured.length,
      freeEnergy: measured.at(-1)!.outcome.freeEnergy,
    })),
  };
}

/** The fastest peer that was measured in every round. */
export const strongestPeer = ({ peers }: FreeEnergyFigures): FreeEnergyPeerFigures | undefined =>
  [...peers].sort((a, b) => b.rounds - a.rounds || a.ratio.median - b.ratio.median)[0];

function worthwhile(runs: ReadonlyMap<FreeEnergyPeer, readonly { readonly ratio: number }[]>): FreeEnergyPeer[] {
  const first = Math.min(...[...runs.values()].map(([run]) => run!.ratio));
  return [...runs].filter(([, [run]]) => run!.ratio <= HOPELESS * first).map(([peer]) => peer);
}

async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-bench-"));
  try {
    return await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** `phasecell free-energy` with the flags of this process. */
async function runOurs(
  folder: string,
  one: FreeEnergyCase,
  { lengths, cores, prefix, io: { signal } }: FreeEnergyBenchOptions,
  seed: number,
): Promise<Outcome> {
  fs.writeFileSync(path.join(folder, "recipe.json"), toJson(recipeOf(one, lengths, seed)));
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const program = [process.execPath, ...process.execArgv, main];
  const args = ["free-energy", "recipe.json", "--out", "result.json", "--allow-read", "/"];
  const run = await runTimed([...prefix, ...program, ...args], { folder, signal });
  const { points } = JSON.parse(fs.readFileSync(path.join(folder, "result.json"), "utf8"));
  return { seconds: secondsOf([run], run.wall, cores), freeEnergy: ofAtoms(points[0], one) };
}

/** That of the atoms in the run, as LAMMPS's is. */
function ofAtoms(
  { gibbs, isobar, parts: { finiteSize = 0 }, dissipation, atoms }: FreeEnergyPoint,
  one: FreeEnergyCase,
): SwitchedEnergy {
  const { value, error } = isobar?.at(-1)?.gibbs ?? gibbs;
  const { temperature, finalTemperature = temperature } = one;
  // All cases are cubic.
  const onTheWay = isobarFiniteSize(isLiquid(one) ? "liquid" : "solid", "isotropic", atoms, [
    temperature,
    finalTemperature,
  ]);
  const finite = (finiteSize * finalTemperature) / temperature + onTheWay;
  return { value: value - finite, error, dissipation: dissipation.value };
}

/** The averages, then the replicas: one after another, or side by side where the peer says so. */
async function runPeer(
  peer: FreeEnergyPeer,
  folder: string,
  one: FreeEnergyCase,
  { lengths, cores, prefix, io: { signal } }: FreeEnergyBenchOptions,
  seed: number,
): Promise<Outcome> {
  const start = performance.now();
  const run = (script: string): Promise<TimedRun> =>
    runTimed([...prefix, ...peer.command(script, peer.sideBySide ? 1 : cores)], {
      folder,
      signal,
      env: { OMP_NUM_THREADS: peer.sideBySide ? "1" : String(cores), ...peer.env },
    });
  writeAverages(folder, one, lengths, 100 * seed);
  const runs = [await run("averages")];
  const place = readAverages(folder, one);
  const replicas = Array.from({ length: lengths.replicas }, (_, k) => 100 * seed + k);
  for (const replica of replicas) writeSwitching(folder, one, place, lengths, replica);
  const queue = replicas.map((replica) => `switching-${replica}`);
  if (isIsobar(one))
    for (const replica of replicas) {
      writeScaling(folder, one, place, lengths, replica);
      queue.push(`scaling-${replica}`);
    }
  const serve = async (): Promise<void> => {
    for (let script = queue.shift(); script !== undefined; script = queue.shift()) runs.push(await run(script));
  };
  await Promise.all(Array.from({ length: peer.sideBySide ? cores : 1 }, serve));
  const seconds = secondsOf(runs, (performance.now() - start) / 1000, cores);
  const atoms = place.structure.numbers.length;
  const first = lammpsFreeEnergy(
    one,
    place,
    replicas.map((replica) => readWork(folder, atoms, replica)),
  );
  if (!isIsobar(one)) return { seconds, freeEnergy: first };
  const works = replicas.map((replica) => readScaling(folder, atoms, replica));
  return { seconds, freeEnergy: endOfIsobar(one, first, works, atoms) };
}

const text = ({ median, least, most }: Spread): string =>
  `${median.toFixed(2)} (${least.toFixed(2)} .. ${most.toFixed(2)})`;
const energy = ({ value, error, dissipation }: SwitchedEnergy): string =>
  `${value.toFixed(5)} +- ${error.toFixed(5)}`.padEnd(24) + (1000 * dissipation).toFixed(1).padStart(6);

/** One free energy as people read it. */
export function describeFreeEnergy(figures: FreeEnergyFigures): string {
  const { name, title, lengths, cores, ours, peers, refused } = figures;
  const best = strongestPeer(figures);
  return [
    `${name}: ${title}`,
    `  steps of 1 fs: ${lengths.equilibration} equilibration, ${lengths.sampling} sampling, ${lengths.switching} switching each way, ${lengths.replicas} replicas; ${cores} core${cores > 1 ? "s" : ""}`,
    `  ${"".padEnd(34)}${`s start to finish, ${cores > 1 ? "wall" : "processor"}`.padEnd(30)}${"over ours".padEnd(24)}${"eV/atom".padEnd(24)}meV/atom dissipated`,
    `  ${"phasecell".padEnd(34)}${text(ours.time).padEnd(30)}${"".padEnd(24)}${energy(ours.freeEnergy)}`,
    ...peers.map(
      (peer) =>
        `  ${peer.name.padEnd(34)}${text(peer.time).padEnd(30)}${text(peer.ratio).padEnd(24)}${energy(peer.freeEnergy)}`,
    ),
    "  error bars: scatter of the replicas by Student's t, and a tenth of the dissipation where works do not overlap",
    ...refused.map(({ name: peer, reason }) => `  ${peer} cannot run it: ${reason}`),
    ...(best ? [`  strongest LAMMPS (${best.name}) over ours: ${text(best.ratio)}`] : []),
  ].join("\n");
}
