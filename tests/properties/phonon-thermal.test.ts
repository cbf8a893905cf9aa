import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { crystalPhonons } from "../../src/properties/crystal-phonons.js";
import { forceConstants } from "../../src/properties/force-constants.js";
import { type PhononMesh, phononMesh } from "../../src/properties/phonon-mesh.js";
import { type PhononStatistics, thermalProperties, zeroPointEnergy } from "../../src/properties/phonon-thermal.js";
import { phononModes } from "../../src/properties/phonons.js";
import { cellVolume } from "../../src/structure/cell.js";
import { diamond, hcp } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, PLANCK, REDUCED_PLANCK, TIME_UNIT_FS } from "../../src/units.js";
import { harmonicFreeEnergy } from "../support/harmonic-crystal.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const ARGON = { epsilon: 0.0103, sigma: 3.4, cutoff: 8 };
const silicon = createPotential(stillingerWeberSilicon);
const primitive = diamond("Si", 5.43095, { primitive: true });

/** Three oscillators of one frequency [THz] in a cell of one atom. */
const oscillators = (frequency: number): PhononMesh => ({
  divisions: [1, 1, 1],
  shifted: false,
  atoms: 1,
  points: new Float64Array(3),
  weights: Float64Array.of(1),
  frequencies: Float64Array.of(frequency, frequency, frequency),
});

describe("thermalProperties", () => {
  it("Einstein's solid: closed forms", () => {
    const mesh = oscillators(10);
    const [e, kT] = [(PLANCK * 10) / 1000, BOLTZMANN * 400];
    const x = e / kT;
    const { freeEnergy, energy, entropy, heatCapacity } = thermalProperties(mesh, 400);
    expect(freeEnergy).toBeCloseTo(3 * (e / 2 + kT * Math.log(1 - Math.exp(-x))), 13);
    expect(energy).toBeCloseTo(3 * (e / 2 + e / (Math.exp(x) - 1)), 13);
    expect(entropy * 400).toBeCloseTo(energy - freeEnergy, 13);
    expect(heatCapacity / BOLTZMANN).toBeCloseTo((3 * x * x * Math.exp(x)) / (Math.exp(x) - 1) ** 2, 12);
    expect(zeroPointEnergy(mesh)).toBeCloseTo((3 * e) / 2, 13);
    expect(thermalProperties(mesh, 0).freeEnergy).toBe(zeroPointEnergy(mesh));
    expect(thermalProperties(mesh, 1).heatCapacity).toBeLessThan(1e-100);
    expect(thermalProperties(mesh, 400, "classical").freeEnergy).toBeCloseTo(3 * kT * Math.log(x), 13);
  });

  it.each<PhononStatistics>(["quantum", "classical"])(
    "silicon, %s: S = -dF/dT, C = dU/dT, and 3k when it is hot",
    async (statistics) => {
      const mesh = await phononMesh(await forceConstants(silicon, primitive), { divisions: [6, 6, 6] });
      for (const temperature of [150, 900]) {
        const at = (t: number) => thermalProperties(mesh, t, statistics);
        const h = 0.5;
        const { entropy, heatCapacity } = at(temperature);
        const slopes = (h: number) => [
          (at(temperature - h).freeEnergy - at(temperature + h).freeEnergy) / (2 * h),
          (at(temperature + h).energy - at(temperature - h).energy) / (2 * h),
        ];
        // Central differences miss (h/T)^2 of the value, 1e-5 here.
        expect(Math.abs(slopes(h)[0]! / entropy - 1)).toBeLessThan(2e-5);
        expect(Math.abs(slopes(h)[1]! / heatCapacity - 1)).toBeLessThan(2e-5);
      }
      expect(thermalProperties(mesh, 1e5, statistics).heatCapacity / BOLTZMANN).toBeCloseTo(3, 4);
      const [hot, classical] = [thermalProperties(mesh, 1e5), thermalProperties(mesh, 1e5, "classical")];
      // Wigner and Kirkwood: the difference is (h nu)^2 / 24 kT a mode, 6e-5 eV here.
      expect(Math.abs(hot.freeEnergy - classical.freeEnergy)).toBeLessThan(1e-4);
    },
  );

  it("the modes that fit into 64 atoms give the classical free energy that switching is tested against", async () => {
    const [temperature, kT] = [300, BOLTZMANN * 300];
    const constants = await forceConstants(silicon, primitive);
    // 32 primitive cells: the conventional cell twice in every direction, whose waves are a mesh of the conventional cell.
    const cubic = await forceConstants(silicon, diamond("Si", 5.43095));
    const mesh = await phononMesh(cubic, { divisions: [2, 2, 2], shifted: false });
    const sites = supercell(diamond("Si", 5.43095), [2, 2, 2]);
    const exact = await harmonicFreeEnergy(silicon, sites, 32, temperature);
    const session = await silicon.open(sites);
    const { energy } = await session.evaluate();
    session.dispose();
    const wavelength = (REDUCED_PLANCK / TIME_UNIT_FS) * Math.sqrt((2 * Math.PI) / (64 * constants.masses[0]! * kT));
    const center = kT * Math.log((32 * wavelength ** 3) / cellVolume(sites.cell));
    const found = energy + center + 64 * thermalProperties(mesh, temperature, "classical").freeEnergy;
    // The support's force constants are plain central differences: 1e-6 relative, 1e-6 kT a mode.
    expect(Math.abs(found - exact)).toBeLessThan(1e-5);
  });

  it("an unstable crystal has no free energy, and a mode at rest counts as nothing", () => {
    expect(() => thermalProperties(oscillators(-2), 300)).toThrow(/an imaginary frequency of 2.000 THz/);
    expect(thermalProperties(oscillators(1e-6), 300).freeEnergy).toBe(0);
    expect(() => thermalProperties(oscillators(1), -1)).toThrow(/temperature: -1; expected 0 K or above/);
    expect(() => thermalProperties(oscillators(1), 0, "classical")).toThrow(/expected above 0 K/);
  });
});

