import type { LegWork } from "../free-energy/legs.js";
import type { Phase } from "../free-energy/phase.js";
import { shareProgress } from "../free-energy/shared-progress.js";
import { lengthsFor } from "../free-energy/slowness.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { type PhaseDiagramSettings, toDiagramPlan } from "./diagram-settings.js";
import { growDiagram } from "./grow-diagram.js";
import { type MeasurementRun, measureAll } from "./measurement.js";
import type { PhaseDiagram } from "./phase-diagram.js";

/**
 * The phase diagram of crystals and liquids over a window of temperature and pressure, yielded after every round: first
 * where each phase lasts, then with lines and triple points whose error bars shrink until all points of the stable lines
 * meet the target or the budget is spent. A phase that melts, freezes or transforms somewhere is a finding (`limits`).
 * Every round is chosen from finished runs only, so that the same seed gives the same bits with any number of workers, and
 * after a kill with the same store of legs.
 */
export async function* growPhaseDiagram(
  potential: PotentialSpec,
  phases: readonly Phase[],
  settings: PhaseDiagramSettings,
  work: LegWork = {},
): AsyncGenerator<PhaseDiagram, void, undefined> {
  const lengths = await lengthsFor(potential, phases, settings.pressure, settings, work);
  const plan = toDiagramPlan(phases, { ...settings, ...lengths });
  let round = 0;
  const { onProgress } = work;
  const progress = shareProgress(
    "phase diagram",
    plan.budget,
    onProgress &&
      ((report) =>
        onProgress({
          ...report,
          restored: run.restored,
          note: `round ${round}, ${report.done.toFixed(0)} of ${plan.budget} ps, ${report.note}`,
        })),
  );
  const run: MeasurementRun = { spec: potential, phases, plan, progress, work, restored: 0 };
  for await (const diagram of growDiagram(phases, plan, (batch) => measureAll(run, batch), work.signal)) {
    round = diagram.round;
    yield diagram;
  }
  onProgress?.({ task: "phase diagram", done: plan.budget, total: plan.budget });
}

/** The finished diagram of `growPhaseDiagram`; `onUpdate` is given it after every round. */
export async function phaseDiagram(
  potential: PotentialSpec,
  phases: readonly Phase[],
  settings: PhaseDiagramSettings,
  work: LegWork = {},
): Promise<PhaseDiagram> {
  let last: PhaseDiagram | undefined;
  for await (const diagram of growPhaseDiagram(potential, phases, settings, work)) {
    work.onUpdate?.(diagram);
    last = diagram;
  }
  return last!;
}
