import type { LegTaskWork } from "./legs.js";
import { type LiquidRun, liquidRunner } from "./liquid-run.js";
import { findFreezing } from "./phase-guard.js";
import type { SwitchingLegResult, SwitchingRun } from "./switching-run.js";

/** Input of the task that switches a liquid to the Uhlenbeck-Ford model and back at constant volume: plain data. */
export interface LiquidSwitchingLeg extends LiquidRun, SwitchingRun {}

/**
 * One replica, independent of all others: a sample of the reference fluid is switched to the potential, equilibrated,
 * and switched back. M. de Koning, A. Antonelli, S. Yip, J. Chem. Phys. 115 (2001) 11025; the reference: R. Paula Leite,
 * R. Freitas, R. Azevedo, M. de Koning, J. Chem. Phys. 145 (2016) 194101.
 */
export async function switchToUhlenbeckFord(
  leg: LiquidSwitchingLeg,
  work: LegTaskWork = {},
): Promise<SwitchingLegResult> {
  const { equilibration, switching } = leg;
  const { run, disordered } = liquidRunner(leg, equilibration + 2 * switching, work);
  const fluid = await disordered();
  const back = await run(fluid.state, [1, 0], switching);
  const liquid = await run(back.state, [0, 0], equilibration, { after: equilibration / 4 });
  const transformed = findFreezing(liquid.state.structure);
  const there = await run(liquid.state, [0, 1], switching);
  const workOf = ({ rows }: typeof there): number => rows.at(-1)!.potentialWork + rows.at(-1)!.referenceWork;
  return {
    forward: workOf(there),
    backward: workOf(back),
    pressure: liquid.averages!.pressure,
    ...(transformed === undefined ? {} : { transformed }),
  };
}
