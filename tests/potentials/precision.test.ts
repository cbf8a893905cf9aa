import { afterEach, describe, expect, it, vi } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { relaxedSimdProblem } from "../../src/engine/kernel-variants.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { EngineName, Evaluation, LawSpec } from "../../src/potentials/potential.js";
import { bcc, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { type ContractHost, potentialContract } from "../contracts/potential-contract.js";
import { describeWith } from "../support/requirements.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { rattled } from "../support/structures.js";
import { doublePrecision, mixedPrecision } from "../support/tolerance.js";
import { lawCases } from "./law-cases.js";

const hostOf = (engine: EngineName, tolerance: ContractHost["tolerance"]): ContractHost => ({
  engines: [engine],
  open: (potential, structure, outputs, name) => potential.open(structure, outputs, name),
  tolerance,
});
const snapCases = Object.entries(bispectra).map(([name, bispectrum]) => ({
  name: `SNAP, ${name}`,
  spec: snapSpec(bispectrum),
  structure: snapAtoms(bispectrum),
}));
const oneDensity = snapCases.filter(({ spec }) => createPotential(spec).terms[0]!.mixed);
const indium = snapSpec(bispectra["one element"]!);
const quadratic = snapSpec(bispectra["quadraticflag, switchinnerflag"]!);
const crystal = rattled(supercell(bcc("In", 3.6), [4, 0, 0, 0, 4, 0, 0, 0, 5]), 0.1);
const argon = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 7.88 };

const evaluate = async (spec: LawSpec, structure: Structure, engine: EngineName, threads = 1): Promise<Evaluation> => {
  const session = await createPotential(spec).open(structure, {}, engine, { threads, partitions: 4 });
  expect(session.engine).toBe(engine);
  const result = await session.evaluate();
  session.dispose();
  return result;
};

afterEach(() => vi.restoreAllMocks());

describeWith([relaxedSimdProblem()], "engine wasm-relaxed", () => {
  const host = hostOf("wasm-relaxed", doublePrecision);
  for (const one of [...lawCases, ...snapCases]) potentialContract(one, host);

  it("gives the same bits for any number of threads, and in dynamics", async () => {
    const alone = await evaluate(indium, crystal, "wasm-relaxed");
    expect((await evaluate(indium, crystal, "wasm-relaxed", 2)).forces).toEqual(alone.forces);
    expect(await positionsAfter("wasm-relaxed", 2)).toEqual(await positionsAfter("wasm-relaxed", 1));
  });

  it("leaves the bits of wasm alone", async () => {
    const before = await evaluate(indium, crystal, "wasm");
    await evaluate(indium, crystal, "wasm-relaxed");
    expect(await evaluate(indium, crystal, "wasm")).toEqual(before);
  });
});

describe("engine wasm-mixed", () => {
  const host = hostOf("wasm-mixed", mixedPrecision);
  expect(oneDensity.length).toBe(4);
  for (const one of oneDensity) potentialContract(one, host);

  it("gives the same bits for any number of threads, and in dynamics", async () => {
    const alone = await evaluate(indium, crystal, "wasm-mixed");
    expect((await evaluate(indium, crystal, "wasm-mixed", 2)).forces).toEqual(alone.forces);
    expect(alone.forces).not.toEqual((await evaluate(indium, crystal, "wasm")).forces);
    expect(await positionsAfter("wasm-mixed", 2)).toEqual(await positionsAfter("wasm-mixed", 1));
  });

  it("runs a pair law beside SNAP in f64", async () => {
    const sum = createPotential([indium, { kind: "ziegler-biersack-littmark", inner: 3, outer: 4 }]);
    const energies = [];
    for (const engine of ["reference", "wasm-mixed"] as const) {
      const session = await sum.open(crystal, {}, engine);
      energies.push((await session.evaluate()).energy);
      session.dispose();
    }
    expect(Math.abs(energies[1]! / energies[0]! - 1)).toBeLessThan(mixedPrecision.enginesAgree);
  });

  it("takes one, two and three atoms in its last vector", async () => {
    for (const repeats of [1, 2, 3, 4, 5]) {
      const row = rattled(supercell(bcc("In", 3.6), [repeats, 0, 0, 0, 1, 0, 0, 0, 1]), 0.1);
      const some = { ...row, numbers: row.numbers.slice(1), positions: row.positions.slice(3) };
      for (const spec of [indium, quadratic]) {
        const [exact, mixed] = [await evaluate(spec, some, "reference"), await evaluate(spec, some, "wasm-mixed")];
        expect(Math.abs(mixed.energy - exact.energy)).toBeLessThan(
          mixedPrecision.enginesAgree * Math.abs(exact.energy),
        );
      }
    }
  });
});

describe("refuses", () => {
  it("wasm-mixed for laws without f32x4, in one line that names wasm", async () => {
    await expect(evaluate(argon, fcc("Ar", 5.26), "wasm-mixed")).rejects.toThrow(
      "engine wasm-mixed: lennard-jones; expected a snap of one density among the terms; try engine wasm",
    );
    const dense = bispectra["chemflag, quadraticflag, bzeroflag off"]!;
    await expect(evaluate(snapSpec(dense), snapAtoms(dense), "wasm-mixed")).rejects.toThrow(/try engine wasm$/);
  });

  it("wasm-relaxed where there is no relaxed SIMD", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(relaxedSimdProblem()).toBe("no WebAssembly relaxed SIMD");
    for (const threads of [1, 2])
      await expect(evaluate(indium, crystal, "wasm-relaxed", threads)).rejects.toThrow(
        /^engine wasm-relaxed: no WebAssembly relaxed SIMD; expected .*; try engine wasm$/,
      );
  });
});

async function positionsAfter(engine: "wasm-relaxed" | "wasm-mixed", threads: number): Promise<Float64Array> {
  const { state } = await runDynamics(
    {
      ...{ structure: crystal, potential: createPotential(indium), ensemble: { kind: "nve" }, engine },
      ...{ initialTemperature: 50, steps: 20, seed: 7, partitions: 4 },
    },
    { threads },
  );
  return state.structure.positions;
}
