import { diagramFigure } from "../../src/figures/diagram.js";
import { equationOfStateFigure } from "../../src/figures/equation-of-state.js";
import type { Figure } from "../../src/figures/figure.js";
import { gibbsDifferenceFigure } from "../../src/figures/gibbs.js";
import { growthRateFigure } from "../../src/figures/growth-rate.js";
import { heatMapFigure } from "../../src/figures/heat-map.js";
import { parityFigure } from "../../src/figures/parity.js";
import { phaseDiagramFigure } from "../../src/figures/phase-diagram.js";
import { phononFigure } from "../../src/figures/phonons.js";
import { seriesFigure } from "../../src/figures/series.js";
import { structureFigure } from "../../src/figures/structure-drawing.js";
import { radialDistributionFigure, tracesFigure } from "../../src/figures/traces.js";
import { workDistributionFigure } from "../../src/figures/work-distribution.js";
import { randomStream } from "../../src/random.js";
import { diamond, simpleCubic } from "../../src/structure/lattices.js";
import { withElements } from "../support/structures.js";

const random = randomStream(1, "rattle");
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const parabola = (v0: number, e0: number) => (volume: number) => ({ volume, energy: e0 + 0.02 * (volume - v0) ** 2 });
const groups = ["diamond", "beta-tin", "liquid", "vacancy", "bcc", "fcc", "imma", "path", "surface", "slab"];
const parityPoints = (scale: number) =>
  range(600).map((i) => {
    const reference = scale * random.normal();
    return { reference, predicted: reference + 0.05 * scale * random.normal(), group: groups[i % groups.length]! };
  });

const near = (value: number, error: number) => ({ value, error });
const straightLine = (phases: [string, string], stable: boolean, from: [number, number], to: [number, number]) => ({
  phases,
  stable,
  points: range(9).map((i) => ({
    temperature: near(from[0] + ((to[0] - from[0]) * i) / 8, 12),
    pressure: near(from[1] + ((to[1] - from[1]) * i) / 8, 0.3),
  })),
  ends: ["window", "triple point"] as const,
});

