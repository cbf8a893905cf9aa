import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { readStructures, writeStructures, writeText } from "../../src/formats/files.node.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { predictStructures } from "../../src/regression/evaluation.js";
import { rattle } from "../../src/sampling/rattle.js";
import { fcc } from "../../src/structure/lattices.js";
import { runCommand } from "../support/command-line.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("fit");

/** Rattled fcc argon with the labels of a Lennard-Jones law: every third frame is for testing. */
async function writeArgon(file: string): Promise<void> {
  const law = { kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 6, shifted: "force" };
  const structures = Array.from({ length: 9 }, (_, index) =>
    rattle(fcc("Ar", 5.1 + 0.05 * index), { amplitude: 0.15, seed: 1, index }),
  );
  const labels = await predictStructures(
    createPotential(law),
    structures.map((structure) => ({ structure })),
  );
  writeStructures(
    file,
    structures.map((structure, i) => ({
      structure: { ...structure, info: { split: i % 3 === 2 ? "test" : "train" } },
      energy: labels[i]!.energy,
      forces: labels[i]!.forces,
      stress: labels[i]!.stress!,
      group: i < 5 ? "small" : "large",
    })),
  );
}

describe("phasecell fit and evaluate", () => {
  it("fit by a recipe whose paths are relative to it; the potential evaluates", async () => {
    await writeArgon(folder.at("argon.xyz"));
    const model = { kind: "snap", coefficients: 15, cutoff: 6 };
    writeText(folder.at("recipe.json"), JSON.stringify({ data: "argon.xyz", split: "train", model, tune: false }));
    const fit = await runCommand("fit", folder.at("recipe.json"), "--out", folder.at("potential.json"), "--json");
    expect(fit).toMatchObject({ code: 0 });
    const summary = JSON.parse(fit.stdout);
    expect(summary.settings.cutoff).toBe(6);
    const { terms, training } = JSON.parse(fs.readFileSync(folder.at("potential.json"), "utf8"));
    expect(terms.map(({ kind }: { kind: string }) => kind)).toEqual(["ziegler-biersack-littmark", "snap"]);
    expect(training.data.structures).toBe(6);
    expect(training.recipe.split).toBe("train");

    const evaluate = await runCommand(
      "evaluate",
      folder.at("potential.json"),
      folder.at("argon.xyz"),
      "--json",
      "--predictions",
      folder.at("out.xyz"),
    );
    expect(evaluate.code).toBe(0);
    const errors = JSON.parse(evaluate.stdout);
    expect(Object.keys(errors)).toEqual(["structures", "atoms", "energy", "forces", "stress", "groups", "frames"]);
    expect(errors).toMatchObject({ structures: 9, atoms: 36 });
    expect(Object.keys(errors.energy)).toEqual(["mae", "rmse"]);
    expect(errors.energy.mae).toBeLessThan(1e-3);
    expect(Object.keys(errors.groups)).toEqual(["small", "large"]);
    expect(errors.frames.length).toBe(9);
    const predicted = readStructures(folder.at("out.xyz"));
    expect(predicted[3]!.energy).toBeCloseTo(errors.frames[3].energy, 8);
    expect(predicted[3]!.group).toBe("small");
  });

  it("print tables for people", async () => {
    const { stdout } = await runCommand("evaluate", "lj(0.0104,3.4,6.0)", folder.at("argon.xyz"));
    expect(stdout).toMatch(/^errors +energy meV\/atom +forces eV\/A +stress GPa\nall +\d/);
    expect(stdout).toMatch(/\nsmall +/);
  });

  it("leave error fields out where there are no labels", async () => {
    writeStructures(folder.at("bare.xyz"), [{ structure: fcc("Ar", 5.3), group: "default" }]);
    const { stdout } = await runCommand("evaluate", "lj(0.0104,3.4,6.0)", folder.at("bare.xyz"), "--json");
    expect(Object.keys(JSON.parse(stdout))).toEqual(["structures", "atoms", "frames"]);
  });

  it("refuse bad input with one line and exit code 2", async () => {
    for (const [words, complaint] of [
      [["evaluate"], /^phasecell: evaluate: .*expected POTENTIAL STRUCTURES/],
      [["evaluate", "lj(1,2)", folder.at("bare.xyz")], /^phasecell: potential: lj\(1,2\); expected lj\(epsilon/],
      [["evaluate", "lj(1,2,3)", folder.at("missing.xyz")], /missing\.xyz: no such file/],
      [
        ["evaluate", "lj(1,2,3)", folder.at("bare.xyz"), "--engine", "gpu"],
        /--engine: gpu; expected wasm, wasm-relaxed, wasm-mixed, webgpu, reference/,
      ],
      [["fit", folder.at("recipe.json")], /expected --out/],
      [["fit", folder.at("none.json"), "--out", folder.at("x.json")], /none\.json: no such file/],
    ] as const) {
      const { code, stderr } = await runCommand(...words);
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(complaint);
      expect(stderr.trim().split("\n").length).toBe(1);
    }
    writeText(folder.at("stray.json"), JSON.stringify({ data: "argon.xyz", split: "training" }));
    const { code, stderr } = await runCommand("fit", folder.at("stray.json"), "--out", folder.at("x.json"));
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("expected one of train, test") });
    expect(fs.existsSync(folder.at("x.json"))).toBe(false);
  });
});

describeWith([requireShared("fitsnap_Ta"), requireShared("mlearn_Mo")], "published potentials", () => {
  it("SNAP plus ZBL of bcc tantalum: -11.851570031 eV/atom", async () => {
    writeStructures(folder.at("tantalum.xyz"), [
      {
        structure: {
          cell: Float64Array.of(3.316, 0, 0, 0, 3.316, 0, 0, 0, 3.316),
          pbc: [true, true, true],
          numbers: Uint8Array.of(73, 73),
          positions: Float64Array.of(0, 0, 0, 1.658, 1.658, 1.658),
        },
        group: "default",
      },
    ]);
    const file = shared("data", "fitsnap_Ta", "reference", "Ta06A.snapcoeff");
    const { stdout } = await runCommand("evaluate", `${file}+zbl(4.0,4.8)`, folder.at("tantalum.xyz"), "--json");
    expect(Math.abs(JSON.parse(stdout).frames[0].energy / 2 + 11.851570031)).toBeLessThan(1e-8);
  });

  it("SNAP and quadratic SNAP of molybdenum err on the test set as published, to 1%", async () => {
    // Measured by an independent evaluator: energy [eV/atom] MAE and RMSE, forces [eV/A] MAE and RMSE.
    for (const [name, ...expected] of [
      ["Mo_Zuo_JPCA2020.snapcoeff", 5.48e-3, 9.25e-3, 0.207, 0.376],
      ["Mo_Zuo_JPCA2020.quadratic.snapcoeff", 2.77e-3, 4.04e-3, 0.184, 0.333],
    ] as const) {
      const potential = shared("data", "mlearn_Mo", "reference", name);
      const { stdout } = await runCommand("evaluate", potential, shared("data", "mlearn_Mo", "test.xyz"), "--json");
      const { energy, forces } = JSON.parse(stdout);
      for (const [k, value] of [energy.mae, energy.rmse, forces.mae, forces.rmse].entries())
        expect(Math.abs(value / expected[k]! - 1), `${name} ${k}`).toBeLessThan(0.01);
    }
  });
});
