import { spawnSync } from "node:child_process";
import os from "node:os";

/** Cores of a list like `0-3,6`. */
export const coresOf = (list: string): number[] =>
  list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });

/**
 * Pins this process, and with it everything it starts, to as many cores as threads, the last ones it may use. Returns
 * them, or nothing where `taskset` is missing.
 */
export function pinProcess(threads: number): readonly number[] | undefined {
  const pid = String(process.pid);
  const asked = spawnSync("taskset", ["-cp", pid], { encoding: "utf8" });
  if (asked.status !== 0) return undefined;
  const allowed = coresOf(asked.stdout.slice(asked.stdout.lastIndexOf(":") + 1).trim());
  const cores = allowed.slice(-threads);
  return spawnSync("taskset", ["-acp", cores.join(","), pid]).status === 0 ? cores : undefined;
}

/** What the figures were taken on. */
export const machine = () => ({
  processor: os.cpus()[0]?.model.trim() ?? "unknown",
  cores: os.cpus().length,
  node: process.versions.node,
  /** Programs that wanted a core in the last minute, this one among them. */
  load: os.loadavg()[0]!,
});
