import { InputError } from "../errors.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { Structure } from "../structure/structure.js";
import type { Figure } from "./figure.js";
import type { BoundaryPoint } from "./phase-diagram.js";
import { structureFigure } from "./structure-drawing.js";

/** A phase diagram under a live run: where the run is set and where it is. */
export interface LiveDiagram {
  readonly boundary: readonly BoundaryPoint[];
  /** Names of the phases on both sides of the boundary. */
  readonly phases?: { readonly below: string; readonly above: string };
  /** K and GPa, of the axes; they hold the boundary by default. */
  readonly temperatures?: readonly [number, number];
  readonly pressures?: readonly [number, number];
}

/** A run at constant temperature and pressure that goes on for as long as somebody watches. */
export interface LiveDynamics {
  readonly kind: "live-dynamics";
  readonly name: string;
  /** Markdown. */
  readonly caption: string;
  readonly structure: Structure;
  readonly potential: PotentialSpec;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** What the cell may do. */
  readonly cell: "isotropic" | "tetragonal" | "orthorhombic" | "any" | "uniaxial";
  /** fs. */
  readonly timestep: number;
  readonly seed: number;
  /** A, atoms closer than this count as bonded. */
  readonly bond: number;
  readonly diagram?: LiveDiagram;
}

type LiveDynamicsOptions = Pick<LiveDynamics, "name" | "caption" | "structure" | "potential" | "temperature" | "bond"> &
  Partial<Pick<LiveDynamics, "pressure" | "cell" | "timestep" | "seed" | "diagram">>;

/**
 * Molecular dynamics to watch: where there is a page, atoms move and temperature and pressure steer the run as it goes; a
 * new temperature or pressure does not start it anew, a new structure or potential does. Elsewhere its start is drawn.
 */
export function liveDynamics(options: LiveDynamicsOptions): LiveDynamics {
  const { pressure = 0, cell = "any", timestep = 2, seed = 0 } = options;
  for (const [what, value, least] of [
    ["temperature", options.temperature, 0],
    ["timestep", timestep, Number.MIN_VALUE],
    ["bond", options.bond, 0],
  ] as const)
    if (!(value >= least && Number.isFinite(value)))
      throw new InputError({ what: `liveDynamics: ${what}`, value, expected: "a positive number" });
  if (!Number.isFinite(pressure))
    throw new InputError({ what: "liveDynamics: pressure", value: pressure, expected: "a number of GPa" });
  return { kind: "live-dynamics", ...options, pressure, cell, timestep, seed };
}

export const isLiveDynamics = (value: unknown): value is LiveDynamics =>
  typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "live-dynamics";

/** Where the run starts, for hosts where nothing moves. */
export function stillFigure(live: LiveDynamics): Figure {
  const { name, caption, structure, bond, temperature, pressure } = live;
  return structureFigure({
    name,
    caption: `${caption} (In the page these atoms move; here they stand where the run starts.)`,
    structures: [{ title: `${temperature} K, ${pressure} GPa`, structure, bond }],
  });
}
