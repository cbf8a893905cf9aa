import { beforeAll, describe, expect, it } from "vitest";
import { initEngine } from "../../src/engine/wasm-module.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { openWasmSystem, type WasmSystem } from "../../src/potentials/wasm-system.js";
import { randomStream } from "../../src/random.js";
import { toCartesian, toFractional } from "../../src/structure/cell.js";
import { diamond, simpleCubic } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { rattled, skewed, strained } from "../support/structures.js";
import { largestDifference } from "../support/tolerance.js";

beforeAll(initEngine);

const { terms } = createPotential(stillingerWeberSilicon);
const builds = (system: WasmSystem): number => system.neighborhood.hood.get("builds");

/** Rounding in sums of a few hundred terms of the order of 1 eV, in whatever order a list has. */
const rounding = 1e-10;

const expectFresh = (system: WasmSystem, structure: Structure): void => {
  system.compute();
  const fresh = openWasmSystem(terms, structure, { skin: 0.1 });
  fresh.compute();
  expect(Math.abs(system.energy() - fresh.energy())).toBeLessThan(rounding);
  expect(largestDifference(system.forces(), fresh.forces())).toBeLessThan(rounding);
  expect(largestDifference(system.virial(), fresh.virial())).toBeLessThan(10 * rounding);
  fresh.dispose();
};

describe("a system that is moved equals one that is opened where it went", () => {
  const start = rattled(supercell(diamond("Si", 5.431), [2, 2, 2]), 0.1);

  it("atoms that wander off through the faces of the cell: lists last, then are rebuilt", () => {
    const random = randomStream(4, "rattle");
    const system = openWasmSystem(terms, start, { skin: 0.6 });
    let { positions } = start;
    for (let step = 0; step < 60; step++) {
      positions = positions.map((x, k) => x + 0.1 * random.uniform() + (k % 3 === 0 ? 0.15 : 0));
      system.setPositions(positions);
      expectFresh(system, { ...start, positions });
    }
    expect(positions[0]! - start.positions[0]!).toBeGreaterThan(5.431);
    expect(builds(system)).toBeGreaterThan(20);
    expect(builds(system)).toBeLessThan(60);
    expect(largestDifference(system.neighborhood.positions(), positions)).toBeLessThan(1e-12);
    system.dispose();
  });

  it("the same list serves moves within half the skin, and strain that uses up part of it", () => {
    const system = openWasmSystem(terms, start, { skin: 0.8 });
    system.compute();
    const positions = start.positions.map((x, k) => x + (k % 2 === 0 ? 0.1 : -0.1));
    system.setPositions(positions);
    expectFresh(system, { ...start, positions });
    const cell = start.cell.map((x) => 1.01 * x);
    const scaled = positions.map((x) => 1.01 * x);
    system.setCell(cell);
    system.setPositions(scaled);
    expectFresh(system, { ...start, cell, positions: scaled });
    expect(builds(system)).toBe(1);
    system.dispose();
  });

  it("a cell that is strained and skewed while atoms keep their fractions", () => {
    const system = openWasmSystem(terms, start);
    for (const shape of [strained(start), skewed(start), skewed(strained(start))]) {
      const positions = toCartesian(shape.cell, toFractional(start.cell, start.positions));
      system.setCell(shape.cell);
      system.setPositions(positions);
      expectFresh(system, { ...start, cell: shape.cell, positions });
    }
    system.dispose();
  });

  it("an atom moved by whole cell vectors is the same atom", () => {
    const system = openWasmSystem(terms, start);
    system.compute();
    const positions = start.positions.slice();
    for (let d = 0; d < 3; d++) positions[d]! += 2 * start.cell[d]! - start.cell[6 + d]!;
    system.setPositions(positions);
    expectFresh(system, start);
    system.dispose();
  });
});

it("a thousand systems opened and disposed of reuse one memory", () => {
  const structure = diamond("Si", 5.431);
  const memories = new Set<WebAssembly.Memory>();
  for (let k = 0; k < 1000; k++) {
    const system = openWasmSystem(terms, structure);
    system.compute();
    memories.add(system.instance.memory);
    system.dispose();
  }
  expect(memories.size).toBe(1);
  expect([...memories][0]!.buffer.byteLength).toBeLessThan(8 * 2 ** 20);
});

it("atoms on top of each other are named", () => {
  const structure = diamond("Si", 5.431);
  const positions = structure.positions.slice();
  positions.copyWithin(3, 0, 3);
  const system = openWasmSystem(terms, { ...structure, positions });
  expect(() => system.compute()).toThrow(/^energy of atom [01]: NaN; expected a finite number/);
  system.dispose();
});

it.each(["reference", "wasm"] as const)("forces without a direction are named, engine %s", async (engine) => {
  const silicon = { elements: ["Si", "Si", "Si"], m: 3, gamma: 1, lambda3: 1.3, c: 4.8, d: 2, cosTheta0: 0, n: 22.9 };
  const potential = createPotential({
    kind: "tersoff",
    triplets: [{ ...silicon, beta: 0.3, lambda2: 1.3, B: 95, R: 3, D: 0.2, lambda1: 3.2, A: 3264 }],
  });
  // The energy of this law is finite there.
  const structure = { ...simpleCubic("Si", 9), numbers: Uint8Array.of(14, 14), positions: new Float64Array(6) };
  const session = await potential.open(structure, {}, engine);
  await expect(session.evaluate()).rejects.toThrow(/^force on atom [01]: NaN; expected a finite number/);
  session.dispose();
});
