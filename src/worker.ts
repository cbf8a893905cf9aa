/**
 * Composition root of workers: the tasks that `runTask` may run in another thread, by name. A task takes and returns
 * plain data (structured clone) and honours its signal.
 */
import type { LongWork } from "./progress.js";

export type Task = (input: never, work: LongWork) => Promise<unknown>;

export const tasks: Readonly<Record<string, Task>> = {};
