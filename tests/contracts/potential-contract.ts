import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import type {
  EngineName,
  Evaluation,
  LawSpec,
  Outputs,
  Potential,
  PotentialSpec,
  Session,
} from "../../src/potentials/potential.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { centralDifference, moveAtom, reorder, rotated, strainedBy, toward } from "../support/moves.js";
import { skewed } from "../support/structures.js";
import { type ContractTolerance, doublePrecision, largestDifference, largestMagnitude } from "../support/tolerance.js";

/** A potential and atoms to try it on. */
export interface PotentialCase {
  readonly name: string;
  readonly spec: PotentialSpec | LawSpec | readonly LawSpec[];
  /** Few atoms in no symmetric place, in a cell that may be small against the cutoff. */
  readonly structure: Structure;
  /** It acts on atoms from outside: what holds for isolated matter (translation, rotation, virial) does not. */
  readonly external?: boolean;
  /** Engines it has; both by default. */
  readonly engines?: readonly EngineName[];
}

/** Where sessions come from, and how exact they are. */
export interface ContractHost {
  /** In place of `reference` and `wasm`, which a case has by default. */
  readonly engines?: readonly EngineName[];
  open(potential: Potential, structure: Structure, outputs: Outputs, engine: EngineName): Promise<Session>;
  readonly tolerance: ContractTolerance;
}

const here: ContractHost = {
  open: (potential, structure, outputs, engine) => potential.open(structure, outputs, engine),
  tolerance: doublePrecision,
};

