import { NumericalError } from "../errors.js";
import { cellVolume, invertCell, timesMatrix } from "../structure/cell.js";
import { symbolOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { Failure } from "./dynamics-layout.js";
import type { DynamicsPlan } from "./dynamics-spec.js";
import type { WasmDynamics } from "./wasm-dynamics.js";

/** What went wrong in the last step: which atoms did what. */
export function describeBlowUp(dynamics: WasmDynamics, structure: Structure, plan: DynamicsPlan): NumericalError {
  const { record, system } = dynamics;
  const what = `dynamics, step ${record.get("step")}`;
  const cell = new Float64Array(system.instance.memory.buffer, system.neighborhood.hood.get("cell"), 9).slice();
  if (record.get("failure") === Failure.cell)
    return new NumericalError({
      what,
      value: `the cell would change by more than 5% in one step, volume ${cellVolume(cell).toPrecision(5)} A^3`,
      expected: "a cell near equilibrium",
      attempt: "a longer barostatTime, or minimize the structure first",
    });
  const name = (atom: number): string => `atom ${atom} (${symbolOf(structure.numbers[atom]!)})`;
  const [atom, deed] = worstAtom(dynamics, plan);
  const positions = system.neighborhood.positions();
  const close = nearest(positions, cell, structure.pbc, atom);
  return new NumericalError({
    what,
    value: `${name(atom)} ${deed}${close ? `, ${close.distance.toPrecision(3)} A from ${name(close.atom)}` : ""}`,
    expected: `forces below ${plan.forceLimit} eV/A and moves below ${plan.moveLimit} A`,
    attempt: "a shorter timestep, minimizing first, or a potential with a repulsive core",
  });
}

/** The atom that is not finite, or else the one farthest beyond a limit. */
function worstAtom({ system, record, velocityRecords }: WasmDynamics, plan: DynamicsPlan): [number, string] {
  const [a, b] = [record.get("potentialFactor"), record.get("referenceFactor")];
  const forces = system.forces(0).map((f) => a * f);
  if (system.groups === 2)
    system.forces(1).forEach((f, k) => {
      forces[k]! += b * f;
    });
  const velocities = velocityRecords();
  const positions = system.neighborhood.positions();
  const timestep = record.get("timestep");
  let worst = 0;
  let excess = Number.NEGATIVE_INFINITY;
  let deed = "";
  for (let i = 0; i < system.count; i++) {
    const force = Math.hypot(forces[3 * i]!, forces[3 * i + 1]!, forces[3 * i + 2]!);
    const move = timestep * Math.hypot(velocities[4 * i]!, velocities[4 * i + 1]!, velocities[4 * i + 2]!);
    const place = positions[3 * i]! + positions[3 * i + 1]! + positions[3 * i + 2]!;
    if (!Number.isFinite(force + move + place)) return [i, `has force ${force} eV/A and moves ${move} A`];
    const ratio = Math.max(force / plan.forceLimit, move / plan.moveLimit);
    if (ratio <= excess) continue;
    worst = i;
    excess = ratio;
    deed = `feels ${force.toPrecision(3)} eV/A and moves ${move.toPrecision(3)} A`;
  }
  return [worst, deed];
}

/** The closest other atom, by the nearest image in fractional coordinates: enough to tell what happened. */
function nearest(
  positions: Float64Array,
  cell: Float64Array,
  pbc: Structure["pbc"],
  atom: number,
): { atom: number; distance: number } | undefined {
  const periodic = pbc.every(Boolean);
  const inverse = periodic ? invertCell(cell) : undefined;
  let best: { atom: number; distance: number } | undefined;
  for (let j = 0; j < positions.length / 3; j++) {
    if (j === atom) continue;
    let r: Float64Array = Float64Array.from([0, 1, 2], (d) => positions[3 * j + d]! - positions[3 * atom + d]!);
    if (inverse) {
      const fraction = timesMatrix(r, inverse).map((f) => f - Math.round(f));
      r = timesMatrix(fraction, cell);
    }
    const distance = Math.hypot(...r);
    if (Number.isFinite(distance) && distance < (best?.distance ?? Infinity)) best = { atom: j, distance };
  }
  return best;
}
