import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import type { LegWork } from "../free-energy/legs.js";
import { type PhaseBoundary, phaseBoundary } from "../phase-diagram/boundaries.js";
import type { BoundaryRecipe } from "../phase-diagram/phase-diagram-recipe.js";
import type { RecipeFile } from "./recipe-file.js";

/** The boundary of two crystals at the temperatures of a recipe; `open` is called when the recipe turned out to be sound. */
export function boundaryOf(
  { recipe, structure, potential }: RecipeFile<BoundaryRecipe>,
  open: () => LegWork,
): Promise<PhaseBoundary> {
  const { phases, potential: named, ...settings } = recipe;
  const [one, two] = phases.map((phase, i) => toCrystalPhase(phase, `phases.${i}`, structure));
  const spec = potential(named);
  return phaseBoundary(spec, [one!, two!], settings, open());
}

/** A boundary as a table for people. */
export function describeBoundary(boundary: PhaseBoundary): string {
  const { phases, staticPressure, crossings, line, anchor, worstDisagreement, limits, failures = [] } = boundary;
  const rows = crossings.map(({ temperature, pressure }, i) => {
    const other = line[i]!.pressure;
    const mark = temperature === anchor ? "  (start of the line)" : "";
    return `${String(temperature).padStart(7)} K   ${pressure.value.toFixed(3)} +- ${pressure.error.toFixed(3)}   ${other.value.toFixed(3)} +- ${other.error.toFixed(3)}${mark}`;
  });
  return [
    `${phases[0]} to ${phases[1]}: ${staticPressure.toFixed(3)} GPa static`,
    "        T   crossing of G (GPa)   Clausius-Clapeyron (GPa)",
    ...rows,
    `worst disagreement ${worstDisagreement.toFixed(2)} sigma`,
    ...limits.map((l) => `${l.phase} at ${l.temperature} K, ${l.pressure.toFixed(2)} GPa did not last: ${l.evidence}`),
    ...failures.map(
      (f) => `${f.phase} at ${f.temperature} K, ${f.pressure.toFixed(2)} GPa was not measured: ${f.message}`,
    ),
  ].join("\n");
}