describe("phononMesh", () => {
  it.each([
    ["diamond", primitive, [4, 4, 4], true],
    ["diamond, with Gamma", primitive, [4, 4, 4], false],
    ["hcp", hcp("Ar", 3.71, 6.06), [4, 4, 3], true],
  ] as const)("%s: the points that symmetry leaves stand for all", async (_, structure, divisions, shifted) => {
    const potential = structure.numbers[0] === 14 ? silicon : createPotential({ kind: "lennard-jones", ...ARGON });
    const constants = await forceConstants(potential, structure);
    const mesh = await phononMesh(constants, { divisions, shifted });
    expect(mesh.weights.length).toBeLessThan(divisions[0] * divisions[1] * divisions[2] * 0.55);
    expect(mesh.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    const sums = [0, 0, 0];
    const branches = 3 * structure.numbers.length;
    mesh.frequencies.forEach((f, k) => {
      for (let p = 0; p < 3; p++) sums[p]! += mesh.weights[Math.floor(k / branches)]! * f ** (2 * p + 2);
    });
    const expected = [0, 0, 0];
    const total = divisions[0] * divisions[1] * divisions[2];
    for (let n = 0; n < total; n++) {
      const place = [
        n % divisions[0],
        Math.floor(n / divisions[0]) % divisions[1],
        Math.floor(n / divisions[0] / divisions[1]),
      ];
      const q = place.map((m, d) => (m + (shifted ? 0.5 : 0)) / divisions[d]!);
      for (const f of phononModes(constants, q).frequencies)
        for (let p = 0; p < 3; p++) expected[p]! += f ** (2 * p + 2) / total;
    }
    for (let p = 0; p < 3; p++) expect(sums[p]! / expected[p]!).toBeCloseTo(1, 9);
  });

  it("a density of states holds three modes an atom", async () => {
    const { density, dispersion } = await crystalPhonons(silicon, diamond("Si", 5.43095), { divisions: [8, 8, 8] });
    const step = density.frequencies[1]! - density.frequencies[0]!;
    expect(density.values.reduce((sum, x) => sum + x * step, 0)).toBeCloseTo(3, 4);
    expect(dispersion.branches).toBe(6);
    expect(Math.max(...dispersion.frequencies)).toBeLessThan(density.frequencies.at(-1)!);
  });

  it("ends when it is told to", async () => {
    const constants = await forceConstants(silicon, primitive);
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(
      phononMesh(constants, { divisions: [60, 60, 60], signal: controller.signal, onProgress }),
    ).rejects.toThrow(/abort/i);
  });
});
