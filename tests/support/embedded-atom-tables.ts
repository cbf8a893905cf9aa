import type { LawSpec } from "../../src/potentials/potential.js";

const radialStep = 0.0055;
const radii = 1011;
const cutoff = 5.5;
const densityStep = 0.02;

/** Ends at the cutoff with value and slope zero. */
const end = (r: number): number => (r < cutoff ? (1 - r / cutoff) ** 3 : 0);

const tabulate = (f: (x: number) => number, count: number, step: number): number[] =>
  Array.from({ length: count }, (_, m) => f(m * step));

/** Smooth made-up tables for these elements, so that tests need no published file. */
export function embeddedAtomTables(form: "alloy" | "finnis-sinclair", elements: readonly string[]): LawSpec {
  const density = (source: number, site: number) => (r: number) =>
    (1 + 0.3 * source) * Math.exp(-(0.8 + 0.1 * source + 0.07 * site) * (r - 2.5)) * end(r);
  const pairs = elements.flatMap((_, a) => elements.slice(0, a + 1).map((_, b) => [a, b] as const));
  return {
    kind: "embedded-atom",
    form,
    elements,
    cutoff,
    densityStep,
    radialStep,
    embedding: elements.map((_, a) =>
      tabulate((rho) => -(2 + a) * Math.sqrt(rho + 0.1) + 0.05 * rho * rho, 500, densityStep),
    ),
    density: elements.map((_, source) =>
      form === "alloy"
        ? [tabulate(density(source, 0), radii, radialStep)]
        : elements.map((_, site) => tabulate(density(source, site), radii, radialStep)),
    ),
    pair: pairs.map(([a, b]) =>
      tabulate((r) => (8 + 2 * a + b) * Math.exp(-1.4 * (r - 1.5)) * r * end(r), radii, radialStep),
    ),
  };
}
