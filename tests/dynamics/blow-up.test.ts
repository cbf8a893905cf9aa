import { describe, expect, it } from "vitest";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { ComputationError, InputError } from "../../src/errors.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = supercell(diamond("Si", 5.431), [2, 2, 2]);
const base: DynamicsSpec = {
  structure: silicon,
  potential: createPotential(stillingerWeberSilicon),
  ensemble: { kind: "nve" },
  initialTemperature: 300,
  steps: 200,
  seed: 1,
};

const moved = (atom: number, to: readonly number[]): Structure => {
  const positions = silicon.positions.slice();
  positions.set(to, 3 * atom);
  return { ...silicon, positions };
};

const failure = async (spec: DynamicsSpec): Promise<Error> =>
  runDynamics(spec).then(
    () => new Error("the run went through"),
    (error: Error) => error,
  );

describe("a run that blows up says at which step which atoms did what", () => {
  it("atoms on top of each other", async () => {
    const place = silicon.positions.slice(30, 33);
    const error = await failure({ ...base, structure: moved(3, Array.from(place)) });
    expect(error).toBeInstanceOf(ComputationError);
    expect(error.message).toMatch(
      /^dynamics, step 0: atom (3|10) \(Si\) has force NaN.*, 0.00 A from atom (10|3) \(Si\)/,
    );
  });

  it("atoms very close to each other", async () => {
    const place = Array.from(silicon.positions.slice(30, 33), (x) => x + 0.05);
    const error = await failure({ ...base, structure: moved(3, place) });
    expect(error.message).toMatch(
      /^dynamics, step 0: atom (3|10) \(Si\) feels .*e\+\d+ eV\/A.*, 0.0866 A from atom (10|3)/,
    );
  });

  it("a timestep that is far too long", async () => {
    const error = await failure({ ...base, timestep: 60, initialTemperature: 1000 });
    expect(error).toBeInstanceOf(ComputationError);
    expect(error.message).toMatch(/^dynamics, step \d+: atom \d+ \(Si\) .* moves .* A.*try a shorter timestep/);
  });

  it("a coordinate that is not a number", async () => {
    const error = await failure({ ...base, structure: moved(5, [Number.NaN, 0, 0]) });
    expect(error.message).toMatch(/^dynamics, step 0: atom 5 \(Si\)/);
  });

  it("a cell that collapses", async () => {
    const error = await failure({
      ...base,
      ensemble: { kind: "npt", temperature: 300, pressure: 1e5, barostatTime: 1 },
    });
    expect(error).toBeInstanceOf(ComputationError);
    expect(error.message).toMatch(/^dynamics, step \d+: the cell would change by more than 5% in one step/);
  });
});

describe("refused before anything runs", () => {
  const cases: readonly [string, Partial<DynamicsSpec>, RegExp][] = [
    [
      "a temperature in nve",
      { ensemble: { kind: "nve", temperature: 300 } },
      /^ensemble.temperature: 300; expected none/,
    ],
    ["nvt without a temperature", { ensemble: { kind: "nvt" } }, /^ensemble.temperature; expected a number of K/],
    ["a pressure in nvt", { ensemble: { kind: "nvt", temperature: 1, pressure: 1 } }, /^ensemble.pressure: 1/],
    ["a negative timestep", { timestep: -1 }, /^timestep: -1; expected a positive number/],
    ["a fraction of a step", { steps: 1.5 }, /^steps: 1.5; expected a whole number/],
    ["a seed that is not whole", { seed: 0.5 }, /^seed: 0.5/],
    ["frames between samples", { sampleEvery: 10, frameEvery: 25 }, /^frameEvery: 25; expected a multiple of/],
    ["switching without a reference", { switching: { reference: [0, 1] } }, /^switching.reference/],
    [
      "npt in a cell that is open",
      { structure: { ...silicon, pbc: [true, true, false] }, ensemble: { kind: "npt", temperature: 1 } },
      /^pbc/,
    ],
  ];
  it.each(cases)("%s", async (_, change, message) => {
    const error = await failure({ ...base, ...change });
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(message);
  });
});

it("a list that overflows is grown, not used: the same trajectory from a cell that was sparse at first", async () => {
  // The room is guessed from the volume of the cell: 64 atoms in one corner of a cell of 27 times the volume.
  const cell = silicon.cell.map((x) => 3 * x);
  const sparse = { ...silicon, cell };
  const open: Structure = { ...silicon, pbc: [false, false, false] };
  const run = { ...base, steps: 50 };
  const [a, b] = [await runDynamics({ ...run, structure: sparse }), await runDynamics({ ...run, structure: open })];
  expect(b.rows[0]!.pressure).toBeNaN();
  expect(b.state.structure.cell).toEqual(silicon.cell);
  a.state.structure.positions.forEach((x, k) => {
    expect(Math.abs(x - b.state.structure.positions[k]!)).toBeLessThan(1e-11);
  });
});
