import type { Command } from "./command.js";

/** A command as the list shows it; its module is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
}

/** Every command, in the order of the help. Each is `src/cli/<name>.ts` and exports `command`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "doctor",
    summary: "what this machine offers: engines, GPU, Jupyter, DFT codes, and how to get what is missing",
  },
  { name: "convert", summary: "between structure formats, by extension or --from/--to" },
  { name: "label", summary: "energies, forces and stresses of structures by a first-principles code" },
  { name: "fit", summary: "a potential from labeled structures, by a recipe" },
  { name: "evaluate", summary: "a potential on structures: energies, forces, stresses, errors against labels" },
  { name: "md", summary: "molecular dynamics by a recipe; --resume continues bit for bit" },
  { name: "free-energy", summary: "absolute free energy of a solid by a recipe" },
  { name: "phase-diagram", summary: "the boundary of two phases by a recipe" },
  { name: "run", summary: "a notebook without a browser: figures, numbers and a report" },
  { name: "kernel", summary: "install the Jupyter kernel" },
  { name: "schema", summary: "the JSON schema of a recipe" },
];

/** Loads one command's module. */
export async function loadCommand(name: string): Promise<Command> {
  const { command } = (await import(`./${name}.js`)) as { command: Command };
  return command;
}
