// Labels of this folder and of ../titanium-saidi on one scale; the numbers and where they are from: alignment.json, PROVENANCE.md.
import fs from "node:fs";
import path from "node:path";
import { createPotential, fitPotential, parseExtxyz, predictStructures } from "../../dist/index.js";

const here = import.meta.dirname;
const { volume, energy, slope, cutoffSlope, basisStress } = JSON.parse(
  fs.readFileSync(path.join(here, "alignment.json"), "utf8"),
);
const volumeOf = ([a, b, c, d, e, f, g, h, i]) =>
  Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));

/** The frame with `perVolume` [eV/A^3] times its volume beyond `volume` per atom added to its energy, and the stress of that. */
const tilted = (frame, perVolume) => ({
  ...frame,
  energy: frame.energy + perVolume * (volumeOf(frame.structure.cell) - volume * frame.structure.numbers.length),
  stress: frame.stress.map((s, i) => (i < 3 ? s + perVolume : s)),
});

const read = (name) => {
  const file = path.join(here, `${name}.xyz`);
  return parseExtxyz(fs.readFileSync(file, "utf8"), { file });
};

/** A frame of ../titanium-saidi with the pressure of an all-electron PBE. */
export const alignPublished = (frame) => tilted(frame, slope);

/** Labels of this folder: energies on the scale of the published ones, the pressure that a finite basis lacks added. */
export function readLabels(name) {
  return read(`${name}-labeled`).map((frame) => {
    const atoms = frame.structure.numbers.length;
    const basis = (basisStress * atoms) / volumeOf(frame.structure.cell);
    const aligned = tilted(frame, cutoffSlope);
    return {
      ...aligned,
      energy: aligned.energy - energy * atoms,
      stress: aligned.stress.map((s, i) => (i < 3 ? s + basis : s)),
      provenance: { source: frame.structure.info.source },
    };
  });
}

/**
 * Frames of cold electrons (Methfessel-Paxton) as they would be with electrons of 1200 K: energies, forces and stresses of a
 * small linear model of the difference (electrons.xyz, recipe-electrons.json) are added.
 */
export async function warmElectrons(frames) {
  const recipe = JSON.parse(fs.readFileSync(path.join(here, "recipe-electrons.json"), "utf8"));
  const { potential } = await fitPotential(recipe, read("electrons"));
  const shifts = await predictStructures(createPotential(potential), frames);
  return frames.map((frame, index) => {
    const { energy, forces, stress } = shifts[index];
    return {
      ...frame,
      energy: frame.energy + energy,
      forces: frame.forces.map((f, i) => f + forces[i]),
      ...(frame.stress ? { stress: frame.stress.map((s, i) => s + stress[i]) } : {}),
    };
  });
}
