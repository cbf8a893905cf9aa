/**
 * Composition root of workers: the tasks that `runTask` may run in another thread, by name. A task takes and returns
 * plain data (structured clone) and honours its signal.
 */
import { legTasks } from "./free-energy/leg-tasks.js";
import { withShorterSteps } from "./free-energy/shorter-steps.js";
import type { Task } from "./host/messages.js";
import { watchTwoPhases } from "./phase-diagram/two-phase-leg.js";

export const tasks: Readonly<Record<string, Task>> = { ...legTasks, "two-phases": withShorterSteps(watchTwoPhases) };
