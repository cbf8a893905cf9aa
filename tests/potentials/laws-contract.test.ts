import type { LawSpec } from "../../src/potentials/potential.js";
import { atomicNumber } from "../../src/structure/elements.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { potentialContract } from "../contracts/potential-contract.js";
import { embeddedAtomTables } from "../support/embedded-atom-tables.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { rattled, withElements } from "../support/structures.js";

const of = (crystal: Structure, ...symbols: string[]): Structure => withElements(crystal, symbols.map(atomicNumber));
const double = (crystal: Structure): Structure => supercell(crystal, [2, 0, 0, 0, 1, 0, 0, 0, 1]);

// Where a law jumps or bends at its cutoff, the cutoffs stand between the shells of the crystal, so that no pair crosses
// one during a finite difference.
const argon = rattled(fcc("Ar", 5.26), 0.06);
const neonArgon = rattled(of(double(fcc("Ar", 5.26)), "Ne", "Ar", "Ar"), 0.06, 2);
const pairs = [
  { elements: ["Ne", "Ne"], epsilon: 0.0031, sigma: 2.75, cutoff: 5.85 },
  { elements: ["Ar", "Ne"], epsilon: 0.0061, sigma: 3.1, cutoff: 7.88 },
  { elements: ["Ar", "Ar"], epsilon: 0.0103, sigma: 3.4, cutoff: 6.94 },
];

/** Two elements that differ in everything; the pair numbers are those of both orders. */
function stillingerWeberOfTwo(p: number, q: number): LawSpec {
  const pair = (a: string, b: string) => ({
    epsilon: a === b ? (a === "Si" ? 2.1683 : 1.9) : 2.05,
    sigma: a === b ? (a === "Si" ? 2.0951 : 2.18) : 2.14,
    a: 1.8,
    A: 7.05,
    B: 0.6022,
    p,
    q,
  });
  const symbols = ["Si", "Ge"];
  return {
    kind: "stillinger-weber",
    triplets: symbols.flatMap((i) =>
      symbols.flatMap((j) =>
        symbols.map((k) => {
          const own = j === k ? pair(i, j) : { ...pair(i, i), epsilon: 2.1 };
          return {
            ...own,
            elements: [i, j, k],
            lambda: i === "Si" ? 21 : 27,
            gamma: i === j ? 1.2 : 1.1,
            cosTheta0: -0.34,
          };
        }),
      ),
    ),
  };
}

/** Two elements that differ in everything, cutoff shells with neighbors in them, both powers of the stretch. */
function tersoffOf(m: 1 | 3, lambda3: number, symbols: readonly string[]): LawSpec {
  const of = (k: number, first: number, step: number): number => first + step * k;
  return {
    kind: "tersoff",
    triplets: symbols.flatMap((a, i) =>
      symbols.flatMap((b, j) =>
        symbols.map((c, k) => ({
          elements: [a, b, c],
          m,
          gamma: of(k, 1, 0.1),
          lambda3: of(j + k, lambda3, 0.1 * lambda3),
          c: of(i, 4.8, 0.3),
          d: of(j, 2.04, 0.2),
          cosTheta0: of(i + k, -0.1, 0.2),
          n: j === k ? of(i, 2.9, -1.8) : 0,
          beta: of(i, 0.33, 0.05),
          lambda2: of(i + j, 1.32, 0.1),
          B: of(i + j, 95, 12),
          R: of(i + k, 2.6, 0.11) + 0.03 * j,
          D: of(i + k, 0.4, 0.02),
          lambda1: of(i + j, 3.24, -0.06),
          A: of(i + j, 3264, -120),
        })),
      ),
    ),
  };
}

const silicon = rattled(diamond("Si", 5.43), 0.2, 3);
const siliconGermanium = rattled(of(diamond("Si", 5.5), "Si", "Ge", "Ge"), 0.2, 4);
const copper = rattled(fcc("Cu", 3.6), 0.15, 5);
const copperNickel = rattled(of(double(fcc("Cu", 3.6)), "Cu", "Ni", "Ni"), 0.15, 6);
const zbl = { kind: "ziegler-biersack-littmark", inner: 2.2, outer: 3.4 };

for (const [name, spec, structure] of [
  ["Lennard-Jones, truncated", { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 7.88 }, argon],
  [
    "Lennard-Jones, force shifted",
    { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 6.94, shifted: "force" },
    argon,
  ],
  ["Lennard-Jones of two elements, force shifted", { kind: "lennard-jones", pairs, shifted: "force" }, neonArgon],
  ["Lennard-Jones of two elements, shifted", { kind: "lennard-jones", pairs, shifted: true }, neonArgon],
  [
    "Morse",
    {
      kind: "morse",
      pairs: [{ elements: ["Ar", "Ar"], depth: 0.34, alpha: 1.3, r0: 3.6, cutoff: 6.94 }],
      shifted: true,
    },
    argon,
  ],
  ["Uhlenbeck-Ford", { kind: "uhlenbeck-ford", strength: 2.5, sigma: 2.2, cutoff: 6.94 }, argon],
  ["Ziegler-Biersack-Littmark", zbl, rattled(bcc("Ta", 3.1), 0.15, 7)],
  ["Ziegler-Biersack-Littmark of two elements", zbl, rattled(of(diamond("Si", 4.4), "Si", "C"), 0.15, 8)],
  ["Stillinger-Weber", stillingerWeberSilicon, silicon],
  ["Stillinger-Weber of two elements", stillingerWeberOfTwo(4, 0), siliconGermanium],
  ["Stillinger-Weber, p and q not whole", stillingerWeberOfTwo(4.3, 0.4), siliconGermanium],
  ["Tersoff", tersoffOf(3, 1.3258, ["Si"]), silicon],
  ["Tersoff without stretch", tersoffOf(3, 0, ["Si"]), silicon],
  ["Tersoff, an odd number of neighbors", tersoffOf(1, 1.8, ["Si"]), rattled(fcc("Si", 4.1), 0.3, 11)],
  ["Tersoff of two elements", tersoffOf(3, 0.8, ["Si", "Ge"]), siliconGermanium],
  ["Tersoff of two elements, linear stretch", tersoffOf(1, 1.3, ["Si", "Ge"]), siliconGermanium],
  ["embedded atom", embeddedAtomTables("alloy", ["Cu"]), copper],
  // More neighbors than the twin keeps between its passes.
  ["embedded atom, compressed", embeddedAtomTables("alloy", ["Cu"]), rattled(fcc("Cu", 2.2), 0.05, 9)],
  ["embedded atom of two elements", embeddedAtomTables("alloy", ["Cu", "Ni"]), copperNickel],
  ["Finnis-Sinclair of two elements", embeddedAtomTables("finnis-sinclair", ["Cu", "Ni"]), copperNickel],
  ["a sum", [stillingerWeberSilicon, zbl], silicon],
] satisfies [string, LawSpec | LawSpec[], Structure][])
  potentialContract({ name, spec, structure });

potentialContract({
  name: "Einstein crystal",
  spec: {
    kind: "einstein-crystal",
    sites: Array.from(fcc("Cu", 3.6).positions),
    stiffness: [3, 4, 5, 6],
  },
  structure: copper,
  external: true,
});
