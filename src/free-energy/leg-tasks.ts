import { switchPotentials } from "./alchemical-leg.js";
import { rampPressure } from "./compression-leg.js";
import { equilibrateCell } from "./equilibrate-cell.js";
import { equilibrateLiquid } from "./equilibrate-liquid.js";
import type { LegTaskWork } from "./legs.js";
import { switchToUhlenbeckFord } from "./liquid-switching-leg.js";
import { scalePotential } from "./scaling-leg.js";
import { withShorterSteps } from "./shorter-steps.js";
import { switchToEinstein } from "./switching-leg.js";

/** The legs of free energies by the names of their tasks; those that blow up are repeated with shorter steps. */
export const legTasks = {
  "equilibrate-cell": withShorterSteps(equilibrateCell),
  "equilibrate-liquid": withShorterSteps(equilibrateLiquid),
  "ramp-pressure": withShorterSteps(rampPressure),
  "scale-potential": withShorterSteps(scalePotential),
  "switch-potentials": withShorterSteps(switchPotentials),
  "switch-to-einstein": withShorterSteps(switchToEinstein),
  "switch-to-uhlenbeck-ford": withShorterSteps(switchToUhlenbeckFord),
} satisfies Readonly<Record<string, (input: never, work: LegTaskWork) => Promise<unknown>>>;
