import os from "node:os";

/** Prints a figure with the load of the machine: figures are told, never asserted, because other work slows all of them. */
export function tell(what: string, milliseconds: readonly number[], note = ""): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const text = (value: number): string => (value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`);
  const range = sorted.length > 1 ? ` (${text(sorted[0]!)} .. ${text(sorted.at(-1)!)}, ${sorted.length} times)` : "";
  const load = os.loadavg()[0]!.toFixed(1);
  process.stdout.write(`${what}: ${text(sorted[sorted.length >> 1]!)}${range}${note && `, ${note}`}; load ${load}\n`);
}

/** Milliseconds that something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
