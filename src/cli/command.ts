import type { Progress } from "../progress.js";

/** One `--option`, as `node:util` parseArgs takes it, with its line in `--help`. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  readonly help: string;
  /** What the value is called in the help: `FILE`. */
  readonly placeholder?: string;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

type ValueOf<O extends CommandOption> = O["type"] extends "boolean" ? boolean : string;

/** The parsed command line: one entry per option given (or with a default), and what is not an option. */
export interface CommandArguments<O extends CommandOptions = CommandOptions> {
  readonly values: {
    readonly [K in keyof O]?: O[K] extends { readonly multiple: true } ? ValueOf<O[K]>[] : ValueOf<O[K]>;
  } & { readonly json?: boolean };
  readonly positionals: readonly string[];
}

/** Where text goes; a process stream is one. */
export interface TextSink {
  write(text: string): unknown;
}

/** What a command may touch: `stdout` takes results only, `stderr` everything else. */
export interface CommandIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Draws progress bars with time left on stderr; hand it to long work. */
  readonly onProgress: (progress: Progress) => void;
}

/** One command of the command line: a file `src/cli/<name>.ts` exports it as `command`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `phasecell `: `convert IN OUT`. */
  readonly usage: string;
  readonly options: CommandOptions;
  run(args: CommandArguments, io: CommandIo): Promise<void>;
}

/** A command whose `run` sees its options typed. Throws InputError for bad input, ComputationError for a failure. */
export function defineCommand<const O extends CommandOptions>(command: {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly options: O;
  run(args: CommandArguments<O>, io: CommandIo): Promise<void>;
}): Command {
  return command as unknown as Command;
}

/** Writes the result: one JSON document under `--json`, the text for people otherwise. Typed arrays become arrays. */
export function printResult(args: CommandArguments, io: CommandIo, document: unknown, text: string): void {
  io.stdout.write(args.values.json ? `${toJson(document)}\n` : text.endsWith("\n") ? text : `${text}\n`);
}

/** JSON with typed arrays as arrays, indented by two. */
export const toJson = (document: unknown): string =>
  JSON.stringify(
    document,
    (_, value) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : value,
    2,
  );