/** Every kind of figure with made-up data that looks like the real. */
export const exampleFigures = (): Figure[] => [
  growthRateFigure({
    name: "growth-rate",
    caption: "Copper beside its melt.",
    rates: range(11).map((i) => ({
      temperature: 1280 + 8 * i,
      rate: -4e-4 * (8 * i - 42) + 0.004 * random.normal(),
      time: 30 + i,
    })),
    line: { melting: near(1322, 6), slope: near(-4e-4, 1e-4), noise: 0.03, freedom: 7 },
  }),
  parityFigure({
    name: "parity",
    caption: "Test set.",
    panels: [
      { quantity: "Energy", unit: "eV/atom", points: parityPoints(0.3) },
      { quantity: "Force", unit: "eV/Å", points: parityPoints(2) },
    ],
  }),
  equationOfStateFigure({
    name: "equation-of-state",
    caption: "Cold curves.",
    phases: [
      {
        phase: "diamond",
        points: range(9).map((i) => parabola(20.4, -5.4)(16 + i)),
        curve: range(80).map((i) => parabola(20.4, -5.4)(16 + 0.1 * i)),
      },
      {
        phase: "beta-tin",
        points: range(9).map((i) => parabola(15.4, -5.1)(12 + i)),
        curve: range(80).map((i) => parabola(15.4, -5.1)(12 + 0.1 * i)),
      },
    ],
  }),
  tracesFigure({
    name: "thermo",
    caption: "NVT.",
    time: range(2000).map((i) => 0.005 * i),
    traces: [
      { title: "Temperature (K)", values: range(2000).map(() => 300 + 10 * random.normal()), target: 300 },
      { title: "Energy (eV/atom)", values: range(2000).map(() => -5.38 + 0.002 * random.normal()) },
    ],
  }),
  radialDistributionFigure({
    name: "rdf",
    caption: "g(r).",
    series: [
      {
        label: "300 K",
        r: range(200).map((i) => 0.03 * i),
        g: range(200).map((i) => (i < 70 ? 0 : 1 + Math.exp(-((i - 80) ** 2) / 20))),
      },
    ],
  }),
  gibbsDifferenceFigure({
    name: "gibbs",
    caption: "G.",
    difference: "G(β-tin) − G(diamond)",
    curves: [100, 300, 500].map((t) => ({
      label: `${t} K`,
      points: range(20).map((i) => ({ pressure: 6 + 0.4 * i, difference: 0.03 * (10 - t / 1000 - 6 - 0.4 * i) })),
    })),
  }),
  workDistributionFigure({
    name: "work",
    caption: "Work.",
    sets: ["diamond 300 K", "beta-tin 300 K"].map((label) => ({
      label,
      forward: range(6).map(() => 0.1 + 0.001 + 0.0005 * random.normal()),
      backward: range(6).map(() => -0.1 + 0.001 + 0.0005 * random.normal()),
      difference: 0.1,
    })),
  }),
  phaseDiagramFigure({
    name: "boundary",
    caption: "T and P.",
    crossings: [100, 300, 500, 800].map((temperature) => ({
      temperature,
      pressure: 10.2 - temperature / 900 + 0.05 * random.normal(),
      uncertainty: 0.08,
    })),
    clausiusClapeyron: range(15).map((i) => ({
      temperature: 100 + 50 * i,
      pressure: 10.2 - (100 + 50 * i) / 900,
      uncertainty: 0.02 + 0.004 * i,
    })),
    staticPressure: 10.4,
    phases: { below: "diamond", above: "β-tin" },
  }),
  diagramFigure({
    name: "diagram",
    caption: "Three phases.",
    diagram: {
      window: { temperature: [100, 2000], pressure: [0, 12] },
      lines: [
        straightLine(["hcp", "bcc"], true, [1200, 0], [1000, 6]),
        straightLine(["hcp", "omega"], true, [100, 4], [1000, 6]),
        straightLine(["bcc", "omega"], true, [1150, 12], [1000, 6]),
        straightLine(["bcc", "omega"], false, [840, 0], [1000, 6]),
      ],
      triplePoints: [
        {
          phases: ["hcp", "bcc", "omega"],
          temperature: near(1000, 15),
          pressure: near(6, 0.2),
          correlation: 0.3,
          stable: true,
        },
      ],
      fields: [
        { phase: "hcp", place: [600, 2.5], share: 0.3 },
        { phase: "bcc", place: [1500, 6], share: 0.4 },
        { phase: "omega", place: [500, 9], share: 0.3 },
      ],
      points: [{ phase: "hcp", temperature: 300, pressure: 0 }],
      states: [{ phase: "bcc", temperature: 1500, pressure: 10 }],
      limits: [{ phase: "bcc", temperature: 300, pressure: 0 }],
    },
    label: "fitted",
    measured: true,
    overlays: [
      {
        label: "teacher",
        diagram: { lines: [straightLine(["hcp", "bcc"], true, [1250, 0], [1100, 7])], triplePoints: [] },
      },
    ],
    marks: [{ label: "experiment", points: [{ temperature: 1155, pressure: 0, temperatureError: 20 }] }],
  }),
  phononFigure({
    name: "phonons",
    caption: "Made-up branches.",
    dispersion: {
      branches: 2,
      points: new Float64Array(12),
      distances: Float64Array.of(0, 1, 1.4, 1.4, 2, 3),
      frequencies: Float64Array.of(0, 0, 3, 5, 3.4, 5.5, 3.6, 5.5, 2, 4, -0.8, 5),
      starts: [0, 3],
      ticks: [
        { label: "Γ", distance: 0 },
        { label: "X", distance: 1 },
        { label: "U|K", distance: 1.4 },
        { label: "W", distance: 3 },
      ],
    },
    density: { frequencies: Float64Array.of(-1, 0, 2, 4, 6), values: Float64Array.of(0, 0.1, 0.6, 0.8, 0) },
  }),
  seriesFigure({
    name: "series",
    caption: "Errors.",
    x: { title: "Structures", log: true },
    y: { title: "Force error (eV/Å)", log: true },
    series: [
      {
        label: "test",
        mark: "both",
        points: [10, 30, 100, 300].map((x) => ({ x, y: 2 / Math.sqrt(x), error: 0.1 / x ** 0.7 })),
      },
      { label: "training", points: [10, 30, 100, 300].map((x) => ({ x, y: 0.1 - 0.1 / x })) },
    ],
    guides: [0.1],
  }),
  heatMapFigure({
    name: "heat-map",
    caption: "Changes.",
    rows: ["xx", "xy"],
    columns: range(14).map((i) => `B${i}`),
    values: [range(14).map((i) => i - 7), range(14).map((i) => 0.3 * i)],
    title: "Change (standard deviations)",
    rowTitle: "Strain",
    columnTitle: "Component",
  }),
  structureFigure({
    name: "structures",
    caption: "Two crystals.",
    structures: [
      { title: "Diamond", structure: diamond("Si", 5.43), bond: 2.5 },
      { title: "Rock salt", structure: withElements(simpleCubic("Na", 2.8), [11]), bond: 3 },
    ],
  }),
];
