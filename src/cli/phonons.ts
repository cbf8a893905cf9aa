import { minimize } from "../dynamics/minimize.js";
import { phononFigure } from "../figures/phonons.js";
import { checkWritable, writeText } from "../formats/files.node.js";
import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import { type PhononRecipe, phononRecipeSchema } from "../free-energy/phonon-recipe.js";
import { quasiHarmonic } from "../free-energy/quasi-harmonic.js";
import { createPotential } from "../potentials/create-potential.js";
import type { LongWork } from "../progress.js";
import { crystalPhonons } from "../properties/crystal-phonons.js";
import { thermalProperties, zeroPointEnergy } from "../properties/phonon-thermal.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { checkDrawing, drawFigure } from "./drawing.node.js";
import { describePhonons } from "./phonon-text.js";
import { ALLOW_READ, type RecipeFile, readRecipeFile } from "./recipe-file.js";

const usage = "phonons RECIPE.json [--out RESULT.json] [--figure FILE]";

export const command = defineCommand({
  name: "phonons",
  summary: "phonons of a crystal by a recipe: dispersion, density of states, thermal properties",
  usage,
  options: {
    out: { type: "string", placeholder: "FILE", help: "JSON to write" },
    figure: { type: "string", multiple: true, placeholder: "FILE", help: "drawing to write (.svg, .png)" },
    "allow-read": ALLOW_READ,
  },
  async run(args, io) {
    const { out, figure: figures = [], "allow-read": readable = [] } = args.values;
    const source = readRecipeFile(args.positionals, phononRecipeSchema, usage, { readable });
    if (out !== undefined) checkWritable(out);
    for (const file of figures) checkDrawing(file);
    const result = await phononsOf(source, { signal: io.signal, onProgress: io.onProgress });
    if (out !== undefined) writeText(out, `${toJson(result)}\n`);
    for (const file of figures)
      await drawFigure(
        phononFigure({
          name: "phonons",
          caption: `Phonons of ${result.crystal} at ${result.pressure} GPa.`,
          dispersion: result.dispersion,
          density: result.density,
        }),
        file,
      );
    printResult(args, io, result, describePhonons(result));
  },
});

export type PhononResult = Awaited<ReturnType<typeof phononsOf>>;

/** THz: below minus this a mode is unstable, and there are no thermal properties. */
const UNSTABLE = 1e-3;

async function phononsOf({ recipe, structure, potential }: RecipeFile<PhononRecipe>, work: LongWork) {
  const { crystal, pressure, temperatures, statistics, quasiHarmonic: grid, potential: named, ...settings } = recipe;
  const given = toCrystalPhase({ ...crystal, repeats: [1, 1, 1] }, "crystal", structure);
  const law = createPotential(potential(named));
  const rest = await minimize(law, given.structure, { cell: given.cell, pressure, forceTolerance: 1e-5, ...work });
  const { symmetry, dispersion, mesh, density, constants } = await crystalPhonons(law, rest.structure, {
    ...settings,
    ...work,
  });
  const atoms = given.structure.numbers.length;
  const lowest = [...mesh.frequencies, ...dispersion.frequencies].reduce((least, f) => Math.min(least, f), Infinity);
  const stable = lowest >= -UNSTABLE;
  const warm = temperatures.filter((temperature) => statistics === "quantum" || temperature > 0);
  return {
    crystal: crystal.name,
    pressure,
    symmetry: { number: symmetry.number, symbol: symmetry.symbol, pearson: symmetry.pearson },
    primitive: symmetry.primitive,
    static: { energy: rest.energy / atoms, enthalpy: rest.enthalpy / atoms, volume: rest.volume / atoms },
    supercell: constants.repeats,
    drift: constants.drift,
    lowest,
    dispersion,
    density,
    statistics,
    ...(stable
      ? { zeroPointEnergy: zeroPointEnergy(mesh), thermal: warm.map((t) => thermalProperties(mesh, t, statistics)) }
      : {}),
    ...(grid === undefined
      ? {}
      : {
          quasiHarmonic: await quasiHarmonic(law, rest.structure, {
            ...settings,
            ...grid,
            ...work,
            ...(given.cell === "isotropic" ? {} : { shape: given.cell }),
            statistics,
            temperatures: warm,
          }),
        }),
  };
}
