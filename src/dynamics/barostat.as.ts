/**
 * Stochastic cell rescaling: first-order, with the volume fluctuations of the isothermal-isobaric ensemble. M. Bernetti,
 * G. Bussi, J. Chem. Phys. 153, 114107 (2020); any cell: V. Del Tatto, P. Raiteri, M. Bernetti, G. Bussi, Appl. Sci. 12,
 * 1139 (2022). One step multiplies the cell by exp(e) from the right,
 *   e = (beta/(3 tau)) (P_internal - P) dt + sqrt(2 beta kT dt/(3 tau V)) xi,
 * symmetric and projected on what the cell may do. With D = beta kT/(3 tau V), the drift D (V (P_internal - P) + kT)/kT
 * of the density V exp(-H/kT) over the group of cells and the gradient -D of the mobility leave just this. With the
 * center of mass at rest one momentum less is scaled than positions, which makes the density V^2 exp(-H/kT): kT/V more.
 */
import { firstOf, runJob } from "../engine/team.as";
import { fillNormals, SITE_BAROSTAT } from "../random.as";
import { timesMatrix, volumeOf } from "./cell.as";
import { Dynamics, Failure, Freedom } from "./dynamics.as";

/** Largest strain of one step. */
const LARGEST: f64 = 0.05;
/** Symmetric strain, xx yy zz yz xz xy. */
const STRAIN: usize = memory.data(48, 16);
const MATRIX: usize = memory.data(72, 16);
const SQUARE: usize = memory.data(72, 16);

// @ts-ignore: decorator
@inline
function strain(k: usize): f64 {
  return load<f64>(STRAIN + (k << 3));
}

function project(freedom: i32): void {
  if (freedom == Freedom.ANY) return;
  for (let k: usize = 3; k < 6; k++) store<f64>(STRAIN + (k << 3), 0);
  if (freedom == Freedom.ISOTROPIC) {
    const third = (strain(0) + strain(1) + strain(2)) / 3;
    for (let k: usize = 0; k < 3; k++) store<f64>(STRAIN + (k << 3), third);
  } else if (freedom == Freedom.TETRAGONAL) {
    const half = (strain(0) + strain(1)) / 2;
    store<f64>(STRAIN, half);
    store<f64>(STRAIN, half, 8);
  } else if (freedom == Freedom.UNIAXIAL) {
    memory.fill(STRAIN, 0, 16);
  }
}

/** MATRIX = exp(sign STRAIN) to third order: a step's strain is of order 1e-4. */
function exponentiate(sign: f64): void {
  const xx = sign * strain(0), yy = sign * strain(1), zz = sign * strain(2);
  const yz = sign * strain(3), xz = sign * strain(4), xy = sign * strain(5);
  store<f64>(MATRIX, xx); store<f64>(MATRIX, xy, 8); store<f64>(MATRIX, xz, 16);
  store<f64>(MATRIX, xy, 24); store<f64>(MATRIX, yy, 32); store<f64>(MATRIX, yz, 40);
  store<f64>(MATRIX, xz, 48); store<f64>(MATRIX, yz, 56); store<f64>(MATRIX, zz, 64);
  // 1 + e (1 + e (1 + e/3)/2): two products by Horner.
  memory.copy(SQUARE, MATRIX, 72);
  for (let k: usize = 0; k < 9; k++)
    store<f64>(SQUARE + (k << 3), load<f64>(SQUARE + (k << 3)) / 3 + (k % 4 == 0 ? 1.0 : 0.0));
  timesMatrix(SQUARE, 3, 24, MATRIX);
  for (let k: usize = 0; k < 9; k++)
    store<f64>(SQUARE + (k << 3), load<f64>(SQUARE + (k << 3)) / 2 + (k % 4 == 0 ? 1.0 : 0.0));
  timesMatrix(SQUARE, 3, 24, MATRIX);
  for (let k: usize = 0; k < 9; k++)
    store<f64>(MATRIX + (k << 3), load<f64>(SQUARE + (k << 3)) + (k % 4 == 0 ? 1.0 : 0.0));
}

/** Component of the symmetrized virial, Voigt order, of the mixed Hamiltonian. */
export function mixedVirial(dynamics: Dynamics, component: i32): f64 {
  const row = component < 3 ? component : component == 3 ? 1 : 0;
  const column = component < 3 ? component : component == 5 ? 1 : 2;
  const here = dynamics.evaluator.sums + 8 + ((3 * row + column) << 3);
  const there = dynamics.evaluator.sums + 8 + ((3 * column + row) << 3);
  const own = 0.5 * (load<f64>(here) + load<f64>(there)) * dynamics.potentialFactor;
  if (dynamics.evaluator.groupCount < 2) return own;
  return own + 0.5 * (load<f64>(here, 80) + load<f64>(there, 80)) * dynamics.referenceFactor;
}

function carryPositions(argument: usize, partition: i32): void {
  const system = changetype<Dynamics>(argument).evaluator.hood.system;
  const begin = firstOf(system.ownCount, partition), end = firstOf(system.ownCount, partition + 1);
  timesMatrix(system.positions + (<usize>begin << 5), end - begin, 32, MATRIX);
}

function carryVelocities(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument), own = dynamics.evaluator.hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  timesMatrix(dynamics.velocities + (<usize>begin << 5), end - begin, 32, MATRIX);
}

/** Moves the cell by one step and carries atoms and velocities along. */
export function rescaleCell(dynamics: Dynamics, thermalEnergy: f64, pressure: f64): void {
  const hood = dynamics.evaluator.hood;
  const volume = volumeOf(hood.cell);
  const rate = (dynamics.barostatRate * dynamics.timestep) / 3;
  const amplitude = Math.sqrt((2 * rate * thermalEnergy) / volume);
  const atRest = dynamics.degrees < 3 * <f64>hood.system.ownCount;
  const target = pressure - (atRest ? thermalEnergy / volume : 0);
  fillNormals(dynamics.noise, dynamics.seedLow, dynamics.seedHigh, SITE_BAROSTAT, dynamics.step, 0, 2);
  let largest: f64 = 0;
  for (let k = 0; k < 6; k++) {
    const row = k < 3 ? k : k == 3 ? 1 : 0;
    const column = k < 3 ? k : k == 5 ? 1 : 2;
    const here = load<f64>(dynamics.noise + (<usize>(3 * row + column) << 3));
    const there = load<f64>(dynamics.noise + (<usize>(3 * column + row) << 3));
    const internal = (load<f64>(dynamics.kineticTensor + (<usize>k << 3)) + mixedVirial(dynamics, k)) / volume;
    const value = rate * (internal - (k < 3 ? target : 0)) + amplitude * 0.5 * (here + there);
    store<f64>(STRAIN + (<usize>k << 3), value);
    largest = max<f64>(largest, Math.abs(value));
  }
  if (!(largest < LARGEST)) {
    dynamics.failure = Failure.CELL;
    return;
  }
  project(dynamics.freedom);
  exponentiate(1);
  timesMatrix(hood.cell, 3, 24, MATRIX);
  runJob(carryPositions, changetype<usize>(dynamics));
  exponentiate(-1);
  runJob(carryVelocities, changetype<usize>(dynamics));
}
