import { createPotential } from "../potentials/create-potential.js";
import { cellVolume } from "../structure/cell.js";
import { affineBulkModulus } from "./affine-bulk-modulus.js";
import { enthalpyFiniteSize } from "./finite-size.js";
import type { PhaseAverages } from "./gibbs-energy.js";
import { isobaricAverages, isobaricSeries } from "./isobaric-averages.js";
import type { LegTaskWork } from "./legs.js";
import { type LiquidRun, liquidRunner } from "./liquid-run.js";
import { findFreezing } from "./phase-guard.js";

/** Input of the task that melts a structure and averages the liquid at temperature and pressure: plain data. */
export interface LiquidLeg extends LiquidRun {
  /** GPa. */
  readonly pressure: number;
  /** fs. */
  readonly melting: number;
  readonly sampling: number;
}

/** What the task found. */
export interface LiquidAverages extends PhaseAverages {
  /** What says that it did not stay a liquid. */
  readonly transformed?: string;
}

/**
 * A liquid at any temperature, however far below melting: the reference fluid, which forgets any crystal at once, is
 * switched to the potential at constant volume, and the cell is set free.
 */
export async function equilibrateLiquid(leg: LiquidLeg, work: LegTaskWork = {}): Promise<LiquidAverages> {
  const { structure, temperature, pressure, equilibration, melting, sampling } = leg;
  const count = structure.numbers.length;
  const { run, disordered } = liquidRunner(leg, melting + equilibration + 1.5 * sampling, work);
  const fluid = await disordered();
  const melt = await run(fluid.state, [1, 0], melting);
  const affine = await affineBulkModulus(createPotential(leg.potential), melt.state.structure, temperature);
  const barostat = { pressure, compressibility: 2 / affine };
  const settled = await run(melt.state, [0, 0], equilibration + sampling / 2, { barostat });
  const liquid = await run(settled.state, [0, 0], sampling, { barostat, sampleEvery: 5 });
  const missing = enthalpyFiniteSize("liquid", "isotropic", count, temperature);
  const averages = isobaricAverages([isobaricSeries(liquid.rows, count, leg, missing)], count, temperature);
  const transformed =
    findFreezing(liquid.state.structure) ?? findBoiling(cellVolume(structure.cell) / count, averages.volume.value);
  return {
    meanCell: liquid.averages!.cell,
    ...averages,
    ...(transformed === undefined ? {} : { transformed }),
  };
}

/** A liquid near its triple point is less than half as much again as wide as its crystal; a gas has no limit. */
const BOILED = 2;

const findBoiling = (before: number, after: number): string | undefined =>
  after > BOILED * before ? `it boiled: ${before.toFixed(1)} A^3/atom became ${after.toFixed(1)}` : undefined;
