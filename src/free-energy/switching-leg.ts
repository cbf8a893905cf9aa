import { runDynamics } from "../dynamics/run-dynamics.js";
import { massesOf, thermalVelocities } from "../dynamics/velocities.js";
import { mean } from "../math/statistics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { type RandomStream, randomStream } from "../random.js";
import { atCell } from "../structure/at-cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import type { CellEnd } from "./equilibrate-cell.js";
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
  /** The crystal in equilibrium, in a cell of its own. */
  readonly start: CellEnd;
}

/**
 * One replica: the crystal, from equilibrium at constant pressure, settles in the cell of the run, is switched to the Einstein
 * crystal, and, from an independent draw of the Einstein crystal's exact distribution, switched back. The center of mass
 * stays fixed throughout.
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
  const settling = Math.max(2, Math.ceil((SETTLING * leg.equilibration) / timestep));
  const steps = Math.ceil(leg.switching / timestep);
  const progress = shareProgress("switching", SETTLING * leg.equilibration + 2 * leg.switching, work.onProgress);
  const options = (weight: number) => ({
    onProgress: progress.leg(weight, `${leg.phase} ${temperature} K`).onProgress,
    batch: work.batch,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const thermostatTime = BATH * einsteinTime(leg);
  const ensemble = { kind: "nvt", temperature, thermostat: "langevin", thermostatTime } as const;
  const start = toCell(leg);
  const prepared = await runDynamics(
    {
      ...{ structure: start, velocities: leg.start.velocities, potential, engine, ensemble, timestep },
      ...{ steps: settling, sampleEvery: settling, seed: seedOf(seed, 0) },
      averages: { after: Math.floor(settling / 3) },
    },
    options(leg.equilibration * SETTLING),
  );
  const common = { potential, reference, engine, ensemble, timestep, steps, sampleEvery: steps };
  const there = await runDynamics(
    {
      ...common,
      structure: prepared.state.structure,
      velocities: prepared.state.velocities,
      switching: { potential: [1, 0], reference: [0, 1], schedule: "smooth" },
      seed: seedOf(seed, 1),
    },
    options(leg.switching),
  );
  const back = await runDynamics(
    {
      ...common,
      structure: { ...structure, positions: drawEinstein(leg, randomStream(seedOf(seed, 2), "replica")) },
      velocities: thermalVelocities(structure, temperature, seedOf(seed, 2)),
      switching: { potential: [0, 1], reference: [1, 0], schedule: "smooth" },
      seed: seedOf(seed, 3),
    },
    options(leg.switching),
  );
  const workOf = ({ rows }: typeof there): number => rows.at(-1)!.potentialWork + rows.at(-1)!.referenceWork;
  const averages = prepared.averages!;
  const fromSites = countedFromSites(averages, start, structure);
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

/** Of the equilibration, in the cell of the run: all that atoms have to get used to is a strain of some 1e-3. */
const SETTLING = 0.5;

/** Where the replica starts, in the cell of the run, with its center of mass on that of the sites. */
function toCell({ start, structure }: SwitchingLeg): Structure {
  const { positions, ...moved } = atCell(start.structure, structure.cell);
  const masses = massesOf(structure);
  const shift = [0, 0, 0];
  positions.forEach((x, k) => {
    shift[k % 3]! += masses[Math.floor(k / 3)]! * (structure.positions[k]! - x);
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return { ...moved, positions: positions.map((x, k) => x + shift[k % 3]! / total) };
}

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
