import { switchPotentials } from "./alchemical-leg.js";
import { rampPressure } from "./compression-leg.js";
import { equilibrateCell } from "./equilibrate-cell.js";
import { equilibrateLiquid } from "./equilibrate-liquid.js";
import type { LegTaskWork } from "./legs.js";
import { switchToUhlenbeckFord } from "./liquid-switching-leg.js";
import { scalePotential } from "./scaling-leg.js";
import { switchToEinstein } from "./switching-leg.js";

/** The legs of free energies by the names of their tasks. */
export const legTasks = {
  "equilibrate-cell": equilibrateCell,
  "equilibrate-liquid": equilibrateLiquid,
  "ramp-pressure": rampPressure,
  "scale-potential": scalePotential,
  "switch-potentials": switchPotentials,
  "switch-to-einstein": switchToEinstein,
  "switch-to-uhlenbeck-ford": switchToUhlenbeckFord,
} satisfies Readonly<Record<string, (input: never, work: LegTaskWork) => Promise<unknown>>>;
