import { InputError } from "../errors.js";
import { readText, writeText } from "../formats/files.node.js";
import { formatLammpsPotential, LAMMPS_POTENTIAL_ENDINGS } from "../formats/lammps-potential.js";
import { parsePotentialExpression } from "../formats/potential-expression.js";
import { createPotential } from "../potentials/create-potential.js";
import { type CommandArguments, type CommandIo, printResult } from "./command.js";

/** Whether the words of `convert` are a potential and a file for one. */
export function isPotentialConversion([input = "", output = ""]: readonly string[]): boolean {
  if (LAMMPS_POTENTIAL_ENDINGS.test(output)) return true;
  return (
    /\.json$/i.test(output) &&
    input.split("+").some((term) => LAMMPS_POTENTIAL_ENDINGS.test(term.replace(/\(.*\)?$/, "").trim()))
  );
}

/** `convert POTENTIAL X.sw` and the like, with the lines that LAMMPS wants; `convert POTENTIAL X.json` in our own format. */
export function convertPotential(args: CommandArguments, io: CommandIo): void {
  const [input, output, ...others] = args.positionals;
  if (!input || !output || others.length > 0)
    throw new InputError({ what: "convert", value: args.positionals.join(" "), expected: "POTENTIAL OUT" });
  const spec = parsePotentialExpression(input, readText);
  if (/\.json$/i.test(output)) {
    createPotential(spec);
    writeText(output, `${JSON.stringify(spec)}\n`);
    printResult(args, io, { output, files: [output] }, output);
    return;
  }
  const { files, commands, elements } = formatLammpsPotential(spec, output);
  for (const { name, text } of files) writeText(name, text);
  const names = files.map(({ name }) => name);
  printResult(
    args,
    io,
    { output, files: names, commands, elements },
    `${names.join(", ")}; for LAMMPS:\n${commands.join("\n")}`,
  );
}
