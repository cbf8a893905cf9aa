import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CellAverages, CellLeg } from "../../src/free-energy/equilibrate-cell.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { type LegStore, legKey, legStore, runLeg } from "../../src/free-energy/legs.js";
import { diskStore } from "../../src/notebook/disk-store.node.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const leg: CellLeg = {
  potential: createPotential(stillingerWeberSilicon).spec,
  phase: "diamond",
  structure: diamond("Si", 5.43),
  cell: "isotropic",
  bulkModulus: 100,
  temperature: 300,
  pressure: 0,
  timestep: 2,
  slowness: 1,
  equilibration: 20,
  sampling: 40,
  seed: 1,
};

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-legs-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const files = (): string[] =>
  fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((name) => fs.statSync(name).isFile());

/** A store that counts. */
function counted(): { store: LegStore; read: string[]; written: string[] } {
  const disk = legStore(diskStore(folder));
  const [read, written]: [string[], string[]] = [[], []];
  const store: LegStore = {
    async read(key) {
      const found = await disk.read(key);
      if (found !== undefined) read.push(key);
      return found;
    },
    write(key, value) {
      written.push(key);
      return disk.write(key, value);
    },
  };
  return { store, read, written };
}

describe("runLeg", () => {
  it("runs a leg once: the stored result has the same bits, and counts as progress", async () => {
    const { store, read, written } = counted();
    const first = await runLeg<CellAverages>("equilibrate-cell", leg, { legs: store });
    const seen: number[] = [];
    const again = await runLeg<CellAverages>("equilibrate-cell", leg, {
      legs: store,
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    expect(again).toEqual(first);
    expect(await runLeg("equilibrate-cell", leg)).toEqual(first);
    expect([written.length, read.length, files().length]).toEqual([1, 1, 1]);
    expect(seen).toEqual([1]);
  });

  it("knows a leg by its content: any number, the order of keys apart", async () => {
    const { seed, ...rest } = leg;
    const positions = leg.structure.positions.slice();
    positions[4]! += 1e-12;
    const other = { ...leg, structure: { ...leg.structure, positions } };
    const keys = await Promise.all(
      [leg, { seed, ...rest }, { ...leg, seed: 2 }, other].map((input) => legKey("equilibrate-cell", input)),
    );
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
    expect(await legKey("switch-to-einstein", leg)).not.toBe(keys[0]);
  });

  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
    ["empty", () => Buffer.alloc(0)],
    ["of other bytes", () => Buffer.from("not a leg at all, but long enough")],
  ])("an entry %s is computed anew and mended", async (_, spoil) => {
    const { store, written } = counted();
    const first = await runLeg("equilibrate-cell", leg, { legs: store });
    const [file] = files() as [string];
    fs.writeFileSync(file, spoil(fs.readFileSync(file)));
    expect(await runLeg("equilibrate-cell", leg, { legs: store })).toEqual(first);
    expect(written).toHaveLength(2);
    expect(await store.read(written[0]!)).toEqual(first);
  });

  it("an entry under the name of another leg is not taken for it", async () => {
    const { store, written } = counted();
    await runLeg("equilibrate-cell", leg, { legs: store });
    const other = await legKey("equilibrate-cell", { ...leg, seed: 9 });
    fs.mkdirSync(path.join(folder, other.slice(0, 2)), { recursive: true });
    fs.copyFileSync(
      path.join(folder, written[0]!.slice(0, 2), written[0]!),
      path.join(folder, other.slice(0, 2), other),
    );
    expect(await store.read(other)).toBeUndefined();
  });
});

it("a Gibbs energy takes its legs from the store", async () => {
  const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" } as const;
  const settings = {
    temperature: 300,
    pressure: 0,
    seed: 3,
    equilibration: 40,
    sampling: 80,
    switching: 40,
    replicas: 2,
  };
  const { store, read, written } = counted();
  const first = await gibbsEnergy(leg.potential, phase, settings, { legs: store });
  expect([written.length, read.length]).toEqual([4, 0]);
  const shares: number[] = [];
  const again = await gibbsEnergy(leg.potential, phase, settings, {
    legs: store,
    onProgress: ({ done, total }) => shares.push(done / total),
  });
  expect(again).toEqual(first);
  expect([written.length, read.length]).toEqual([4, 4]);
  expect(shares.at(-1)).toBeCloseTo(1, 12);
});
