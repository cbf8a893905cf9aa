import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as rounds from "../../data/silicon-pbe/plan.js";
import { isTest } from "../../data/silicon-pbe/split.js";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { shortestDistance } from "../../src/sampling/rattle.js";
import { cellVolume } from "../../src/structure/cell.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";
import { relaxedEquation, transitionPressure } from "./static-boundary.js";

const folder = path.resolve(import.meta.dirname, "../../data/silicon-pbe");
const read = (name: string): LabeledStructure[] => parseExtxyz(readFileSync(path.join(folder, name), "utf8"));
const [train, test] = [read("train.xyz"), read("test.xyz")];
const all = [...train, ...test];
const sourceOf = (frame: LabeledStructure): string => String(frame.structure.info?.source);
const groupOf = (name: string): LabeledStructure[] => all.filter((frame) => frame.group === name);

describe("silicon-pbe", () => {
  it("holds at least 300 structures with energy, forces and stress", () => {
    expect(all.length).toBeGreaterThanOrEqual(300);
    for (const { structure, energy, forces, stress } of all) {
      expect(energy! / structure.numbers.length).toBeGreaterThan(-107.1);
      expect(energy! / structure.numbers.length).toBeLessThan(-105.5);
      expect(forces).toHaveLength(structure.positions.length);
      expect(stress!.every(Number.isFinite)).toBe(true);
    }
  });

  it("has forces that sum to zero", () => {
    for (const { forces } of all)
      for (let k = 0; k < 3; k++)
        expect(Math.abs(forces!.reduce((sum, x, i) => (i % 3 === k ? sum + x : sum), 0))).toBeLessThan(1e-4);
  });

  it("keeps every source on one side of the split", () => {
    const sources = (frames: LabeledStructure[]) => new Set(frames.map(sourceOf));
    expect([...sources(test)].filter((source) => sources(train).has(source))).toEqual([]);
    expect(test.every((frame) => isTest(sourceOf(frame)))).toBe(true);
    expect(test.length / all.length).toBeGreaterThan(0.08);
  });

  it("covers each phase from 25% compressed to 10% expanded", () => {
    for (const phase of ["diamond", "beta-tin", "simple-hexagonal", "bcc", "fcc"]) {
      const frames = groupOf(`eos-${phase}`);
      const volume = ({ structure }: LabeledStructure): number => cellVolume(structure.cell) / structure.numbers.length;
      const perAtom = ({ energy, structure }: LabeledStructure): number => energy! / structure.numbers.length;
      const lowest = volume(frames.reduce((a, b) => (perAtom(a) < perAtom(b) ? a : b)));
      const volumes = frames.map(volume);
      expect(Math.min(...volumes) / lowest).toBeLessThan(0.76);
      expect(Math.max(...volumes) / lowest).toBeGreaterThan(1.08);
    }
  });

  it("has no atoms on top of each other", () => {
    for (const { structure } of all) expect(shortestDistance(structure)).toBeGreaterThan(1.8);
  });

  it("is what the plan makes", () => {
    const planned = Object.values(rounds).flatMap((round) => round());
    expect(planned.length).toBe(all.length);
    const place = (x: ArrayLike<number>): string => Array.from(x, (value) => value.toFixed(5)).join(" ");
    const key = (structure: LabeledStructure["structure"]): string =>
      `${place(structure.cell)} ${place(structure.positions)}`;
    const known = new Set(all.map(({ structure }) => key(structure)));
    expect(planned.filter(({ structure }) => !known.has(key(structure))).length).toBe(0);
  });

  it("puts the static boundary of diamond and beta-tin (c/a relaxed) between 8 and 12 GPa", () => {
    const [diamond, betaTin] = ["eos-diamond", "eos-beta-tin"].map((group) => relaxedEquation(groupOf(group)));
    expect(diamond!.error).toBeLessThan(2e-3);
    expect(betaTin!.error).toBeLessThan(2e-3);
    const pressure = transitionPressure(diamond!, betaTin!);
    expect(pressure).toBeGreaterThan(8);
    expect(pressure).toBeLessThan(12);
  });

  it("has pressures that are slopes of the energy, but for the finite basis", () => {
    const diamond = relaxedEquation(groupOf("eos-diamond"));
    for (const { structure, stress } of groupOf("eos-diamond")) {
      const volume = cellVolume(structure.cell) / structure.numbers.length;
      const pressure = (-(stress![0]! + stress![1]! + stress![2]!) / 3) * GPA_PER_EV_A3;
      // At 20 Ry pressures are 0.1 to 0.2 GPa too low (PROVENANCE.md), more when strongly compressed.
      expect(Math.abs(pressure - diamond.pressure(volume))).toBeLessThan(0.3 + 0.01 * Math.abs(pressure));
    }
  });
});
