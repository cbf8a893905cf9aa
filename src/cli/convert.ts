import { InputError } from "../errors.js";
import { readStructures, writeText } from "../formats/files.node.js";
import { formatStructures, parseStructures } from "../formats/formats.js";
import { lossesBetween } from "../formats/losses.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { defineCommand, printResult } from "./command.js";
import { convertNotebooks, isNotebookFile } from "./convert-notebooks.js";
import { convertPotential, isPotentialConversion } from "./convert-potential.js";

const FORMATS = "extxyz, poscar, vasprun, lammps-data, fitsnap-json, mlearn-json";

export const command = defineCommand({
  name: "convert",
  summary: "between formats of structures, potentials (LAMMPS's and ours) and notebooks, by extension",
  usage: "convert IN... | POTENTIAL OUT [--from FORMAT] [--to FORMAT] [--frame N] [--elements Si,O]",
  options: {
    from: { type: "string", placeholder: "FORMAT", help: `format of IN: ${FORMATS}` },
    to: { type: "string", placeholder: "FORMAT", help: "format of OUT; vasprun and mlearn-json can only be read" },
    frame: { type: "string", placeholder: "N", help: "only this frame, counted from 0; -1 is the last" },
    elements: { type: "string", placeholder: "LIST", help: "elements of the atom types of LAMMPS data: Si,O" },
  },
  async run(args, io) {
    if (args.positionals.some(isNotebookFile)) return convertNotebooks(args, io);
    if (isPotentialConversion(args.positionals)) return convertPotential(args, io);
    const { from, to, frame, elements } = args.values;
    const inputs = args.positionals.slice(0, -1);
    const output = args.positionals.at(-1);
    if (output === undefined || inputs.length === 0)
      throw new InputError({
        what: "convert",
        value: args.positionals.join(" "),
        expected: "IN... OUT",
        attempt: "phasecell convert POSCAR structure.xyz",
      });
    const types = elements === undefined ? {} : { elements: elements.split(",").map((symbol) => symbol.trim()) };
    const read = inputs.flatMap((file) =>
      readStructures(file, { ...types, ...(from === undefined ? {} : { format: from }) }),
    );
    const frames = frame === undefined ? read : [pick(read, frame)];
    const options = { ...types, file: output, ...(to === undefined ? {} : { format: to }) };
    const text = formatStructures(frames, options);
    const lost = lossesBetween(frames, parseStructures(text, options));
    writeText(output, text);
    if (lost.length > 0) io.stderr.write(`${output} does not hold: ${lost.join(", ")}\n`);
    const decisions = [...new Set(read.flatMap(({ group, provenance }) => decisionOf(group, provenance)))];
    for (const decision of decisions) io.stderr.write(`${decision}\n`);
    const atoms = frames.reduce((sum, { structure }) => sum + structure.numbers.length, 0);
    printResult(
      args,
      io,
      { output, structures: frames.length, atoms, lost, decisions },
      `${output}: ${frames.length} ${frames.length === 1 ? "structure" : "structures"}, ${atoms} atoms`,
    );
  },
});

function pick(frames: readonly LabeledStructure[], word: string): LabeledStructure {
  const found = /^-?\d+$/.test(word) ? frames.at(Number(word)) : undefined;
  if (found) return found;
  throw new InputError({
    what: "--frame",
    value: word,
    expected: `a whole number from ${-frames.length} to ${frames.length - 1}`,
  });
}

const decisionOf = (group: string, provenance: LabeledStructure["provenance"]): string[] =>
  provenance?.stressOrder === undefined ? [] : [`stress of ${group}: ${provenance.stressOrder}`];
