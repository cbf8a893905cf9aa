import type { Phase } from "../free-energy/phase.js";
import { atomsOf } from "../free-energy/sizes.js";
import { analyzeDiagram, type DiagramAnalysis, type WantedMeasurement } from "./diagram-analysis.js";
import { type DiagramData, joinData, noData } from "./diagram-record.js";
import type { DiagramPlan } from "./diagram-settings.js";
import { failedAt } from "./finding.js";
import { costOf, type Measurement } from "./measurement.js";
import type { DiagramEnd, PhaseDiagram } from "./phase-diagram.js";
import { anchorOf, bordersOf, surveyOf } from "./survey.js";

/** Runs a batch of measurements, at once if it can, and gives what was found in the order of the batch. */
export type Measure = (batch: readonly Measurement[]) => Promise<DiagramData>;

/** Measurements of a round: a number that does not depend on how many threads there are, or bits would. */
const batchSize = (phases: readonly Phase[]): number => Math.max(4, 2 * phases.length);

/**
 * A phase diagram in rounds: a survey of where each phase lasts, one absolute Gibbs energy of each, then, batch by
 * batch, the measurements that promise most for the lines per ps, until the target or the budget is reached. A batch is chosen
 * from finished results alone. A larger budget or a finer target goes on where a smaller one ended.
 */
export async function* growDiagram(
  phases: readonly Phase[],
  plan: DiagramPlan,
  measure: Measure,
  signal?: AbortSignal,
): AsyncGenerator<PhaseDiagram, void, undefined> {
  let data: DiagramData = noData;
  let spent = 0;
  let round = 0;
  const asked: Measurement[] = [];
  const take = async (batch: readonly Measurement[]): Promise<void> => {
    data = joinData(data, await measure(batch));
    asked.push(...batch);
    spent += batch.reduce((sum, measurement) => sum + costOf(measurement, plan), 0);
  };
  const record = (end?: DiagramEnd, analysis?: DiagramAnalysis): PhaseDiagram => ({
    format: "phasecell-phase-diagram",
    phases: phases.map((phase) => ({ name: phase.name, state: phase.state ?? "solid", atoms: atomsOf(phase) })),
    window: plan.window,
    target: plan.target,
    lines: analysis?.lines ?? [],
    triplePoints: analysis?.triplePoints ?? [],
    fields: analysis?.fields ?? [],
    ...data,
    round,
    runs: asked.length,
    spent,
    budget: plan.budget,
    seed: plan.seed,
    ...(end === undefined ? { complete: false } : { complete: true, end }),
  });

  await take(surveyOf(phases, plan.window));
  if (data.states.length === 0 && data.failures?.[0]) throw failedAt(data.failures[0]);
  yield record();
  await take(affordable(bordersOf(phases, data, plan.window), plan, spent));
  for (;;) {
    const known = new Set(data.points.map(({ phase }) => phase));
    const anchors = phases
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => anchorOf(name, data, plan.window))
      .filter((anchor) => anchor !== undefined);
    const batch = affordable(anchors, plan, spent);
    if (batch.length === 0) break;
    await take(batch);
  }
  for (;;) {
    round++;
    const analysis = await analyzeDiagram(phases, data, plan, signal);
    const wanted = (await analysis.propose(batchSize(phases))).reduce(numbered(asked), []);
    const batch = affordable(wanted, plan, spent);
    if (batch.length === 0) {
      yield record(wanted.length > 0 ? "budget" : analysis.settled ? "target" : "nothing left to measure", analysis);
      return;
    }
    yield record(undefined, analysis);
    await take(batch);
  }
}

/** The first of a batch, as many as the rest of the budget pays for. */
function affordable(batch: readonly Measurement[], plan: DiagramPlan, spent: number): Measurement[] {
  let sum = spent;
  const kept: Measurement[] = [];
  for (const measurement of batch) {
    sum += costOf(measurement, plan);
    if (sum > plan.budget) break;
    kept.push(measurement);
  }
  return kept;
}

/** Adds a measurement to a batch, with the number of times that the same was asked for before. */
const numbered =
  (asked: readonly Measurement[]) =>
  (batch: readonly Measurement[], next: WantedMeasurement): Measurement[] => {
    const same = [...asked, ...batch].filter(
      ({ phase, kind, temperature, pressure }) =>
        phase === next.phase && kind === next.kind && temperature === next.temperature && pressure === next.pressure,
    );
    return [...batch, { ...next, repeat: same.length }];
  };
