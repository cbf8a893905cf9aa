import type { Command, CommandOptions } from "./command.js";
import type { CommandEntry } from "./commands.js";

const aligned = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

/** The text of `phasecell --help`. */
export const overviewHelp = (commands: readonly CommandEntry[]): string =>
  `phasecell: from first-principles data to a phase diagram

usage: phasecell COMMAND [OPTIONS]

${aligned(commands.map(({ name, summary }) => [name, summary]))}

phasecell COMMAND --help tells more. Results go to stdout (--json: one JSON document), progress to stderr.
`;

/** The text of `phasecell COMMAND --help`. */
export function commandHelp(command: Command, common: CommandOptions): string {
  const rows = Object.entries({ ...command.options, ...common }).map(([name, option]): [string, string] => [
    `${option.short ? `-${option.short}, ` : ""}--${name}${option.type === "string" ? ` ${option.placeholder ?? "VALUE"}` : ""}`,
    option.help,
  ]);
  return `${command.summary}\n\nusage: phasecell ${command.usage}\n\n${aligned(rows)}\n`;
}
