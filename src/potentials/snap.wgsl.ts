import { type Coupling, halfWeight, isolatedAtom } from "../descriptors/bispectrum-components.js";
import { contractionCode } from "../descriptors/bispectrum-contraction.wgsl.js";
import { expansionCode, NEAR, THREADS } from "../descriptors/bispectrum-expansion.wgsl.js";
import { elementIndices } from "../descriptors/bispectrum-spec.js";
import { layerStart } from "../descriptors/neighbor-expansion.js";
import { InputError } from "../errors.js";
import { clebschGordan } from "../math/clebsch-gordan.js";
import { elementaryCode } from "../math/elementary.wgsl.js";
import type { SnapModel } from "./snap.js";
import { linearCode, mainCode, quadraticCode } from "./snap-heads.wgsl.js";
import { constantOf, linearTerms, squareRows } from "./snap-planner.js";
import type { WebGpuTwin } from "./term.js";
import { gradientBindings, gradientCode } from "./webgpu-law.wgsl.js";

/** Bytes of workgroup memory that every device has. */
const WORKGROUP_BYTES = 16384;

/** Where the sections of \`tables\` (f32) begin. */
class Sections {
  readonly numbers: number[] = [];
  readonly names = new Map<string, number>();
  add(name: string, values: Iterable<number>): void {
    this.names.set(name, this.numbers.length);
    for (const value of values) this.numbers.push(value);
  }
  constants(): string {
    return [...this.names].map(([name, start]) => `const ${name} = ${start}u;`).join("\n");
  }
}

const halfStart = (j: number): number => {
  let start = 0;
  for (let layer = 0; layer < j; layer++) start += (Math.floor(layer / 2) + 1) * (layer + 1);
  return start;
};

