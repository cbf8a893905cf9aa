import { expect, it } from "vitest";
import { phaseDiagram } from "../../src/phase-diagram/grow-phase-diagram.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";

const { spec } = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8.5, shifted: true });
const solid = { name: "fcc", structure: fcc("Ar", 5.3), repeats: [2, 2, 2], cell: "isotropic" } as const;
const liquid = { name: "liquid", state: "liquid", structure: fcc("Ar", 5.7), repeats: [3, 3, 3] } as const;
const settings = {
  temperature: [70, 150],
  pressure: [0, 0.2],
  target: { temperature: 8 },
  seed: 1,
  ...{ timestep: 8, equilibration: 1000, sampling: 2500, switching: 2500, replicas: 2 },
} as const;

it("a diagram of a crystal of 32 atoms and its melt of 108 with sizes: Gibbs energies of infinitely many, and their melting line", async () => {
  const diagram = await phaseDiagram(spec, [solid, liquid], { ...settings, sizes: [256], budget: 170 });
  expect(diagram.complete).toBe(true);
  expect(diagram.phases.map(({ atoms }) => atoms)).toEqual([32, 108]);
  for (const { name } of diagram.phases) {
    const [point] = diagram.points.filter(({ phase }) => phase === name);
    // Two replicas in each of two cells.
    expect(point!.replicas).toBe(3);
    const sum = Object.values(point!.parts!).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(point!.gibbs.value, 12);
  }
  const line = diagram.lines.find(({ stable }) => stable);
  expect(line!.phases).toEqual(["fcc", "liquid"]);
  // Cut at 2.5 sigma, argon melts near 81 K, and 28 K higher at 0.1 GPa.
  for (const { temperature, pressure } of line!.points)
    expect(Math.abs(temperature.value - (81 + 260 * pressure.value))).toBeLessThan(10 + 2 * temperature.error);
}, 120_000);
