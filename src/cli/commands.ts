import type { Command } from "./command.js";

/** A command as the list shows it; its module is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Every command, in the order of the help. Each is `src/cli/<name>.ts` and exports `command`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "doctor",
    summary: "what this machine offers: engines, GPU, Jupyter, DFT codes, and how to get what is missing",
    load: () => import("./doctor.js"),
  },
  {
    name: "convert",
    summary: "between formats of structures, potentials (LAMMPS's and ours) and notebooks, by extension",
    load: () => import("./convert.js"),
  },
  {
    name: "label",
    summary: "energies, forces and stresses of structures by a first-principles code",
    load: () => import("./label.js"),
  },
  { name: "fit", summary: "a potential from labeled structures, by a recipe", load: () => import("./fit.js") },
  {
    name: "evaluate",
    summary: "a potential on structures: energies, forces, stresses, errors against labels",
    load: () => import("./evaluate.js"),
  },
  {
    name: "md",
    summary: "molecular dynamics by a recipe; --resume continues bit for bit",
    load: () => import("./md.js"),
  },
  {
    name: "phonons",
    summary: "phonons of a crystal by a recipe: dispersion, density of states, thermal properties",
    load: () => import("./phonons.js"),
  },
  {
    name: "free-energy",
    summary: "absolute free energy of a solid or a liquid by a recipe",
    load: () => import("./free-energy.js"),
  },
  {
    name: "melting",
    summary: "melting points of a crystal side by side with its melt, by a recipe",
    load: () => import("./melting.js"),
  },
  {
    name: "phase-diagram",
    summary: "a temperature-pressure diagram by a recipe: lines and triple points with error bars",
    load: () => import("./phase-diagram.js"),
  },
  {
    name: "run",
    summary: "a notebook (.html or .ipynb) without a browser: figures, numbers and a report",
    load: () => import("./run.js"),
  },
  {
    name: "notebooks",
    summary: "notebooks as pages: a preview with live editing, or a static site",
    load: () => import("./notebooks.js"),
  },
  {
    name: "cache",
    summary: "what notebooks keep here: how much it is, what to drop",
    load: () => import("./cache.js"),
  },
  { name: "kernel", summary: "install the Jupyter kernel", load: () => import("./kernel.js") },
  {
    name: "bench",
    summary: "speed against LAMMPS and lammps.js, whole steps of the same system in alternation",
    load: () => import("./bench.js"),
  },
  { name: "schema", summary: "the JSON schema of a recipe", load: () => import("./schema.js") },
];
