import { describe, expect, test } from "vitest";
import { type PeerFigures, spread, strongest } from "../../src/cli/bench-compare.js";
import { parseLammps } from "../../src/cli/bench-lammps.node.js";
import { coresOf } from "../../src/cli/bench-pin.node.js";
import { BENCH_SYSTEMS, benchStructure, benchSystems, resize } from "../../src/cli/bench-systems.js";
import { runCommand } from "../support/command-line.js";

const LOG = `
  (1) pair lj/cut/opt, perpetual
Per MPI rank memory allocation (min/avg/max) = 2 | 2 | 2 Mbytes
Step Temp PotEng TotEng Press
       0 1 -400 -399 0
Loop time of 9 on 1 procs for 10 steps with 100 atoms

Per MPI rank memory allocation (min/avg/max) = 3.5 | 3.5 | 3.5 Mbytes
   Step          Temp          PotEng         TotEng         Press
       0 300 -410.5 -399.25 12
     100 290 -409 -399.25 12
Loop time of 0.5 on 1 procs for 100 steps with 100 atoms

98.0% CPU use with 1 MPI tasks x 1 OpenMP threads

MPI task timing breakdown:
Section |  min time  |  avg time  |  max time  |%varavg| %total
---------------------------------------------------------------
Pair    | 0.26932    | 0.26932    | 0.26932    |   0.0 | 79.50
Neigh   | 0.059244   | 0.059244   | 0.059244   |   0.0 | 17.50
Other   |            | 0.001906   |            |       |  3.00

Neighbor list builds = 11
Dangerous builds = 1
`;

describe("what LAMMPS prints", () => {
  test("its last run counts, as processor time of one thread and wall time of more", () => {
    expect(parseLammps(LOG)).toEqual({
      seconds: 0.49,
      energy: -4.105,
      phases: { pair: 0.795, neigh: 0.175, other: 0.03 },
      builds: 11,
      dangerousBuilds: 1,
      bytesPerAtom: 36700.16,
      pairStyle: "lj/cut/opt",
    });
    expect(parseLammps(LOG, 2).seconds).toBe(0.5);
    expect(parseLammps(`${LOG}busy 50%\n`).seconds).toBe(0.25);
  });
});

test("median and range; the strongest peer of a kind is the fastest that ran in all rounds", () => {
  expect(spread([3, 1, 2, 10])).toEqual({ median: 2.5, least: 1, most: 10 });
  const peer = (name: string, ratio: number, rounds: number, javaScript = false) =>
    ({ name, precision: "double", javaScript, ratio: spread([ratio]), rounds }) as unknown as PeerFigures;
  const peers = [peer("a", 2, 5), peer("b", 1.8, 5), peer("c", 1.7, 1), peer("d", 1, 5, true)];
  expect(strongest(peers, "double")?.name).toBe("b");
  expect(strongest(peers, "JavaScript")?.name).toBe("d");
  expect(strongest(peers, "mixed")).toBeUndefined();
});

test("systems have the sizes that they say, and others when asked", () => {
  const sizes = Object.fromEntries(BENCH_SYSTEMS.map((one) => [one.name, benchStructure(one).numbers.length]));
  expect(sizes).toMatchObject({
    lj: 32_000,
    eam: 32_000,
    sw: 8000,
    tersoff: 8000,
    "snap-ta06a": 2000,
    "qsnap-mo": 2000,
  });
  const [melt] = benchSystems(["lj"]);
  const small = resize(melt!, 4000);
  expect(benchStructure(small).numbers.length).toBe(4000);
  expect([small.name, small.steps]).toEqual(["lj@4000", 1600]);
  expect(coresOf("0-3,6")).toEqual([0, 1, 2, 3, 6]);
});

test("an unknown system and a number of rounds that is none are refused", async () => {
  expect((await runCommand("bench", "argon")).stderr).toMatch(
    /^phasecell: unknown system: argon; expected one of lj, eam, /,
  );
  expect(await runCommand("bench", "lj", "--rounds", "0")).toMatchObject({
    code: 2,
    stderr: "phasecell: --rounds: 0; expected a whole number of at least 1\n",
  });
});
