import { InputError } from "../errors.js";
import { defineCommand, printResult } from "./command.js";
import { type Finding, probeMachine } from "./probes.node.js";
import { version } from "./version.node.js";

const HEADINGS: Readonly<Record<Finding["group"], string>> = {
  engine: "Engines",
  hardware: "Hardware",
  notebook: "Notebooks",
  program: "Programs",
};

export const command = defineCommand({
  name: "doctor",
  summary: "what this machine offers: engines, GPU, Jupyter, DFT codes, and how to get what is missing",
  usage: "doctor [--json]",
  options: {},
  async run(args, io) {
    if (args.positionals.length > 0)
      throw new InputError({ what: "doctor", value: args.positionals.join(" "), expected: "no arguments" });
    const findings = await probeMachine();
    const sections = Object.entries(HEADINGS).map(([group, heading]) => {
      const lines = findings.filter((finding) => finding.group === group).map(describe);
      return `${heading}\n${lines.join("\n")}`;
    });
    printResult(args, io, { phasecell: version(), node: process.versions.node, findings }, sections.join("\n\n"));
  },
});

function describe({ name, found, detail, remedy }: Finding): string {
  const line = `  ${found ? "yes" : "no "}  ${name.padEnd(26)} ${detail}`;
  return remedy === undefined ? line : `${line}\n       ${" ".repeat(26)} ${remedy}`;
}
