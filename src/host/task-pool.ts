import { WorkerLostError } from "../errors.js";
import type { LongWork } from "../progress.js";
import { fromFailure, type Order, type Report } from "./messages.js";

/** A worker thread as the pool sees it, in Node or in a page. */
export interface TaskWorker {
  post(order: Order): void;
  terminate(): void;
  /** A busy worker keeps the process alive, an idle one does not. */
  keepAlive(busy: boolean): void;
}

/** Starts a worker; `onReport` and `onDeath` are called with what it says and when it ends by itself. */
export type StartWorker = (onReport: (report: Report) => void, onDeath: (error: unknown) => void) => TaskWorker;

export type RunTask = <Result>(name: string, input: unknown, work?: LongWork) => Promise<Result>;

/** Threads that take tasks. */
export interface TaskPool {
  readonly run: RunTask;
  /** Starts up to so many threads ahead of their tasks. */
  prepare(count: number): void;
}

interface Job {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
  readonly work: LongWork;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: TaskWorker;
  job: Job | undefined;
}

/** Milliseconds that a worker has to answer an abort before its thread is ended. */
const GRACE = 100;

/**
 * Runs tasks by name in at most `size` threads, first come first served. Aborting rejects at once; the task is told, and
 * its thread is ended if it does not stop within 100 ms.
 */
export function createTaskPool(size: number, start: StartWorker): TaskPool {
  const members = new Set<Member>();
  const queue: Job[] = [];
  let nextId = 0;

  const settle = (member: Member): Job | undefined => {
    const { job } = member;
    member.job = undefined;
    member.worker.keepAlive(false);
    return job;
  };

  const hire = (): Member => {
    const member: Member = {
      job: undefined,
      worker: start(
        (report) => {
          if (member.job?.id !== report.id) return;
          if (report.kind === "progress") {
            if (!member.job.work.signal?.aborted) member.job.work.onProgress?.(report.progress);
            return;
          }
          if (report.kind === "update") {
            if (!member.job.work.signal?.aborted) member.job.work.onUpdate?.(report.value);
            return;
          }
          const job = settle(member);
          if (report.kind === "done") job?.resolve(report.value as never);
          else job?.reject(fromFailure(report.failure));
          next();
        },
        (error) => {
          members.delete(member);
          const { job } = member;
          job?.reject(
            new WorkerLostError(
              {
                what: `worker of ${job.name}`,
                value: error instanceof Error ? error.message : String(error),
                expected: "an answer",
              },
              { cause: error },
            ),
          );
          next();
        },
      ),
    };
    members.add(member);
    return member;
  };

  const next = (): void => {
    while (queue.length > 0) {
      const idle = [...members].find((member) => !member.job) ?? (members.size < size ? hire() : undefined);
      if (!idle) return;
      const job = queue.shift()!;
      idle.job = job;
      idle.worker.keepAlive(true);
      try {
        idle.worker.post({ kind: "run", id: job.id, name: job.name, input: job.input });
      } catch (error) {
        settle(idle);
        job.reject(error);
      }
    }
  };

  const abort = (job: Job): void => {
    const waiting = queue.indexOf(job);
    if (waiting >= 0) queue.splice(waiting, 1);
    job.reject(job.work.signal?.reason);
    const member = [...members].find((candidate) => candidate.job === job);
    if (!member) return;
    member.worker.post({ kind: "abort", id: job.id });
    setTimeout(() => {
      if (member.job !== job) return;
      members.delete(member);
      member.worker.terminate();
      next();
    }, GRACE);
  };

  const run: RunTask = (name, input, work = {}) =>
    new Promise((resolve, reject) => {
      const { signal } = work;
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const job: Job = {
        id: nextId++,
        name,
        input,
        work,
        resolve: (value) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(value);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = (): void => abort(job);
      signal?.addEventListener("abort", onAbort, { once: true });
      queue.push(job);
      next();
    });

  return {
    run,
    prepare(count) {
      while (members.size < Math.min(count, size)) hire().worker.keepAlive(false);
    },
  };
}
