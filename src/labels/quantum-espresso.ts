import { InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import type { QuantumEspressoRecipe } from "./quantum-espresso-recipe.js";

const SMEARING = {
  "marzari-vanderbilt": "mv",
  "methfessel-paxton": "mp",
  gaussian: "gaussian",
  "fermi-dirac": "fd",
} as const;

/**
 * Points along each reciprocal vector [3]: ceil(|b_i| / spacing) with |b_i| [1/A] including 2 pi, so that the points
 * are never further apart than asked, whatever the cell.
 */
export function kPointMesh(cell: Float64Array, spacing: number): [number, number, number] {
  const row = (i: number): number[] => [...cell.subarray(3 * (i % 3), 3 * (i % 3) + 3)];
  const cross = (a: number[], b: number[]): [number, number, number] => [
    a[1]! * b[2]! - a[2]! * b[1]!,
    a[2]! * b[0]! - a[0]! * b[2]!,
    a[0]! * b[1]! - a[1]! * b[0]!,
  ];
  const normal = cross(row(1), row(2));
  const volume = Math.abs(row(0).reduce((sum, x, i) => sum + x * normal[i]!, 0));
  if (!(volume > 0))
    throw new InputError({ what: "cell volume", value: volume, expected: "three independent vectors" });
  const points = (i: number): number => {
    const length = (2 * Math.PI * Math.hypot(...cross(row(i + 1), row(i + 2)))) / volume;
    // The small allowance keeps rounding in the cell from adding a plane of points.
    return Math.max(1, Math.ceil(length / spacing - 1e-6));
  };
  return [points(0), points(1), points(2)];
}

/**
 * The recipe after a run that did not converge: slower mixing, more steps, and some smearing where there was none.
 * The smearing is narrow (0.01 Ry) because it changes the energy; a recipe that has one keeps it.
 */
export const saferRecipe = (recipe: QuantumEspressoRecipe): QuantumEspressoRecipe => ({
  ...recipe,
  mixing: Math.min(recipe.mixing, 0.3),
  maximumSteps: 2 * recipe.maximumSteps,
  smearing: recipe.smearing ?? { kind: "marzari-vanderbilt", width: 0.01 },
});

/**
 * The text of pw.in: one self-consistent run with forces and stress. It names no directory of this machine (pw.x takes
 * pseudopotentials from ESPRESSO_PSEUDO), so the text is also what identifies the label.
 */
export function quantumEspressoInput(structure: Structure, recipe: QuantumEspressoRecipe): string {
  if (!structure.pbc.every(Boolean))
    throw new InputError({
      what: "pbc",
      value: structure.pbc,
      expected: "periodic in all directions for plane waves",
      attempt: "a cell with vacuum around the atoms",
    });
  const symbols = Array.from(structure.numbers, symbolOf);
  const species = [...new Set(symbols)].sort();
  const { cutoff, densityCutoff, smearing } = recipe;
  const vectors = (values: Float64Array): string[] =>
    Array.from({ length: values.length / 3 }, (_, i) =>
      [...values.subarray(3 * i, 3 * i + 3)].map((x) => x.toFixed(10)).join(" "),
    );
  return [
    "&CONTROL",
    "  calculation='scf', prefix='phasecell', outdir='./scratch', disk_io='none', tprnfor=.true., tstress=.true.",
    "/",
    "&SYSTEM",
    `  ibrav=0, nat=${symbols.length}, ntyp=${species.length}, ecutwfc=${cutoff}`,
    ...(densityCutoff === undefined ? [] : [`  ecutrho=${densityCutoff}`]),
    smearing
      ? `  occupations='smearing', smearing='${SMEARING[smearing.kind]}', degauss=${smearing.width}`
      : "  occupations='fixed'",
    "/",
    "&ELECTRONS",
    `  conv_thr=${recipe.convergence}, mixing_beta=${recipe.mixing}, electron_maxstep=${recipe.maximumSteps}`,
    "/",
    "ATOMIC_SPECIES",
    ...species.map((symbol) => `${symbol} 1.0 ${pseudopotentialOf(symbol, recipe).file}`),
    "CELL_PARAMETERS angstrom",
    ...vectors(structure.cell),
    "ATOMIC_POSITIONS angstrom",
    ...vectors(structure.positions).map((line, i) => `${symbols[i]} ${line}`),
    "K_POINTS automatic",
    `${kPointMesh(structure.cell, recipe.kPointSpacing).join(" ")} 0 0 0`,
    "",
  ].join("\n");
}

/** The recipe's pseudopotential of an element, or an InputError that names the ones it has. */
export function pseudopotentialOf(
  symbol: string,
  recipe: QuantumEspressoRecipe,
): { file: string; sha256?: string | undefined } {
  const found = recipe.pseudopotentials[symbol];
  if (!found)
    throw new InputError({
      what: "pseudopotential",
      value: symbol,
      expected: `one of the recipe's: ${Object.keys(recipe.pseudopotentials).join(", ") || "none"}`,
      attempt: `pseudopotentials.${symbol} = { file: "..." }`,
    });
  return found;
}
