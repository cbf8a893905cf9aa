/**
 * Composition root of workers: the tasks that `runTask` may run in another thread, by name. A task takes and returns
 * plain data (structured clone) and honours its signal.
 */
import { switchPotentials } from "./free-energy/alchemical-leg.js";
import { rampPressure } from "./free-energy/compression-leg.js";
import { equilibrateCell } from "./free-energy/equilibrate-cell.js";
import { equilibrateLiquid } from "./free-energy/equilibrate-liquid.js";
import { switchToUhlenbeckFord } from "./free-energy/liquid-switching-leg.js";
import { scalePotential } from "./free-energy/scaling-leg.js";
import { switchToEinstein } from "./free-energy/switching-leg.js";
import type { Task } from "./host/messages.js";
import { watchTwoPhases } from "./phase-diagram/two-phase-leg.js";

export const tasks: Readonly<Record<string, Task>> = {
  "equilibrate-cell": equilibrateCell,
  "equilibrate-liquid": equilibrateLiquid,
  "ramp-pressure": rampPressure,
  "scale-potential": scalePotential,
  "switch-potentials": switchPotentials,
  "switch-to-einstein": switchToEinstein,
  "switch-to-uhlenbeck-ford": switchToUhlenbeckFord,
  "two-phases": watchTwoPhases,
};