/** Elements of the half layers. */
function halfElements(twojmax: number) {
  const elements: { j: number; mb: number; ma: number; factor: number; weight: number }[] = [];
  for (let j = 0; j <= twojmax; j++)
    for (let mb = 0; 2 * mb <= j; mb++)
      for (let ma = 0; ma <= j; ma++) {
        const factor = Math.sqrt(binomial(j, mb) / binomial(j, ma));
        elements.push({ j, mb, ma, factor, weight: halfWeight(j, mb, ma) });
      }
  return elements;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

/**
 * One workgroup per atom, everything in its memory: its threads expand the neighbors and sum them in fixed point (so that
 * the order does not matter), contract the density to Y = dE/dU, element by element, and pull Y back to each neighbor
 * by the four sums of snap.as.ts. Layers are without their binomial factors c until they are summed.
 */
export function snapTwin(model: SnapModel, species: readonly number[]): WebGpuTwin {
  const { parameters, components, couplings } = model;
  const { twojmax, rcutfac, rfac0, rmin0, quadraticflag, switchflag, switchinnerflag } = parameters;
  if (parameters.chemflag && parameters.channels > 1)
    throw new InputError({ what: "engine webgpu", value: "snap with chemflag", attempt: "engine wasm" });
  const elements = elementIndices(parameters, species, "snap");
  const half = halfElements(twojmax);
  const full = layerStart(twojmax + 1);
  const byLayer = Array.from({ length: twojmax + 1 }, (_, j) => couplings.filter((coupling) => coupling.j === j));
  const sections = new Sections();
  const cg = new Map<string, number>();
  const cgValues: number[] = [];
  for (const { j1, j2, j } of couplings) {
    const key = `${j1},${j2},${j}`;
    if (cg.has(key)) continue;
    cg.set(key, cgValues.length);
    for (const value of clebschGordan(j1, j2, j)) cgValues.push(value);
  }
  const startOf = ({ j1, j2, j }: { j1: number; j2: number; j: number }): number => cg.get(`${j1},${j2},${j}`)!;
  sections.add(
    "ELEMENTS",
    elements.flatMap((index) => {
      const { radius, weight, sinner, dinner } = parameters.elements[index]!;
      return [radius, weight, sinner, dinner];
    }),
  );
  sections.add(
    "HALF",
    half.flatMap(({ j, mb, ma, factor, weight }) => [1024 * j + 32 * mb + ma, factor, weight]),
  );
  sections.add(
    "LAYERS",
    byLayer.flatMap((list) => [couplings.indexOf(list[0]!), list.length]),
  );
  sections.add(
    "COUPLINGS",
    couplings.flatMap((coupling) => [coupling.j1, coupling.j2, startOf(coupling)]),
  );
  sections.add("CG", cgValues);
  // The costliest first, so that threads side by side have alike work.
  const order = half.flatMap(({ weight }, k) => (weight === 0 ? [] : [k]));
  const costs = half.map((element) => costOf(element, byLayer[element.j]!));
  sections.add(
    "ORDER",
    order.sort((a, b) => costs[b]! - costs[a]! || a - b),
  );
  sections.add(
    "CONSTANTS",
    elements.map((element) => constantOf(model, element)),
  );
  if (quadraticflag) {
    const row = elements.flatMap((element) => squareRows(model, element));
    sections.add("SQUARES", row);
    sections.add(
      "ISOLATED",
      components.map((component) => isolatedAtom(component, 0, parameters)),
    );
    sections.add("USES", [0, ...running(couplings.map(({ uses }) => uses.length))]);
    sections.add(
      "USED",
      couplings.flatMap(({ uses }) => uses.flat()),
    );
    const tasks = components.map(({ j }) => halfStart(j + 1) - halfStart(j));
    sections.add(
      "COMPONENTS",
      components.flatMap((component, k) => {
        const { j1, j2, j } = component;
        const norm = parameters.bnormflag ? 1 / (j + 1) : 1;
        return [j1, j2, startOf(component), halfStart(j), tasks.slice(0, k).reduce((a, b) => a + b, 0), norm];
      }),
    );
    sections.add(
      "TASKS",
      tasks.flatMap((length, k) => new Array<number>(length).fill(k)),
    );
  } else
    sections.add(
      "TERMS",
      elements.flatMap((element) => linearTerms(model, element)),
    );
  const tasks = quadraticflag ? sections.numbers.length - sections.names.get("TASKS")! : 1;
  const values = quadraticflag ? components.length : 1;
  const bytes =
    20 * NEAR + 8 * half.length * 2 + 8 * full + 4 * couplings.length + 4 * tasks + 8 * values + 32 * THREADS + 64;
  if (bytes > WORKGROUP_BYTES)
    throw new InputError({
      what: "engine webgpu",
      value: `snap with twojmax ${twojmax}${quadraticflag ? ", quadraticflag" : ""}`,
      expected: "what fits into the memory of a workgroup",
      attempt: "engine wasm",
    });
  const heaviest = Math.max(...elements.map((index) => Math.abs(parameters.elements[index]!.weight)));
  const shared = { rcutfac, rfac0, rmin0, twojmax, heaviest, switchflag, switchinnerflag };
  return {
    tables: Float32Array.from(sections.numbers),
    result: "gradients",
    passes: [
      {
        name: "snap",
        threads: 1,
        bindings: gradientBindings.map((binding) =>
          binding.name === "tables" ? { ...binding, type: "array<f32>" } : binding,
        ),
        code: [
          gradientCode,
          elementaryCode,
          sections.constants(),
          `const HALF_COUNT = ${half.length}u;`,
          `const FULL_COUNT = ${full}u;`,
          `const COUPLING_COUNT = ${couplings.length}u;`,
          `const COMPONENT_COUNT = ${values}u;`,
          `const TASK_COUNT = ${tasks}u;`,
          `const ORDER_COUNT = ${order.length}u;`,
          expansionCode(shared),
          contractionCode,
          quadraticflag ? quadraticCode : linearCode,
          mainCode,
        ].join("\n"),
      },
    ],
  };
}

/** Products that an element of Y is the sum of. */
function costOf(
  { j, mb, ma }: { readonly j: number; readonly mb: number; readonly ma: number },
  list: readonly Coupling[],
) {
  return list.reduce((sum, { j1, j2 }) => {
    const lost = (j1 + j2 - j) / 2;
    const terms = (m: number): number => Math.min(j1, m + lost) - Math.max(0, m + lost - j2) + 1;
    return sum + terms(mb) * terms(ma);
  }, 0);
}

const running = (lengths: readonly number[]): number[] => {
  let sum = 0;
  return lengths.map((length) => {
    sum += length;
    return sum;
  });
};
