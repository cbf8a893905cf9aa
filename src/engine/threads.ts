import { concurrency, maySleep, startThread, threadsProblem } from "#host";
import { ComputationError, InputError, WorkerLostError } from "../errors.js";
import type { Thread } from "../host/thread-messages.js";
import { threadShare } from "../host/thread-share.js";
import { type KernelVariant, kernelText } from "./kernel-variants.js";
import { createPacker } from "./packer.js";
import { decode, instantiate, type KernelExports, openKernels, type WasmInstance } from "./wasm-module.js";

export { threadsProblem } from "#host";

/** How many threads a run may use: a number, or as many as there are processors where its steps are long enough. */
export type Threads = number | "auto";

/** A memory with a leader's instance and the threads that serve in it. */
interface Crew {
  readonly variant: KernelVariant;
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
  readonly threads: readonly Thread[];
  /** Why one of the threads ended. */
  death: string | undefined;
}

/** A crew is kept for the next run while its memory is small; its threads sleep. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_CREWS = 2;
/** Polls that take about 100 us: as long as waking a thread that sleeps. Where threads must share a processor, few. */
const POLLS = 50_000;
const POLLS_CROWDED = 100;
const MOST_THREADS = 64;

const compiling: Partial<Record<KernelVariant, Promise<WebAssembly.Module>>> = {};
const kept: Crew[] = [];

/** Microseconds of work between two barriers of the threads from which "auto" takes more than one. */
const WORTH_SHARING = 1000;

/** Threads for a run of so many partitions; 1 where there is no shared memory. */
function toThreads(threads: Threads, partitions: number, work: number): number {
  if (threads !== "auto" && (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS))
    throw new InputError({
      what: "threads",
      value: threads,
      expected: `"auto" or a whole number from 1 to ${MOST_THREADS}`,
    });
  const offered = work < WORTH_SHARING ? 1 : Math.min(concurrency(), threadShare());
  const wanted = threads === "auto" ? offered : threads;
  return threadsProblem() === undefined ? Math.min(wanted, partitions) : 1;
}

/**
 * Kernels that several threads run together, the calling one leading: one where there is no shared memory, and where they
 * were not asked for by number and the host cannot start them.
 */
async function openThreads(
  asked: Threads,
  partitions: number,
  work: number,
  variant: KernelVariant,
): Promise<WasmInstance> {
  const threads = toThreads(asked, partitions, work);
  if (threads === 1) return openKernels(variant);
  const text = await kernelText(variant, true);
  try {
    return lead(takeKept(threads, variant) ?? (await hire(threads, variant, text)));
  } catch (error) {
    if (asked === "auto") return openKernels(variant);
    throw new ComputationError(
      {
        what: "threads",
        value: error instanceof Error ? error.message : String(error),
        expected: `${threads - 1} more to start`,
        attempt: "threads: 1",
      },
      { cause: error },
    );
  }
}

/**
 * What `open` makes of kernels with threads; they are given back where it throws. `work` is roughly how many microseconds
 * a step takes on one thread.
 */
export async function withThreads<T>(
  asked: Threads,
  partitions: number,
  open: (instance: WasmInstance) => T,
  work = Number.POSITIVE_INFINITY,
  variant: KernelVariant = "plain",
): Promise<T> {
  const instance = await openThreads(asked, partitions, work, variant);
  try {
    return open(instance);
  } catch (error) {
    instance.release();
    throw error;
  }
}

function takeKept(threads: number, variant: KernelVariant): Crew | undefined {
  const index = kept.findIndex((crew) => crew.threads.length === threads - 1 && crew.variant === variant);
  return index < 0 ? undefined : kept.splice(index, 1)[0];
}

async function hire(threads: number, variant: KernelVariant, text: string): Promise<Crew> {
  compiling[variant] ??= WebAssembly.compile(decode(text));
  const module = await compiling[variant];
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  let crew: Crew | undefined;
  const lostThreads = (): number => crew?.threads.filter((thread) => !thread.isAlive()).length ?? 0;
  const exports = instantiate(module, memory, lostThreads);
  let death: string | undefined;
  const onDeath = (reason: string): void => {
    // The first reason is the cause: a thread that trapped also ends.
    death ??= reason;
    if (crew) crew.death ??= reason;
  };
  const starting = Array.from({ length: threads - 1 }, (_, k) =>
    startThread({ module, memory, index: k + 1 }, onDeath),
  );
  const started = await Promise.allSettled(starting);
  const members = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failure = started.find((one) => one.status === "rejected");
  if (failure) {
    for (const thread of members) thread.terminate();
    throw failure.reason;
  }
  crew = { variant, memory, exports, threads: members, death };
  return crew;
}

function lead(crew: Crew): WasmInstance {
  const { memory, exports } = crew;
  const threads = crew.threads.length + 1;
  const polls = threads <= concurrency() ? POLLS : POLLS_CROWDED;
  const openTeam = (partitions: number): void => exports.openTeam(partitions, threads, polls, maySleep() ? 1 : 0);
  const dead = (): boolean => crew.death !== undefined || exports.failedThreads() > 0;
  openTeam(1);
  let released = false;
  return {
    memory,
    exports,
    packer: createPacker(memory, exports.heapBase()),
    threads,
    openTeam,
    checkThreads() {
      if (dead())
        throw new WorkerLostError({
          what: "a thread of the engine",
          value: crew.death ?? "trapped, or was ended in the middle of its work",
          expected: "one that runs until it is stopped",
          attempt: "threads: 1",
        });
    },
    release() {
      if (released) return;
      released = true;
      const good = !dead() && exports.teamAtRest() && memory.buffer.byteLength <= KEPT_BYTES;
      if (good) kept.push(crew);
      const rest = good ? kept.splice(0, kept.length - KEPT_CREWS) : [crew];
      for (const { exports: others, threads: idle } of rest) {
        others.stopTeam();
        for (const thread of idle) thread.terminate();
      }
    },
  };
}
