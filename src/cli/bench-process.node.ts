import { spawn } from "node:child_process";
import { ComputationError } from "../errors.js";

/** A program that ended well. */
export interface TimedRun {
  /** s, from its start to its end. */
  readonly wall: number;
  /** s of processor time, that of its own children included. */
  readonly busy: number;
  /** What it printed. */
  readonly text: string;
}

export interface ProcessOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** The shell's `times` after the program: minutes and seconds, user and system, of its children. */
const TIMES = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/** Runs a program to its end and tells how long it took; a ComputationError with its last words where it fails. */
export async function runTimed(command: readonly string[], { folder, signal, env }: ProcessOptions): Promise<TimedRun> {
  const start = performance.now();
  const child = spawn("sh", ["-c", '"$@"; status=$?; times; exit $status', "sh", ...command], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    signal,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += String(chunk);
    });
  const status = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      text += error.message;
      resolve(null);
    });
    child.on("close", resolve);
  });
  signal.throwIfAborted();
  const wall = (performance.now() - start) / 1000;
  const times = TIMES.exec(text);
  if (status !== 0 || !times) {
    const lines = text
      .replace(/(?:\d+m[\d.]+s \d+m[\d.]+s\s*)+$/, "")
      .trim()
      .split("\n");
    const complaint = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
    throw new ComputationError({
      what: command[0] ?? "",
      value: complaint.trim() || `ended with ${status}`,
      expected: "a run to its end",
    });
  }
  const [minutes, seconds, systemMinutes, systemSeconds] = times.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { wall, busy: 60 * (minutes + systemMinutes) + seconds + systemSeconds, text };
}
