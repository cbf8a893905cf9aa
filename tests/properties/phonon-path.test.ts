import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { forceConstants } from "../../src/properties/force-constants.js";
import { phononDispersion } from "../../src/properties/phonon-dispersion.js";
import { standardPath } from "../../src/properties/phonon-path.js";
import { invertCell } from "../../src/structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp, simpleCubic, simpleHexagonal } from "../../src/structure/lattices.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { findSymmetry } from "../../src/structure/symmetry.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const box = (cell: number[]): Structure => toStructure({ cell, numbers: [14], positions: [0, 0, 0] });

const lattices: [string, Structure, string][] = [
  ["simple cubic", simpleCubic("Po", 3.35), "Γ X M Γ R X|M R"],
  ["fcc", fcc("Cu", 3.6), "Γ X U|K Γ L W X"],
  ["diamond", diamond("Si", 5.43), "Γ X U|K Γ L W X"],
  ["bcc", bcc("Ta", 3.3), "Γ H N Γ P H|P N"],
  ["hcp", hcp("Ti", 2.95, 4.68), "Γ M K Γ A L H A|L M|K H"],
  ["simple hexagonal", simpleHexagonal("Si", 2.6, 2.5), "Γ M K Γ A L H A|L M|K H"],
  ["beta-tin", betaTin("Si", 4.8, 2.6), "Γ X M Γ Z P N Z₁ M|X P"],
  ["tall centered tetragonal", betaTin("Si", 3, 5), "Γ X Y Σ Γ Z Σ₁ N P Y₁ Z|X P"],
  ["tetragonal", box([3, 0, 0, 0, 3, 0, 0, 0, 4]), "Γ X M Γ Z R A Z|X R|M A"],
  ["orthorhombic", box([3, 0, 0, 0, 3.5, 0, 0, 0, 4]), "Γ X S Y Γ Z U R T Z|Y T|U X|S R"],
];

describe("standardPath", () => {
  it.each(lattices)(
    "%s: every named point stands on the surface of the first Brillouin zone",
    async (_, structure, names) => {
      const symmetry = await findSymmetry(structure);
      const path = standardPath(symmetry);
      expect(path.map((line) => line.map(({ label }) => label).join(" ")).join("|")).toBe(names);
      const inverse = invertCell(symmetry.primitive.cell);
      const length = (q: readonly number[]): number =>
        Math.hypot(...[0, 1, 2].map((d) => [0, 1, 2].reduce((sum, k) => sum + inverse[3 * d + k]! * q[k]!, 0)));
      for (const { label, q } of path.flat()) {
        if (label === "Γ") continue;
        const others: number[] = [];
        for (let n = 0; n < 343; n++) {
          const shift = [(n % 7) - 3, (Math.floor(n / 7) % 7) - 3, Math.floor(n / 49) - 3];
          if (n !== 171) others.push(length(q.map((x, d) => x + shift[d]!)));
        }
        // As far from Gamma as from another reciprocal lattice point, and nearer to none.
        expect(Math.min(...others) / length(q), label).toBeCloseTo(1, 6);
      }
    },
  );

  it("says what it knows where there is no standard path", async () => {
    const triclinic = await findSymmetry(box([3, 0.2, 0.1, 0.4, 3.5, 0.3, 0.2, -0.1, 4]));
    expect(() => standardPath(triclinic)).toThrow(
      /aP1, P -1; expected a lattice .* cP, cF, cI.* try a path of your own/,
    );
  });
});

describe("phononDispersion", () => {
  it("measures the way along the path, and frequencies go smoothly but for the jump from U to K", async () => {
    const a = 5.43095;
    const { primitive, ...symmetry } = await findSymmetry(diamond("Si", a));
    const constants = await forceConstants(createPotential(stillingerWeberSilicon), primitive);
    const { ticks, distances, starts, frequencies, branches } = await phononDispersion(
      constants,
      standardPath({ ...symmetry, primitive }),
    );
    const unit = (2 * Math.PI) / a;
    const ways = [1, Math.SQRT2 / 4, (3 * Math.SQRT2) / 4, Math.sqrt(3) / 2, Math.SQRT1_2, 0.5];
    expect(ticks.map(({ label }) => label)).toEqual(["Γ", "X", "U|K", "Γ", "L", "W", "X"]);
    ways.forEach((way, k) => {
      expect(ticks[k + 1]!.distance - ticks[k]!.distance).toBeCloseTo(way * unit, 9);
    });
    expect(starts).toHaveLength(2);
    expect(distances[starts[1]!]).toBe(distances[starts[1]! - 1]);
    // U and K are the same point but for a reciprocal lattice vector.
    for (let k = 0; k < frequencies.length; k++) {
      const sample = Math.floor(k / branches);
      if (sample === 0) continue;
      // No branch is steeper than sound along [111], 9.2 km/s or 14.6 THz A, at this spacing.
      const rise = Math.abs(frequencies[k]! - frequencies[k - branches]!);
      expect(rise).toBeLessThan(16 * (distances[sample]! - distances[sample - 1]!) + 1e-6);
    }
  });

  it("complains of a path of one point", async () => {
    const constants = await forceConstants(
      createPotential(stillingerWeberSilicon),
      diamond("Si", 5.43095, { primitive: true }),
    );
    await expect(phononDispersion(constants, [[{ label: "Γ", q: [0, 0, 0] }]])).rejects.toThrow(/lines of two points/);
  });
});
