import fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { Potential } from "../../src/potentials/potential.js";
import { atomicNumber } from "../../src/structure/elements.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { bcc } from "../../src/structure/lattices.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { lammpsPotential } from "../support/lammps.js";
import { describeWith, isPresent, requireShared, shared } from "../support/requirements.js";

const read = (file: string): string => fs.readFileSync(file, "utf8");
const potentialOf = (expression: string): Potential => createPotential(parsePotentialExpression(expression, read));

describeWith([requireShared("fitsnap_Ta")], "SNAP Ta06A on bcc tantalum, a = 3.316 A", () => {
  const coefficients = shared("data/fitsnap_Ta/reference/Ta06A.snapcoeff");
  // From LAMMPS, ../shared/research/peers.md.
  it.each([
    [coefficients, -16.692353663],
    [`${coefficients}+zbl(4.0,4.8)`, -11.851570031],
  ])("%s", async (expression, expected) => {
    for (const engine of ["reference", "wasm"] as const) {
      const session = await potentialOf(expression).open(bcc("Ta", 3.316, { primitive: true }), {}, engine);
      expect(Math.abs((await session.evaluate()).energy - expected)).toBeLessThan(1e-8);
      session.dispose();
    }
  });
});

/** n x n x n cells of bcc with every coordinate moved by up to `amplitude`, by a linear congruential generator. */
function perturbedBcc(element: string, a: number, n: number, amplitude: number): Structure {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const crystal = supercell(bcc(element, a), [n, 0, 0, 0, n, 0, 0, 0, n]);
  const positions: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++)
        for (const half of [0, 0.5])
          for (const place of [i, j, k]) positions.push((place + half) * a + 2 * amplitude * (random() - 0.5));
  return toStructure({ ...crystal, positions });
}

const tungsten = lammpsPotential("W_2940_2017_2.snapcoeff");

describeWith(
  [requireShared("fitsnap_Ta"), isPresent(tungsten) ? undefined : `no ${tungsten}`],
  "SNAP on 128 perturbed bcc atoms against LAMMPS",
  () => {
    // LAMMPS 29 Sep 2021 with ML-SNAP, ../shared/research/compute.md section 2.
    it.each([
      ["Ta", 3.316, shared("data/fitsnap_Ta/reference/Ta06A.snapcoeff"), -2148.9048470436674],
      ["W", 3.1803, tungsten, -2293.8964539351564],
    ])("%s", async (element, a, coefficients, expected) => {
      const session = await potentialOf(coefficients).open(perturbedBcc(element, a, 4, 0.15));
      expect(Math.abs((await session.evaluate()).energy - expected)).toBeLessThan(1e-10);
      session.dispose();
    });
  },
);

/** MAE and RMSE of energies (meV/atom) and force components (eV/A). */
async function errorsOf(potential: Potential, frames: readonly LabeledStructure[]): Promise<number[]> {
  const energies: number[] = [];
  const forces: number[] = [];
  for (const frame of frames) {
    const session = await potential.open(frame.structure);
    const result = await session.evaluate();
    session.dispose();
    energies.push((1000 * (result.energy - frame.energy!)) / frame.structure.numbers.length);
    result.forces.forEach((force, k) => {
      forces.push(force - frame.forces![k]!);
    });
  }
  const mean = (values: number[], power: number): number =>
    (values.reduce((sum, x) => sum + Math.abs(x) ** power, 0) / values.length) ** (1 / power);
  return [mean(energies, 1), mean(energies, 2), mean(forces, 1), mean(forces, 2)];
}

describeWith([requireShared("mlearn_Mo"), requireShared("mlearn_Si")], "published SNAP on its test set", () => {
  // An independent f64 evaluator, ../shared/research/peers.md section 2d, printed to three digits.
  it.each([
    ["Mo", "snap", [5.48, 9.25, 0.207, 0.376]],
    ["Mo", "quadratic.snap", [2.77, 4.04, 0.184, 0.333]],
    ["Si", "snap", [6.44, 8.06, 0.133, 0.205]],
    ["Si", "quadratic.snap", [3.81, 5.51, 0.116, 0.177]],
  ])("%s %s", async (element, name, expected) => {
    const folder = shared(`data/mlearn_${element}`);
    const errors = await errorsOf(
      potentialOf(`${folder}/reference/${element}_Zuo_JPCA2020.${name}coeff`),
      parseExtxyz(read(`${folder}/test.xyz`)),
    );
    errors.forEach((error, k) => {
      expect(Math.abs(error / expected[k]! - 1)).toBeLessThan(0.01);
    });
  });
});

describeWith(
  [requireShared("fitsnap_InP")],
  "FitSNAP's InP (chemflag, two elements) on groups it was fitted to",
  () => {
    const folder = shared("data/fitsnap_InP");
    // ESHIFT of InP-example.in, eV per atom.
    const shift = new Map([
      [atomicNumber("In"), -1.65967588701534],
      [atomicNumber("P"), 4.38159549501534],
    ]);
    const frames = (): LabeledStructure[] =>
      parseExtxyz(gunzipSync(fs.readFileSync(`${folder}/train.xyz.gz`)).toString()).map((frame) => ({
        ...frame,
        energy: frame.structure.numbers.reduce((sum, number) => sum + shift.get(number)!, frame.energy!),
      }));

    it("gives the errors of InP_metrics.md to the printed digits", async () => {
      const metrics = read(`${folder}/reference/InP_metrics.md`).split("\n");
      const potential = potentialOf(`${folder}/reference/InP_pot.snapcoeff+zbl(4.0,4.2)`);
      const all = frames();
      for (const group of ["EOS", "s_vP", "vv"]) {
        const errors = await errorsOf(
          potential,
          all.filter((frame) => frame.group === group),
        );
        const printed = ["Energy", "Force"].flatMap((quantity) =>
          metrics
            .find((line) => line.includes(`('${group}', 'Unweighted', '${quantity}')`))!
            .split("|")
            .slice(3, 5)
            .map(Number),
        );
        errors.forEach((error, k) => {
          const own = k < 2 ? error / 1000 : error;
          expect(Math.abs(own - printed[k]!), `${group} ${k}`).toBeLessThan(6e-6 * printed[k]!);
        });
      }
    });
  },
);
