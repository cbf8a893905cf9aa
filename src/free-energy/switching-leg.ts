import { runDynamics } from "../dynamics/run-dynamics.js";
import { massesOf, thermalVelocities } from "../dynamics/velocities.js";
import { mean } from "../math/statistics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { type RandomStream, randomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import { legEngine } from "./leg-engine.js";
import type { LegTaskWork } from "./legs.js";
import { countedFromSites, findTransformation, SHORT_MEAN } from "./phase-guard.js";
import { seedOf } from "./seeds.js";
import { shareProgress } from "./shared-progress.js";
import type { SwitchingLegResult, SwitchingRun } from "./switching-run.js";

/** Input of the task that switches a crystal to the Einstein crystal and back: plain data. */
export interface SwitchingLeg extends SwitchingRun {
  readonly potential: PotentialSpec;
  /** Atoms on their sites, in the cell of the run. */
  readonly structure: Structure;
  /** [N] eV/A^2. */
  readonly springConstants: Float64Array;
}

/**
 * One replica: the crystal is equilibrated, switched to the Einstein crystal, and, from an independent draw of the
 * Einstein crystal's exact distribution, switched back. The center of mass stays fixed throughout.
 */
export async function switchToEinstein(leg: SwitchingLeg, work: LegTaskWork = {}): Promise<SwitchingLegResult> {
  const { structure, temperature, timestep, springConstants, seed } = leg;
  const potential = createPotential(leg.potential);
  const engine = legEngine(potential);
  const reference = createPotential({
    kind: "einstein-crystal",
    sites: [...structure.positions],
    stiffness: [...springConstants],
  });
  const equilibration = Math.ceil(leg.equilibration / timestep);
  const steps = Math.ceil(leg.switching / timestep);
  const progress = shareProgress("switching", leg.equilibration + 2 * leg.switching, work.onProgress);
  const options = (weight: number) => ({
    onProgress: progress.leg(weight, `${leg.phase} ${temperature} K`).onProgress,
    batch: work.batch,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const period = einsteinTime(leg);
  const bath = (thermostatTime: number) =>
    ({ kind: "nvt", temperature, thermostat: "langevin", thermostatTime }) as const;
  const ensemble = bath(BATH * period);
  const draw = (number: number): { structure: Structure; velocities: Float64Array } => ({
    structure: { ...structure, positions: drawEinstein(leg, randomStream(seedOf(seed, number), "replica")) },
    velocities: thermalVelocities(structure, temperature, seedOf(seed, number)),
  });

  const quenching = Math.ceil(equilibration * QUENCHING);
  const quenched = await runDynamics(
    {
      ...{ ...draw(0), potential, engine, timestep },
      ...{ ensemble: bath(period), steps: quenching, sampleEvery: quenching, seed: seedOf(seed, 1) },
    },
    options(leg.equilibration * QUENCHING),
  );
  const start = quenched.state;
  const settling = Math.max(2, equilibration - quenching);
  const prepared = await runDynamics(
    {
      ...{ structure: start.structure, velocities: start.velocities, potential, engine, ensemble, timestep },
      ...{ steps: settling, sampleEvery: settling, seed: seedOf(seed, 5) },
      averages: { after: Math.floor(settling / 3) },
    },
    options(leg.equilibration * (1 - QUENCHING)),
  );
  const common = { potential, reference, engine, ensemble, timestep, steps, sampleEvery: steps };
  const there = await runDynamics(
    {
      ...common,
      structure: prepared.state.structure,
      velocities: prepared.state.velocities,
      switching: { potential: [1, 0], reference: [0, 1], schedule: "smooth" },
      seed: seedOf(seed, 2),
    },
    options(leg.switching),
  );
  const back = await runDynamics(
    {
      ...common,
      ...draw(3),
      switching: { potential: [0, 1], reference: [1, 0], schedule: "smooth" },
      seed: seedOf(seed, 4),
    },
    options(leg.switching),
  );
  const workOf = ({ rows }: typeof there): number => rows.at(-1)!.potentialWork + rows.at(-1)!.referenceWork;
  const averages = prepared.averages!;
  const fromSites = countedFromSites(averages, start.structure, structure);
  const transformed = findTransformation(fromSites, structure, SHORT_MEAN);
  return {
    forward: workOf(there),
    backward: workOf(back),
    pressure: averages.pressure,
    ...(transformed === undefined ? {} : { transformed }),
  };
}

/**
 * Relaxation of velocities while switching, in units of 1/w of the Einstein crystal: modes take up their changing share of heat
 * fastest when they are damped about critically. In closed form, for the harmonic modes of Stillinger-Weber silicon and of
 * Mishin's copper at 1000 K and 3 ps: with 2/w, 3.8 and 3.1 meV/atom are dissipated, of which half the difference of works
 * keeps 0.03 and 0.12; with 1/w it is 3.0 and 2.7, of which it keeps 0.17 and 0.28, with 100 fs 6.9 and 3.4, and 0.21 and 0.08.
 */
const BATH = 2;

/** Share of the equilibration with a bath of 1/w, before atoms that were drawn too close to each other knock others off their sites. */
const QUENCHING = 0.25;

/** fs, 1/w of the Einstein crystal. */
const einsteinTime = ({ structure, springConstants }: SwitchingLeg): number =>
  mean(massesOf(structure).map((mass, i) => Math.sqrt(mass / springConstants[i]!))) * TIME_UNIT_FS;

/**
 * Positions [3N] A from the canonical distribution of the Einstein crystal with the center of mass fixed: normal
 * displacements u_i of variance kT/k_i, conditioned on sum m u = 0 by u_i -= (m_i/k_i) sum(m u) / sum(m^2/k).
 */
export function drawEinstein(
  { structure, springConstants, temperature }: Pick<SwitchingLeg, "structure" | "springConstants" | "temperature">,
  random: RandomStream,
): Float64Array {
  const masses = massesOf(structure);
  const kT = BOLTZMANN * temperature;
  const displacements = structure.positions.map(
    (_, i) => Math.sqrt(kT / springConstants[Math.floor(i / 3)]!) * random.normal(),
  );
  let weight = 0;
  masses.forEach((m, i) => {
    weight += m ** 2 / springConstants[i]!;
  });
  for (let d = 0; d < 3; d++) {
    let moment = 0;
    masses.forEach((m, i) => {
      moment += m * displacements[3 * i + d]!;
    });
    masses.forEach((m, i) => {
      displacements[3 * i + d]! -= ((m / springConstants[i]!) * moment) / weight;
    });
  }
  return structure.positions.map((x, i) => x + displacements[i]!);
}
