import { ComputationError, didYouMean, InputError } from "../errors.js";
import type { CommandIo } from "./command.js";
import { COMMANDS } from "./commands.js";
import { commandHelp, overviewHelp } from "./help.js";
import { COMMON_OPTIONS, parseCommandLine } from "./parse-command-line.node.js";
import { progressBars } from "./progress-bars.js";
import { version } from "./version.node.js";

/** Exit codes: 0 done, 1 a failed computation, 2 bad input, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Runs one command line and returns the exit code; Ctrl-C aborts the work, a second one ends the process. */
export async function main(
  argv: readonly string[],
  streams: { stdout: CommandIo["stdout"]; stderr: CommandIo["stderr"] & { readonly isTTY?: boolean } } = process,
): Promise<ExitCode> {
  const bars = progressBars(streams.stderr, { live: streams.stderr.isTTY === true });
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort(new ComputationError({ what: "interrupted" }));
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  try {
    await dispatch(argv, {
      stdout: streams.stdout,
      stderr: streams.stderr,
      signal: interrupt.signal,
      onProgress: bars.onProgress,
    });
    return 0;
  } catch (error) {
    bars.clear();
    streams.stderr.write(`${describe(error, argv.includes("--debug"))}\n`);
    return interrupt.signal.aborted ? 130 : error instanceof InputError ? 2 : 1;
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

async function dispatch(argv: readonly string[], io: CommandIo): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.stdout.write(overviewHelp(COMMANDS));
    return;
  }
  if (name === "--version" || name === "version") {
    io.stdout.write(`${version()}\n`);
    return;
  }
  const entry = COMMANDS.find((one) => one.name === name);
  if (!entry) {
    const meant = didYouMean(
      name,
      COMMANDS.map((one) => one.name),
    );
    throw new InputError({
      what: "unknown command",
      value: name,
      expected: `one of ${COMMANDS.map((one) => one.name).join(", ")}`,
      attempt: meant ? `phasecell ${meant}` : "phasecell --help",
    });
  }
  const { command } = await entry.load();
  const args = parseCommandLine(command, rest);
  if (args.values.help) io.stdout.write(commandHelp(command, COMMON_OPTIONS));
  else await command.run(args, io);
}

/** One line for people; the stack only when asked for. */
function describe(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message;
  const message = error instanceof Error ? error.message : String(error);
  const line = `phasecell: ${message.replace(/\s*\n\s*/g, " ")}`;
  const expected = error instanceof InputError || error instanceof ComputationError;
  return expected ? line : `${line}; try --debug`;
}
