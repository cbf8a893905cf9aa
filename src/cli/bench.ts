import { InputError } from "../errors.js";
import { type CompareOptions, compare, type SystemFigures, strongest } from "./bench-compare.js";
import { compareEngine, describeVariant, toVariant, type VariantFigures } from "./bench-engines.js";
import { benchFreeEnergy, describeFreeEnergy, type FreeEnergyFigures } from "./bench-free-energy.js";
import { freeEnergyCases, lengthsOf } from "./bench-free-energy-cases.js";
import { findFreeEnergyPeers, findPeers } from "./bench-peers.node.js";
import { machine, pinProcess } from "./bench-pin.node.js";
import { describeSystem } from "./bench-report.js";
import { type BenchSystem, benchSystems, resize } from "./bench-systems.js";
import { benchWebGpu, describeWebGpu } from "./bench-webgpu.js";
import { defineCommand, printResult } from "./command.js";
import { version } from "./version.node.js";

export const command = defineCommand({
  name: "bench",
  summary: "speed against LAMMPS and lammps.js, whole steps of the same system in alternation",
  usage:
    "bench [free-energy] [NAME...] [--rounds N] [--threads N] [--atoms N,N,...] [--peers NAME,...] [--engine NAME]",
  options: {
    rounds: { type: "string", placeholder: "N", default: "5", help: "rounds of the alternation (5)" },
    threads: { type: "string", placeholder: "N", default: "1", help: "threads, ours and theirs (1)" },
    atoms: { type: "string", placeholder: "N,N,...", help: "other sizes of the systems, for a sweep" },
    peers: { type: "string", placeholder: "NAME,...", help: "only these programs, by their names or parts of them" },
    steps: {
      type: "string",
      placeholder: "N",
      default: "12000",
      help: "free-energy: steps of a switching run (12000)",
    },
    prefix: { type: "string", placeholder: "WORDS", help: "free-energy: put before every program, e.g. 'chrt -r 10'" },
    engine: {
      type: "string",
      placeholder: "NAME",
      help: "webgpu, alone, or wasm-relaxed or wasm-mixed against wasm: speed and force error",
    },
  },
  async run(args, io) {
    const { rounds, threads, atoms, engine } = args.values;
    if (args.positionals[0] === "free-energy") {
      const figures: FreeEnergyFigures[] = [];
      const cores = whole("--threads", threads ?? "");
      const { peers, missing } = findFreeEnergyPeers(cores);
      pinProcess(cores);
      for (const one of freeEnergyCases(args.positionals.slice(1))) {
        figures.push(
          await benchFreeEnergy(one, {
            lengths: lengthsOf(whole("--steps", args.values.steps ?? ""), REPLICAS),
            cores,
            rounds: whole("--rounds", rounds ?? ""),
            peers: named(peers, args.values.peers),
            prefix: args.values.prefix?.split(" ") ?? [],
            io,
          }),
        );
        if (!args.values.json) io.stdout.write(`${describeFreeEnergy(figures.at(-1)!)}\n\n`);
      }
      const report = { phasecell: version(), ...machine(), figures, missing };
      const { processor, node, load, cores: available } = machine();
      const about = `${processor}, Node ${node}, load ${load.toFixed(1)} on ${available} cores`;
      return printResult(args, io, report, [...missing.map((text) => `missing: ${text}`), about].join("\n"));
    }
    if (engine === "webgpu") {
      const sized =
        atoms === undefined ? {} : { atoms: atoms.split(",").map((count) => whole("--atoms", count.trim())) };
      const { signal, onProgress } = io;
      const report = await benchWebGpu({ names: args.positionals, ...sized, signal, onProgress });
      return printResult(args, io, { phasecell: version(), ...machine(), ...report }, describeWebGpu(report));
    }
    if (engine !== undefined) {
      const variant = toVariant(engine);
      const chosen = sizes(benchSystems(args.positionals), atoms);
      const work = { rounds: whole("--rounds", rounds ?? ""), threads: whole("--threads", threads ?? ""), io };
      pinProcess(work.threads);
      const figures: VariantFigures[] = [];
      for (const system of chosen) figures.push(await compareEngine(system, variant, work));
      const report = { phasecell: version(), ...machine(), systems: figures };
      return printResult(args, io, report, figures.map(describeVariant).join("\n"));
    }
    const found = findPeers();
    const options: CompareOptions = {
      rounds: whole("--rounds", rounds ?? ""),
      threads: whole("--threads", threads ?? ""),
      peers: choose(found.peers, args.values.peers, whole("--threads", threads ?? "")),
      io,
    };
    const systems = sizes(benchSystems(args.positionals), atoms);
    const cores = pinProcess(options.threads);
    const figures: SystemFigures[] = [];
    for (const system of systems) {
      const measured = await compare(system, options);
      figures.push(measured);
      if (!args.values.json) io.stdout.write(`${describeSystem(measured)}\n\n`);
    }
    const about = { phasecell: version(), ...machine(), pinned: cores ?? null, rounds: options.rounds };
    const notes = [
      ...found.missing.map((text) => `missing: ${text}`),
      cores ? `pinned to core ${cores.join(", ")}` : "not pinned: taskset is missing (apt install util-linux)",
      `${about.processor}, Node ${about.node}, load ${about.load.toFixed(1)} on ${about.cores} cores`,
      ...flatness(figures, atoms),
    ];
    printResult(
      args,
      io,
      {
        ...about,
        systems: figures.map((one) => ({
          ...one,
          ratio: strongest(one.peers, "double")?.ratio,
          ratioMixed: strongest(one.peers, "mixed")?.ratio,
          ratioJavaScript: strongest(one.peers, "JavaScript")?.ratio,
        })),
        missing: found.missing,
      },
      notes.join("\n"),
    );
  },
});

/** Of a free energy. */
const REPLICAS = 2;

/** Peers whose names hold one of those asked for. */
const named = <Named extends { readonly name: string }>(
  peers: readonly Named[],
  wanted: string | undefined,
): readonly Named[] => peers.filter(({ name }) => wanted?.split(",").some((one) => name.includes(one.trim())) ?? true);

function whole(what: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InputError({ what, value: text, expected: "a whole number of at least 1" });
}

/** Peers by their names, or by parts of them; all of them where none was named. */
function choose(peers: CompareOptions["peers"], wanted: string | undefined, threads: number): CompareOptions["peers"] {
  const names = wanted?.split(",").map((name) => name.trim());
  const exact = peers.filter(({ name }) => names?.includes(name));
  return peers.filter(
    (peer) =>
      (threads === 1 || peer.threaded) &&
      (exact.length > 0 ? exact.includes(peer) : (names?.some((one) => peer.name.includes(one)) ?? true)),
  );
}

const sizes = (systems: readonly BenchSystem[], atoms: string | undefined): readonly BenchSystem[] =>
  atoms === undefined
    ? systems
    : systems.flatMap((system) => atoms.split(",").map((count) => resize(system, whole("--atoms", count.trim()))));

/** How far the cost of an atom depends on how many there are, over the sizes of a sweep. */
function flatness(figures: readonly SystemFigures[], atoms: string | undefined): string[] {
  const laws = [...new Set(figures.map(({ title }) => title))];
  return !atoms?.includes(",")
    ? []
    : laws.map((title) => {
        const times = figures.filter((one) => one.title === title).map(({ ours }) => ours.time.median);
        const excess = Math.max(...times) / Math.min(...times) - 1;
        return `${title}: cost per atom and step varies by ${Math.round(100 * excess)}% over the sizes`;
      });
}
