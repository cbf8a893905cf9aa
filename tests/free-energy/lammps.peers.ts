import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import {
  FREE_ENERGY_CASES,
  type FreeEnergyCase,
  type FreeEnergyLengths,
  recipeOf,
} from "../../src/cli/bench-free-energy-cases.js";
import {
  isLiquid,
  lammpsFreeEnergy,
  readAverages,
  readWork,
  type SwitchingPlace,
  writeAverages,
  writeSwitching,
} from "../../src/cli/bench-free-energy-lammps.node.js";
import { endOfIsobar, isIsobar, readScaling, writeScaling } from "../../src/cli/bench-isobar-lammps.node.js";
import { findFreeEnergyPeers } from "../../src/cli/bench-peers.node.js";
import { runTimed } from "../../src/cli/bench-process.node.js";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import type { CrystalGibbs } from "../../src/free-energy/gibbs.js";
import { phaseGibbs } from "../../src/free-energy/phase.js";
import { toPhase } from "../../src/free-energy/phase-recipe.js";
import { gibbsAlongIsobar, type ScalingWork } from "../../src/free-energy/reversible-scaling.js";
import type { SwitchingWork } from "../../src/free-energy/switching.js";
import { atCell } from "../../src/structure/at-cell.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN } from "../../src/units.js";
import { lammpsPotential } from "../support/lammps.js";
import { describeWith, isPresent } from "../support/requirements.js";

const [peer] = findFreeEnergyPeers(1).peers;
const potentials = FREE_ENERGY_CASES.map(({ file }) => lammpsPotential(file)).every(isPresent);
const signal = new AbortController().signal;

const small: readonly [string, FreeEnergyLengths][] = [
  ["eam", { equilibration: 1000, sampling: 3000, switching: 3000, replicas: 4 }],
  ["sw", { equilibration: 1000, sampling: 3000, switching: 3000, replicas: 4 }],
  ["eam-liquid", { equilibration: 500, sampling: 2000, switching: 3000, replicas: 6 }],
];

/** A case with fewer atoms. */
const smaller = (one: FreeEnergyCase): FreeEnergyCase => {
  const n = one.phase.lattice === "diamond" ? 2 : 3;
  return { ...one, phase: { ...one.phase, repeats: [n, n, n] } };
};

describeWith(
  [
    peer ? undefined : "no LAMMPS with fix ti/spring: node scripts/lammps-peer.mjs",
    potentials ? undefined : "no potentials of LAMMPS",
  ],
  "free energies of LAMMPS, live",
  () => {
    it.each(small)("%s: within three standard errors, which are below 2 meV/atom", async (name, lengths) => {
      const one = smaller(FREE_ENERGY_CASES.find((other) => other.name === name)!);
      const spec = parsePotentialExpression(lammpsPotential(one.file), readText);
      const phase = toPhase(one.phase, "phase", () => expect.unreachable());
      const { temperatures } = recipeOf(one, lengths, 1);
      const settings = { ...lengths, timestep: 1, temperature: temperatures[0]!, pressure: 0, seed: 1 };
      const ours = await phaseGibbs(spec, phase, settings);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-free-energy-"));
      try {
        const run = (script: string): Promise<unknown> =>
          runTimed(peer!.command(script, 1), { folder, signal, env: { OMP_NUM_THREADS: "1", ...peer!.env } });
        writeAverages(folder, one, lengths, 1);
        let place: SwitchingPlace;
        if (isLiquid(one)) {
          await run("averages");
          place = readAverages(folder, one);
        } else {
          // The same cell and springs: two runs of one calculation.
          const { averages, springConstants } = ours as CrystalGibbs;
          const [springConstant] = Object.values(springConstants);
          const structure = atCell(supercell(phase.structure, phase.repeats), averages.meanCell);
          place = { structure, springConstant: springConstant! };
        }
        const works: SwitchingWork[] = [];
        for (let replica = 1; replica <= lengths.replicas; replica++) {
          writeSwitching(folder, one, place, lengths, replica);
          await run(`switching-${replica}`);
          works.push(readWork(folder, place.structure.numbers.length, replica));
        }
        const theirs = lammpsFreeEnergy(one, place, works);
        // LAMMPS's is that of the atoms in the run, in their cell.
        const { finiteSize = 0, residualPressure = 0 } = ours.parts;
        const own = ours.gibbs.value - finiteSize - (isLiquid(one) ? 0 : residualPressure);
        const error = Math.hypot(theirs.error, ours.gibbs.error);
        expect(error).toBeLessThan(2e-3);
        expect(Math.abs(own - theirs.value)).toBeLessThan(3 * error);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });

    it("sw-isobar: from 1000 to 1400 K by reversible scaling, within three standard errors, which are below 2 meV/atom", async () => {
      const one = smaller(FREE_ENERGY_CASES.find(({ name }) => name === "sw-isobar")!);
      if (!isIsobar(one)) return expect.unreachable();
      const lengths = { equilibration: 1000, sampling: 3000, switching: 4000, replicas: 4 };
      const spec = parsePotentialExpression(lammpsPotential(one.file), readText);
      const phase = toPhase(one.phase, "phase", () => expect.unreachable());
      const { temperature, finalTemperature } = one;
      const settings = { ...lengths, timestep: 1, temperature, finalTemperature, pressure: 0, seed: 1 };
      const { start, points } = await gibbsAlongIsobar(spec, phase, settings);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-free-energy-"));
      try {
        const run = (script: string): Promise<unknown> =>
          runTimed(peer!.command(script, 1), { folder, signal, env: { OMP_NUM_THREADS: "1", ...peer!.env } });
        writeAverages(folder, one, lengths, 1);
        await run("averages");
        const place = readAverages(folder, one);
        const works: ScalingWork[] = [];
        for (let replica = 1; replica <= lengths.replicas; replica++) {
          writeScaling(folder, one, place, lengths, replica);
          await run(`scaling-${replica}`);
          works.push(readScaling(folder, start.atoms, replica));
        }
        // From the same start: what is compared is the way.
        const exact = { value: start.gibbs.value, error: 0, dissipation: 0 };
        const theirs = endOfIsobar(one, exact, works, start.atoms);
        const own = points.at(-1)!;
        const grown = (1.5 * BOLTZMANN * finalTemperature * Math.log(finalTemperature / temperature)) / start.atoms;
        const stretch = finalTemperature / temperature;
        const error = Math.hypot(theirs.error, own.gibbs.error, start.gibbs.error * stretch);
        expect(own.temperature).toBeCloseTo(finalTemperature, 9);
        expect(error).toBeLessThan(2e-3);
        expect(Math.abs(own.gibbs.value + grown - theirs.value)).toBeLessThan(3 * error);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