/** What every potential must do in every engine. */
export function potentialContract(
  { name, spec, structure, external = false, engines: own }: PotentialCase,
  host: ContractHost = here,
): void {
  const { finiteDifference, symmetry, enginesAgree } = host.tolerance;
  const engines = host.engines ?? own;
  const compared = engines?.find((engine) => engine !== "reference") ?? "wasm";
  const evaluate = async (potential: Potential, structure: Structure, engine: EngineName): Promise<Evaluation> => {
    const open = engine === "reference" ? here.open : host.open;
    const session = await open(potential, structure, { energies: true }, engine);
    const result = await session.evaluate();
    session.dispose();
    return result;
  };
  const potential = createPotential(spec);
  const count = structure.numbers.length;
  describe.each(engines ?? (["reference", "wasm"] as const))(`${name}, engine %s`, (engine) => {
    const of = (other: Structure): Promise<Evaluation> => evaluate(potential, other, engine);
    const energyOf = async (other: Structure): Promise<number> => (await of(other)).energy;
    const expectSame = (a: Evaluation, b: Evaluation, forces = b.forces): void => {
      expect(Math.abs(a.energy - b.energy)).toBeLessThan(symmetry * Math.max(1, Math.abs(b.energy)));
      expect(largestDifference(a.forces, forces)).toBeLessThan(symmetry * Math.max(1, largestMagnitude(forces)));
    };

    it("gives forces that are minus the gradient of the energy", async () => {
      const { forces } = await of(structure);
      for (const index of spread(3 * count, 6)) {
        const slope = await centralDifference((x) => energyOf(moveAtom(structure, index, x)), finiteDifference.step);
        expect(Math.abs(forces[index]! + slope), `component ${index}`).toBeLessThan(finiteDifference.forces);
      }
    });

    it("splits the energy among the atoms", async () => {
      const { energy, energies } = await of(structure);
      const sum = energies!.reduce((total, x) => total + x, 0);
      expect(Math.abs(sum - energy)).toBeLessThan(symmetry * Math.max(1, Math.abs(energy)));
    });

    it("follows atoms and cell within a session", async () => {
      const session = await host.open(potential, structure, {}, engine);
      const first = await session.evaluate();
      const there = strainedBy(moveAtom(structure, 0, 0.3), 1, 0.02);
      expectSame(await session.evaluate({ positions: there.positions, cell: there.cell }), await of(there));
      expectSame(await session.evaluate({ positions: structure.positions, cell: structure.cell }), first);
      session.dispose();
    });

    if (external) return;

    it("gives a virial that is minus the strain derivative of the energy", async () => {
      const { virial } = await of(structure);
      for (let component = 0; component < 9; component++) {
        const slope = await centralDifference(
          (x) => energyOf(strainedBy(structure, component, x)),
          finiteDifference.strain,
        );
        const tolerance = finiteDifference.virial * Math.max(1, largestMagnitude(virial));
        expect(Math.abs(virial[component]! + slope), `component ${component}`).toBeLessThan(tolerance);
      }
    });

    it("does not feel translation, rotation or the names of atoms", async () => {
      const here = await of(structure);
      const shifted = { ...structure, positions: structure.positions.map((x, k) => x + [0.7, -5.3, 11.1][k % 3]!) };
      expectSame(await of(shifted), here);
      expectSame(await of(rotated(structure)), here, rotated({ ...structure, positions: here.forces }).positions);
      const order = Array.from({ length: count }, (_, i) => (i * 5 + 3) % count);
      if (new Set(order).size === count)
        expectSame(await of(reorder(structure, order)), here, pick(here.forces, order));
    });

    it("does not feel which periodic image or cell describes the crystal", async () => {
      const here = await of(structure);
      const { cell } = structure;
      const images = structure.positions.map((x, k) =>
        Math.floor(k / 3) % 2 === 0 ? x + 2 * cell[k % 3]! - cell[6 + (k % 3)]! : x,
      );
      expectSame(await of({ ...structure, positions: images }), here);
      expectSame(await of(skewed(structure)), here);
      const double = await of(supercell(structure, [2, 0, 0, 0, 1, 0, 0, 0, 1]));
      expect(Math.abs(double.energy / 2 - here.energy)).toBeLessThan(symmetry * Math.max(1, Math.abs(here.energy)));
      expect(
        largestDifference(
          double.virial.map((w) => w / 2),
          here.virial,
        ),
      ).toBeLessThan(symmetry * Math.max(1, largestMagnitude(here.virial)));
    });

    it("ends at its cutoff as smoothly as it says", async () => {
      const at = (distance: number): Promise<Evaluation> => of(toward(structure.numbers, potential.cutoff - distance));
      const [near, nearer, outside] = [await at(1e-3), await at(1e-4), await at(-1e-6)];
      const { floor } = host.tolerance;
      const force = (result: Evaluation): number => largestMagnitude(result.forces);
      const jump = (result: Evaluation): number => Math.abs(result.energy - outside.energy);
      const { continuity } = potential;
      if (continuity === "truncated") expect(jump(nearer)).toBeGreaterThan(0.3 * jump(near));
      else expect(jump(nearer)).toBeLessThanOrEqual(0.3 * jump(near) + floor.energy);
      if (continuity === "C1" || continuity === "C2")
        expect(force(nearer)).toBeLessThanOrEqual(0.3 * force(near) + floor.force);
      if (continuity === "C2")
        expect(force(nearer) / 1e-4).toBeLessThanOrEqual((0.3 * force(near)) / 1e-3 + floor.curvature);
    });
  });

  if (engines === undefined || engines.some((engine) => engine !== "reference"))
    describe(name, () => {
      const arrangements: [string, Structure][] = [
        ["as given", structure],
        ["skewed", skewed(structure)],
        ["as a slab", { ...structure, pbc: [true, false, true] }],
        ["isolated", { ...structure, pbc: [false, false, false] }],
      ];
      it.each(arrangements)(`gives the same in reference and ${compared}, %s`, async (_, arranged) => {
        const [reference, other] = [
          await evaluate(potential, arranged, "reference"),
          await evaluate(potential, arranged, compared),
        ];
        const agree = (a: ArrayLike<number>, b: ArrayLike<number>): void =>
          expect(largestDifference(a, b)).toBeLessThan(enginesAgree * Math.max(1, largestMagnitude(b)));
        agree([other.energy], [reference.energy]);
        agree(other.forces, reference.forces);
        agree(other.energies!, reference.energies!);
        if (!external) agree(other.virial, reference.virial);
      });

      it("keeps its spec", () => {
        expect(createPotential(potential.spec).spec).toEqual(potential.spec);
      });
    });
}

/** `wanted` indices below `count`, spread evenly. */
const spread = (count: number, wanted: number): number[] => [
  ...new Set(Array.from({ length: wanted }, (_, k) => Math.floor(((k + 0.37) * count) / wanted))),
];

const pick = (values: Float64Array, order: readonly number[]): Float64Array =>
  Float64Array.from(order.flatMap((i) => Array.from(values.subarray(3 * i, 3 * i + 3))));
