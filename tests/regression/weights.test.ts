import { describe, expect, it } from "vitest";
import { scaleWeights, structureWeights, weightsByEnergy } from "../../src/regression/weights.js";
import { hcp } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

const unit = hcp("Ti", 2.94, 4.65);
const double = supercell(unit, [2, 0, 0, 0, 1, 0, 0, 0, 1]);
const oxygen = hcp("O", 2.94, 4.65);

describe("weights by energy", () => {
  it("fall with the energy per atom above the lowest of the composition", () => {
    const structures = [
      { structure: unit, energy: -15, group: "a" },
      { structure: double, energy: -29, group: "a", weight: 2 },
      { structure: oxygen, energy: 10, group: "b" },
      { structure: unit, group: "a" },
    ];
    const weighted = weightsByEnergy(structures, 0.25);
    expect(weighted.map(({ weight }) => weight)).toEqual([1, 2 / (1 + 0.25 / 0.25), 1, undefined]);
    expect(structureWeights(weighted, { energy: 10, energyScale: 0.25 })[1]!.energy).toBe(10);
  });

  it("leave structures as they are where no scale is given", () => {
    const structures = [{ structure: unit, energy: -15, group: "a" }];
    expect(weightsByEnergy(structures, undefined)).toEqual(structures);
  });

  it("keep their scale when weights are multiplied", () => {
    const scaled = scaleWeights({ energy: 2, energyScale: 0.3 }, { energy: 3, forces: 1, stress: 1 });
    expect(scaled).toMatchObject({ energy: 6, energyScale: 0.3 });
  });
});
