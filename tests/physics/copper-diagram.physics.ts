import { expect, it } from "vitest";
import type { LiquidPhase } from "../../src/free-energy/liquid-phase.js";
import { phaseDiagram } from "../../src/phase-diagram/grow-phase-diagram.js";
import { fcc } from "../../src/structure/lattices.js";
import { fccCopper, mishinCopper, mishinCopperFile, publishedCopperMelting } from "../support/copper.js";
import { describeWith, requireLammpsPotentials } from "../support/requirements.js";

const repeats = [4, 4, 4] as const;
const liquid: LiquidPhase = { name: "liquid", state: "liquid", structure: fcc("Cu", 3.75), repeats };

describeWith([requireLammpsPotentials(mishinCopperFile)], "copper of Mishin", () => {
  it("from one recipe: the melting curve to 20 GPa within 20 K at first and 2% above", async () => {
    const diagram = await phaseDiagram(mishinCopper(), [{ ...fccCopper, repeats }, liquid], {
      temperature: [1000, 4000],
      pressure: [0, 20],
      target: { temperature: 10, pressure: 0.1 },
      budget: 1500,
      equilibration: 1000,
      sampling: 5000,
      switching: 5000,
      replicas: 3,
      seed: 1,
    });
    expect(diagram).toMatchObject({ complete: true, end: "target" });
    const [line, ...others] = diagram.lines.filter(({ stable }) => stable);
    expect(others).toEqual([]);
    expect(line!.phases).toEqual(["fcc", "liquid"]);
    const pressures = line!.points.map(({ pressure }) => pressure.value);
    expect([Math.min(...pressures), Math.max(...pressures)]).toEqual([0, 20]);
    for (const { temperature, pressure } of line!.points) {
      const published = publishedCopperMelting(pressure.value);
      console.log(pressure.value.toFixed(2), temperature, published.toFixed(0));
      // The target is met where the recipe looks; points of the line between may be a little less sure.
      expect(temperature.error).toBeLessThan(10.5);
      expect(Math.abs(temperature.value - published)).toBeLessThan(pressure.value < 1 ? 20 : 0.02 * published);
    }
  });
});
