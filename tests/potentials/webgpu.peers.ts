import { afterAll, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { potentialContract } from "../contracts/potential-contract.js";
import { describeWith } from "../support/requirements.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { rattled } from "../support/structures.js";
import { requireWebGpu, stopWebGpu, webGpuHost } from "../support/webgpu.js";
import { lawCases } from "./law-cases.js";

afterAll(stopWebGpu);

const onGpu = lawCases.filter(({ spec }) => createPotential(spec).terms.every((term) => term.webgpu));
const snaps = Object.entries(bispectra).filter(([, { chemflag }]) => !chemflag);

describeWith([requireWebGpu()], "engine webgpu", () => {
  const energyOf = async (spec: LawSpec, structure: Structure): Promise<number> => {
    const session = await webGpuHost.open(createPotential(spec), structure, {}, "webgpu");
    return (await session.evaluate()).energy;
  };
  const crystal = supercell(fcc("Ar", 5.26), [2, 0, 0, 0, 2, 0, 0, 0, 2]);
  const argon = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 7.88 };
  const snap = snapSpec(bispectra["one element"]!);

  it("names an atom on top of another", async () => {
    const there = { ...crystal, positions: crystal.positions.slice() };
    there.positions.copyWithin(9, 0, 3);
    await expect(energyOf(argon, there)).rejects.toThrow(/energy of atom [03]: /);
    const indium = { ...there, numbers: there.numbers.map(() => 49) };
    await expect(energyOf(snap, indium)).rejects.toThrow(/energy of atom [03]: another atom in the same place/);
  });

  it("refuses coordinates beyond reason, flat cells, and laws it has no twin of", async () => {
    const far = { ...crystal, positions: crystal.positions.map((x, k) => (k === 4 ? 1e12 : x)) };
    await expect(energyOf(argon, far)).rejects.toThrow(/position of atom 1: .* 1000000000000 /);
    const flat = { ...crystal, cell: crystal.cell.map((x, k) => (k < 3 ? 1e-3 * x : x)) };
    await expect(energyOf(argon, flat)).rejects.toThrow(/no height below .* try engine wasm/);
    const chemical = bispectra["chemflag, bnormflag, wselfallflag"]!;
    await expect(energyOf(snapSpec(chemical), snapAtoms(chemical))).rejects.toThrow(/chemflag; try engine wasm/);
  });

  it("gives the same bits every time", async () => {
    const energies = [];
    for (let k = 0; k < 5; k++) energies.push(await energyOf(argon, rattled(crystal, 0.2)));
    expect(new Set(energies).size).toBe(1);
  });

  for (const one of onGpu) potentialContract(one, webGpuHost);
  for (const [name, bispectrum] of snaps)
    potentialContract(
      { name: `SNAP, ${name}`, spec: snapSpec(bispectrum), structure: snapAtoms(bispectrum) },
      webGpuHost,
    );
});
