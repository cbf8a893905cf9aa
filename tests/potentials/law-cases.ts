import type { LawSpec } from "../../src/potentials/potential.js";
import { atomicNumber } from "../../src/structure/elements.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import type { PotentialCase } from "../contracts/potential-contract.js";
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

/** Silicon with other numbers in its formula. */
const siliconWith = (numbers: { readonly gamma: number; readonly p?: number; readonly q?: number }): LawSpec => ({
  kind: "stillinger-weber",
  triplets: stillingerWeberSilicon.triplets.map((triplet) => ({ ...triplet, ...numbers })),
});

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

/** A spline through samples of a function. */
function splineOf(f: (x: number) => number, start: number, end: number, count: number) {
  const knots = Array.from({ length: count }, (_, k) => start + ((end - start) * k) / (count - 1));
  const slope = (x: number): number => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
  return { knots, values: knots.map(f), slopes: [slope(start), slope(end)] as [number, number] };
}

/** Ends so smoothly that a finite difference may cross `end`. */
const bump = (height: number, wave: number, end: number, start = 1.8, count = 61) => {
  const spline = splineOf((r) => height * Math.cos(wave * r) * (end - r) ** 4, start, end, count);
  spline.values[count - 1] = spline.slopes[1] = 0;
  return spline;
};

/** Functions that differ in everything, for one or two elements; some neighbors sit beyond either end of the splines. */
function splineMeamOf(symbols: readonly string[], threeBody: boolean, bondEnd = 4): LawSpec {
  const one = <T>(make: (k: number) => T): T[] => symbols.map((_, k) => make(k));
  const two = <T>(make: (k: number) => T): T[] => (symbols.length === 1 ? [make(0)] : [make(0), make(1), make(2)]);
  // Without curvature at the ends, where straight lines go on.
  const wave = (c: number): number => Math.sin((Math.PI * (c + 0.9)) / 1.85);
  const angles = (scale: number) =>
    two((k) => splineOf((c) => scale * (0.3 + (0.2 - 0.1 * k) * c + wave(c)), -0.9, 0.95, 41));
  return {
    kind: "spline-meam",
    elements: symbols,
    pair: two((k) => bump(0.1 + 0.02 * k, 1.7, 4.9 - 0.3 * k, 2, 81)),
    density: one((k) => bump(0.2 - 0.05 * k, 0.9, 4.7 - 0.8 * k, 2.1)),
    embedding: one((k) => splineOf((n) => 0.02 * (n - 3 - k) ** 2, -1, 6, 5)),
    bond: one((k) => bump(0.1 + 0.03 * k, 0.4, bondEnd - 0.2 * k)),
    angle: angles(1),
    ...(threeBody ? { threeBody: { bond: one((k) => bump(0.1, 0.6, 3.7 + 0.2 * k)), angle: angles(0.4) } } : {}),
  };
}

const silicon = rattled(diamond("Si", 5.43), 0.2, 3);
const siliconGermanium = rattled(of(diamond("Si", 5.5), "Si", "Ge", "Ge"), 0.2, 4);
const copper = rattled(fcc("Cu", 3.6), 0.15, 5);
const copperNickel = rattled(of(double(fcc("Cu", 3.6)), "Cu", "Ni", "Ni"), 0.15, 6);
const zbl = { kind: "ziegler-biersack-littmark", inner: 2.2, outer: 3.4 };

const laws: readonly (readonly [string, LawSpec | LawSpec[], Structure])[] = [
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
  ["Stillinger-Weber, gamma not 6/5", siliconWith({ gamma: 1.1 }), silicon],
  ["Stillinger-Weber of one element, p and q not whole", siliconWith({ gamma: 1.1, p: 4.3, q: 0.4 }), silicon],
  ["Stillinger-Weber of two elements", stillingerWeberOfTwo(4, 0), siliconGermanium],
  ["Stillinger-Weber, p and q not whole", stillingerWeberOfTwo(4.3, 0.4), siliconGermanium],
  ["Tersoff", tersoffOf(3, 1.3258, ["Si"]), silicon],
  ["Tersoff without stretch", tersoffOf(3, 0, ["Si"]), silicon],
  ["Tersoff, an odd number of neighbors", tersoffOf(1, 1.8, ["Si"]), rattled(fcc("Si", 4.1), 0.3, 11)],
  ["Tersoff of two elements", tersoffOf(3, 0.8, ["Si", "Ge"]), siliconGermanium],
  ["Tersoff of two elements, linear stretch", tersoffOf(1, 1.3, ["Si", "Ge"]), siliconGermanium],
  ["spline MEAM", splineMeamOf(["Cu"], false), copper],
  ["spline MEAM, an odd number of neighbors", splineMeamOf(["Ta"], false, 4.6), rattled(bcc("Ta", 3.1), 0.15, 7)],
  ["spline MEAM and three bodies", splineMeamOf(["Cu"], true), copper],
  ["spline MEAM of two elements", splineMeamOf(["Cu", "Ni"], false), copperNickel],
  ["spline MEAM of two elements and three bodies", splineMeamOf(["Cu", "Ni"], true), copperNickel],
  ["embedded atom", embeddedAtomTables("alloy", ["Cu"]), copper],
  // More neighbors than the twin keeps between its passes.
  ["embedded atom, compressed", embeddedAtomTables("alloy", ["Cu"]), rattled(fcc("Cu", 2.2), 0.05, 9)],
  ["embedded atom of two elements", embeddedAtomTables("alloy", ["Cu", "Ni"]), copperNickel],
  ["Finnis-Sinclair of two elements", embeddedAtomTables("finnis-sinclair", ["Cu", "Ni"]), copperNickel],
  ["a sum", [stillingerWeberSilicon, zbl], silicon],
];

/** Every law but SNAP, with atoms to try it on. */
export const lawCases: readonly PotentialCase[] = [
  ...laws.map(([name, spec, structure]) => ({ name, spec, structure })),
  {
    name: "Einstein crystal",
    spec: {
      kind: "einstein-crystal",
      sites: Array.from(fcc("Cu", 3.6).positions),
      stiffness: [3, 4, 5, 6],
    },
    structure: copper,
    external: true,
  },
];
