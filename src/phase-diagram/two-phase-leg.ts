import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { runDynamics } from "../dynamics/run-dynamics.js";
import type { DynamicsState } from "../dynamics/simulate.js";
import { simulate } from "../dynamics/simulate.js";
import { ComputationError } from "../errors.js";
import { legEngine } from "../free-energy/leg-engine.js";
import { seedOf } from "../free-energy/seeds.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { meanSpacing } from "../properties/order-neighbors.js";
import { crystallinity, type PhaseClassifier, trainPhaseClassifier } from "../properties/phase-order.js";
import { toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";

/** Input of the task that watches a crystal and its melt side by side: plain data. */
export interface TwoPhaseLeg {
  readonly potential: PotentialSpec;
  /** Name of the crystal. */
  readonly phase: string;
  /** The crystal's own cell, which teaches what a crystal looks like. */
  readonly crystal: Structure;
  /** The elongated box, all crystal, with the crystal's lengths at temperature and pressure; interfaces are normal to z. */
  readonly structure: Structure;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** 1/GPa, roughly that of the crystal. */
  readonly compressibility: number;
  /** fs. */
  readonly timestep: number;
  /** fs for melting, cooling and settling, each. */
  readonly equilibration: number;
  /** fs, at most, of the two phases side by side. */
  readonly duration: number;
  /** fs between two looks at the atoms. */
  readonly lookEvery: number;
  /** How many times slower the crystal's atoms move than copper's: thermostats and barostats keep their pace. */
  readonly slowness: number;
  readonly seed: number;
}

/** What the task saw. */
export interface TwoPhaseRun {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** [n] fs, from the start of the watch. */
  readonly times: Float64Array;
  /** [n] share of atoms that see the crystal. */
  readonly fractions: Float64Array;
  /** Means since the look before: [n] eV/atom of potential energy, [n] A^3/atom, and [n] GPa along z. */
  readonly energies: Float64Array;
  readonly volumes: Float64Array;
  readonly normalPressures: Float64Array;
  /** GPa across z, mean over the watch. */
  readonly lateralPressure: number;
  /** What became of it. */
  readonly outcome: "crystal" | "melt" | "both";
}

/** Beyond these shares of crystalline atoms the other phase is gone but for a film that follows. */
const FROZEN = 0.88;
const MELTED = 0.12;

/** Standard deviation of a tethered atom in units of the mean spacing, at the temperature of the melting. */
const TETHER = 0.06;

/** Times the temperature: crystals without surfaces stand some tens of percent of superheating. */
const HEAT = [2.5, 4, 6];

/** fs, for crystals as stiff as copper: of the melting, and of the watch. */
const MELTING_THERMOSTAT_TIME = 100;
const THERMOSTAT_TIME = 200;
const BAROSTAT_TIME = 500;

/**
 * How much softer a hot crystal beside its melt is along z than the cold crystal, times three for the one direction that
 * is free: normal pressure settles within a picosecond, as fast as sound crosses the box.
 */
const SOFTER = 5;

/** Share of the box that springs hold. The layers at the interfaces look like crystal, too: half of the box does at first. */
const HELD = 0.42;

/**
 * About half of a crystal is melted while springs hold the other, cooled, the springs taken away; then both are watched at
 * constant temperature, normal pressure and area. The area is the crystal's own at this temperature and pressure, so that
 * the crystal is under no shear stress, which would lower its melting point.
 */
export async function watchTwoPhases(leg: TwoPhaseLeg, work: LongWork = {}): Promise<TwoPhaseRun> {
  const { temperature, pressure, timestep, slowness, seed } = leg;
  const classifier = trainPhaseClassifier([{ name: leg.phase, structure: leg.crystal }]);
  const total = 3 * leg.equilibration + leg.duration;
  const report = (time: number, fraction?: number): void =>
    work.onProgress?.({
      task: `${leg.phase} and melt at ${temperature.toFixed(0)} K`,
      done: time,
      total,
      ...(fraction === undefined ? {} : { note: `${(100 * fraction).toFixed(0)}% crystal` }),
    });
  report(0);
  const start = await halfMolten(leg, classifier, work);
  report(2 * leg.equilibration);
  const potential = createPotential(leg.potential);
  const spec: Omit<DynamicsSpec, "steps" | "seed"> = {
    ...pick(start),
    potential,
    engine: legEngine(potential),
    ensemble: {
      kind: "npt",
      temperature,
      thermostatTime: THERMOSTAT_TIME * slowness,
      pressure,
      cell: "uniaxial",
      barostatTime: BAROSTAT_TIME * slowness,
      compressibility: SOFTER * leg.compressibility,
    },
    timestep,
  };
  const signal = work.signal ? { signal: work.signal } : {};
  const steps = Math.ceil(leg.equilibration / timestep);
  const settled = await runDynamics({ ...spec, steps, sampleEvery: steps, seed: seedOf(seed, 10) }, signal);
  return watch(leg, { ...spec, ...pick(settled.state) }, classifier, signal, (time, fraction) =>
    report(3 * leg.equilibration + time, fraction),
  );
}

const pick = ({ structure, velocities }: DynamicsState): Pick<DynamicsState, "structure" | "velocities"> => ({
  structure,
  velocities,
});

/** Runs until one phase is gone or the time is up. */
async function watch(
  { temperature, pressure, timestep, duration, lookEvery, seed, structure }: TwoPhaseLeg,
  spec: Omit<DynamicsSpec, "steps" | "seed">,
  classifier: PhaseClassifier,
  signal: LongWork,
  report: (time: number, fraction: number) => void,
): Promise<TwoPhaseRun> {
  const atoms = structure.numbers.length;
  const sampleEvery = Math.min(10, Math.ceil(lookEvery / timestep));
  const frameEvery = sampleEvery * Math.round(lookEvery / timestep / sampleEvery);
  const steps = frameEvery * Math.max(1, Math.round(duration / lookEvery));
  const times: number[] = [];
  const fractions: number[] = [];
  const energies: number[] = [];
  const volumes: number[] = [];
  const normalPressures: number[] = [];
  let [energy, volume, normal, since] = [0, 0, 0, 0];
  let [lateral, rows] = [0, 0];
  let outcome: TwoPhaseRun["outcome"] = "both";
  for await (const { thermodynamics: row, state } of simulate(
    { ...spec, steps, sampleEvery, frameEvery, seed: seedOf(seed, 11) },
    signal,
  )) {
    normal -= row.stress[2]!;
    lateral -= (row.stress[0]! + row.stress[1]!) / 2;
    rows++;
    energy += row.potentialEnergy / atoms;
    volume += row.volume / atoms;
    since++;
    if (!state) continue;
    const fraction = crystallinity(state.structure, classifier);
    times.push(row.time);
    fractions.push(fraction);
    energies.push(energy / since);
    volumes.push(volume / since);
    normalPressures.push((normal / since) * GPA_PER_EV_A3);
    [energy, volume, normal, since] = [0, 0, 0, 0];
    report(row.time, fraction);
    if (fraction > FROZEN) outcome = "crystal";
    if (fraction < MELTED) outcome = "melt";
    if (outcome !== "both") break;
  }
  return {
    temperature,
    pressure,
    times: Float64Array.from(times),
    fractions: Float64Array.from(fractions),
    energies: Float64Array.from(energies),
    volumes: Float64Array.from(volumes),
    normalPressures: Float64Array.from(normalPressures),
    lateralPressure: (lateral / rows) * GPA_PER_EV_A3,
    outcome,
  };
}

/** The upper half molten, the lower a crystal, both at the wanted temperature, in the crystal's volume. */
async function halfMolten(leg: TwoPhaseLeg, classifier: PhaseClassifier, work: LongWork): Promise<DynamicsState> {
  const { structure, temperature, timestep, slowness, seed } = leg;
  const potential = createPotential(leg.potential);
  const heights = toFractional(structure.cell, structure.positions).filter((_, k) => k % 3 === 2);
  const steps = Math.ceil(leg.equilibration / timestep);
  const signal = work.signal ? { signal: work.signal } : {};
  for (const [attempt, heat] of HEAT.entries()) {
    const hot = heat * temperature;
    const stiffness = (BOLTZMANN * hot) / (TETHER * meanSpacing(structure)) ** 2;
    const common = {
      potential,
      engine: legEngine(potential),
      reference: createPotential({
        kind: "einstein-crystal",
        sites: [...structure.positions],
        stiffness: Array.from(heights, (z) => (z < HELD ? stiffness : 0)),
      }),
      switching: { reference: [1, 1] },
      timestep,
      steps,
      sampleEvery: steps,
    } as const;
    const ensemble = (to: number) =>
      ({
        kind: "nvt",
        temperature: to,
        thermostat: "langevin",
        thermostatTime: MELTING_THERMOSTAT_TIME * slowness,
      }) as const;
    const melted = await runDynamics(
      { ...common, structure, ensemble: ensemble(hot), seed: seedOf(seed, 2 * attempt) },
      signal,
    );
    const { state } = await runDynamics(
      { ...common, ...pick(melted.state), ensemble: ensemble(temperature), seed: seedOf(seed, 2 * attempt + 1) },
      signal,
    );
    const fraction = crystallinity(state.structure, classifier);
    if (fraction > 0.2 && fraction < 0.75) return state;
  }
  throw new ComputationError({
    what: `${leg.phase} at ${Number(temperature.toPrecision(4))} K and ${leg.pressure} GPa`,
    value: "half of it did not melt while the other half was held",
    expected: "a crystal beside its melt",
    attempt: "a longer equilibration",
  });
}
