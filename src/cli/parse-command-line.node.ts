import { parseArgs } from "node:util";
import { didYouMean, InputError } from "../errors.js";
import type { Command, CommandArguments, CommandOptions } from "./command.js";

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  json: { type: "boolean", help: "one JSON document on stdout" },
  debug: { type: "boolean", help: "show where an error came from" },
  help: { type: "boolean", short: "h", help: "this text" },
} as const satisfies CommandOptions;

export interface ParsedCommandLine extends CommandArguments {
  readonly values: CommandArguments["values"] & { readonly debug?: boolean; readonly help?: boolean };
}

/** Parses what follows the command's name; a mistyped option is a complaint with a suggestion. */
export function parseCommandLine(command: Command, argv: readonly string[]): ParsedCommandLine {
  const options: CommandOptions = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals, tokens } = parseArgs({
    args: joinNegativeNumbers(argv, options),
    options: options as Record<string, { type: "string" | "boolean" }>,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) {
      const meant = didYouMean(token.name, Object.keys(options));
      throw new InputError({
        what: `unknown option ${token.rawName} of phasecell ${command.name}`,
        expected: `one of ${Object.keys(options)
          .map((name) => `--${name}`)
          .join(", ")}`,
        ...(meant ? { attempt: `--${meant}` } : {}),
      });
    }
    if (option.type === "string" && token.value === undefined)
      throw new InputError({
        what: `${token.rawName} without a value`,
        expected: `${token.rawName} ${option.placeholder ?? "VALUE"}`,
      });
    if (option.type === "boolean" && token.value !== undefined)
      throw new InputError({ what: token.rawName, value: token.value, expected: "no value" });
  }
  return { values: values as ParsedCommandLine["values"], positionals };
}

/** `--x -1` means the value -1: parseArgs would see an option named 1. */
function joinNegativeNumbers(argv: readonly string[], options: CommandOptions): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const previous = joined.at(-1);
    if (/^-[\d.]/.test(word) && previous?.startsWith("--") && options[previous.slice(2)]?.type === "string")
      joined[joined.length - 1] = `${previous}=${word}`;
    else joined.push(word);
  }
  return joined;
}
