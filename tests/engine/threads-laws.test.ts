import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { Evaluation, LawSpec, Parallel, Potential } from "../../src/potentials/potential.js";
import { bcc, diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { lawCases } from "../potentials/law-cases.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { rattled, skewed, strained } from "../support/structures.js";
import { enginesAgree, largestDifference, largestMagnitude } from "../support/tolerance.js";

async function evaluate(potential: Potential, structure: Structure, parallel: Parallel): Promise<Evaluation> {
  const session = await potential.open(structure, { energies: true }, "wasm", parallel);
  const result = await session.evaluate();
  session.dispose();
  return result;
}

const alike = (a: Evaluation, b: Evaluation): void => {
  expect(Math.abs(a.energy - b.energy)).toBeLessThan(enginesAgree * Math.max(1, Math.abs(b.energy)));
  for (const what of ["forces", "virial", "energies"] as const)
    expect(largestDifference(a[what]!, b[what]!)).toBeLessThan(enginesAgree * Math.max(1, largestMagnitude(b[what]!)));
};

const snapCases = ["one element", "quadraticflag, switchinnerflag", "chemflag, bnormflag, wselfallflag"].map(
  (name) => ({
    name: `SNAP, ${name}`,
    spec: snapSpec(bispectra[name]!) as LawSpec,
    structure: snapAtoms(bispectra[name]!),
  }),
);

describe.each([...lawCases.filter(({ external }) => !external), ...snapCases])("$name", ({ spec, structure }) => {
  const potential = createPotential(spec);
  // Slabs thinner and thicker than the reach, along an axis that is not the first.
  const arrangements: readonly [string, Structure][] = [
    ["a long cell", supercell(structure, [1, 5, 2])],
    ["a skewed cell", skewed(strained(supercell(structure, [2, 2, 3])))],
    ["a cluster", { ...supercell(structure, [2, 2, 2]), pbc: [false, false, false] }],
  ];

  it.each(arrangements)("partitions agree with one another, threads to the bit: %s", async (_, atoms) => {
    const whole = await evaluate(potential, atoms, { partitions: 1 });
    for (const partitions of [2, 5]) {
      const alone = await evaluate(potential, atoms, { partitions });
      alike(alone, whole);
      for (const threads of [2, 3]) expect(await evaluate(potential, atoms, { partitions, threads })).toEqual(alone);
    }
  });
});

it("a system with fewer atoms than partitions, and one that grows its windows as atoms spread", async () => {
  const potential = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8 });
  const few = rattled(bcc("Ar", 4.5), 0.1);
  alike(
    await evaluate(potential, few, { partitions: 4, threads: 3 }),
    await evaluate(potential, few, { partitions: 1 }),
  );
  const dense = supercell(diamond("Ar", 8), [3, 3, 3]);
  const session = await potential.open(dense, { energies: true }, "wasm", { partitions: 4, threads: 2 });
  for (const scale of [1, 0.8, 0.65]) {
    const cell = dense.cell.map((x) => scale * x);
    const positions = dense.positions.map((x) => scale * x);
    const moved = await session.evaluate({ positions, cell });
    alike(moved, await evaluate(potential, { ...dense, positions, cell }, { partitions: 1 }));
  }
  session.dispose();
});
