import { halfWeight, isolatedAtom } from "../descriptors/bispectrum-components.js";
import { elementIndices, largestCutoff } from "../descriptors/bispectrum-spec.js";
import { layerStart } from "../descriptors/neighbor-expansion.js";
import { InputError } from "../errors.js";
import { clebschGordan } from "../math/clebsch-gordan.js";
import { elementaryCode } from "../math/elementary.wgsl.js";
import type { SnapModel } from "./snap.js";
import { constantOf, linearTerms, squareRows } from "./snap-planner.js";
import type { WebGpuTwin } from "./term.js";
import { gradientBindings, gradientCode } from "./webgpu-law.wgsl.js";

/** Threads of the workgroup that does one atom, and neighbors that fit into its memory. */
const THREADS = 32;
const NEAR = 128;
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
          `const LIMIT2 = ${largestCutoff(parameters) ** 2};`,
          expansionCode(shared),
          contractionCode,
          quadraticflag ? quadraticCode : linearCode,
          mainCode,
        ].join("\n"),
      },
    ],
  };
}

const running = (lengths: readonly number[]): number[] => {
  let sum = 0;
  return lengths.map((length) => {
    sum += length;
    return sum;
  });
};

/** Numbers of the expansion of one neighbor, and the row-by-row recursion of its layers. */
const expansionCode = ({
  rcutfac,
  rfac0,
  rmin0,
  twojmax,
  heaviest,
  switchflag,
  switchinnerflag,
}: {
  readonly rcutfac: number;
  readonly rfac0: number;
  readonly rmin0: number;
  readonly twojmax: number;
  readonly heaviest: number;
  readonly switchflag: boolean;
  readonly switchinnerflag: boolean;
}): string => `
const JMAX = ${twojmax}u;
const THREADS = ${THREADS}u;
const NEAR = ${NEAR}u;
/** xyz vector, w type; entry of the list. */
var<workgroup> near: array<vec4f, NEAR>;
var<workgroup> nearEntry: array<u32, NEAR>;
var<workgroup> sums: array<atomic<i32>, 2u * HALF_COUNT>;
var<workgroup> density: array<vec2f, FULL_COUNT>;
/** w c Y. */
var<workgroup> seeds: array<vec2f, HALF_COUNT>;
var<workgroup> factors: array<f32, COUPLING_COUNT>;
/** Energy and virial of each thread. */
var<workgroup> partial: array<vec4f, ${2 * THREADS}>;
var<workgroup> insideOf: array<u32, THREADS>;
var<workgroup> shape: vec3u;

fn layerStart(j: u32) -> u32 { return j * (j + 1u) * (2u * j + 1u) / 6u; }
fn times(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
/** conj(a) b. */
fn conjugateTimes(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.x * b.y - a.y * b.x); }

struct Neighbor {
  /** Point on the 3-sphere. */
  a: vec2f, b: vec2f,
  /** Weighted switching and its slope. */
  fade: f32, slope: f32,
  /** sin(theta0) / r, slopes of it and of cos(theta0); r. */
  s: f32, slopeSine: f32, slopeCosine: f32, r: f32,
}
fn pairLimit(own: u32, other: u32) -> f32 {
  return ${rcutfac} * (tables[ELEMENTS + 4u * own] + tables[ELEMENTS + 4u * other]);
}
fn expand(own: u32, d: vec4f) -> Neighbor {
  var n: Neighbor;
  let other = u32(d.w);
  let r = length(d.xyz);
  let reach = pairLimit(own, other) - ${rmin0};
  let x = r - ${rmin0};
  let scale = ${rfac0} * 3.14159265359 / reach;
  let turn = sign(x) * circular(scale * x) + select(vec2f(0), vec2f(1, 0), x == 0);
  n.r = r;
  n.s = turn.y / r;
  n.slopeCosine = -scale * turn.y;
  n.slopeSine = (scale * turn.x - n.s) / r;
  n.a = vec2f(turn.x, -n.s * d.z);
  n.b = vec2f(n.s * d.y, -n.s * d.x);
  var fade = vec2f(1, 0);
  ${
    switchflag
      ? `if (x > 0) {
    // (1 + cos) / 2 as the square of the cosine of half the angle, exact to the end.
    let angle = circular(1.57079632679 * x / reach);
    fade = vec2f(angle.x * angle.x, -3.14159265359 / reach * angle.x * angle.y);
  }`
      : ""
  }
  ${
    switchinnerflag
      ? `let middle = 0.5 * (tables[ELEMENTS + 4u * own + 2u] + tables[ELEMENTS + 4u * other + 2u]);
  let width = 0.5 * (tables[ELEMENTS + 4u * own + 3u] + tables[ELEMENTS + 4u * other + 3u]);
  if (r <= middle - width) { fade = vec2f(0); }
  else if (r < middle + width) {
    let angle = circular(0.785398163397 * (r - middle + width) / width);
    let inner = vec2f(angle.y * angle.y, 1.57079632679 * angle.x * angle.y / width);
    fade = vec2f(fade.x * inner.x, fade.y * inner.x + fade.x * inner.y);
  }`
      : ""
  }
  let weight = tables[ELEMENTS + 4u * other + 1u];
  n.fade = weight * fade.x;
  n.slope = weight * fade.y;
  return n;
}

/** A row mb of a layer, and the row that the next mb starts from. */
var<private> row: array<vec2f, JMAX + 2u>;
var<private> nextRow: array<vec2f, JMAX + 2u>;

/** Takes \`row\` from layer j - 1 to layer j. */
fn advanceRow(j: u32, a: vec2f, b: vec2f) {
  row[j] = -conjugateTimes(b, row[j - 1u]);
  for (var m = j - 1u; m > 0u; m--) { row[m] = conjugateTimes(a, row[m]) - conjugateTimes(b, row[m - 1u]); }
  row[0] = conjugateTimes(a, row[0]);
}
/** Keeps row mb + 1 of the odd layer j = 2 mb + 1, the mirror image of row mb. */
fn keepMirror(j: u32, mb: u32) {
  for (var m = 0u; m <= j; m++) {
    let image = vec2f(row[m].x, -row[m].y);
    nextRow[j - m] = select(image, -image, ((m + mb) & 1u) != 0u);
  }
}
fn takeMirror(j: u32) { for (var m = 0u; m <= j; m++) { row[m] = nextRow[m]; } }

/** Of the fixed-point sums: the smallest power of two that keeps them inside 31 bits however neighbors add up. */
fn quantumFor(count: u32) -> f32 {
  let bits = 32u - countLeadingZeros(u32(f32(count) * ${heaviest}) + 2u);
  return bitcast<f32>((bits + 97u) << 23u);
}

fn addNeighbor(n: Neighbor, perUnit: f32) {
  row[0] = vec2f(n.fade, 0);
  for (var mb = 0u; 2u * mb <= JMAX; mb++) {
    if (mb > 0u) {
      takeMirror(2u * mb - 1u);
      advanceRow(2u * mb, n.a, n.b);
    }
    var start = halfStart(2u * mb);
    for (var j = 2u * mb; j <= JMAX; j++) {
      if (j > 2u * mb) { advanceRow(j, n.a, n.b); }
      if (j == 2u * mb + 1u) { keepMirror(j, mb); }
      let first = start + mb * (j + 1u);
      for (var m = 0u; m <= j; m++) {
        let value = row[m] * (tables[HALF + 3u * (first + m) + 1u] * perUnit);
        atomicAdd(&sums[2u * (first + m)], i32(round(value.x)));
        atomicAdd(&sums[2u * (first + m) + 1u], i32(round(value.y)));
      }
      start += (j / 2u + 1u) * (j + 1u);
    }
  }
}
fn halfStart(j: u32) -> u32 {
  var start = 0u;
  for (var layer = 0u; layer < j; layer++) { start += (layer / 2u + 1u) * (layer + 1u); }
  return start;
}

/** dE/d(vector to the neighbor). */
fn pullBack(n: Neighbor, d: vec3f) -> vec3f {
  // F, Z, P and Q of a neighbor that counts in full.
  var total = vec4f(0);
  row[0] = vec2f(1, 0);
  for (var mb = 0u; 2u * mb <= JMAX; mb++) {
    if (mb > 0u) {
      takeMirror(2u * mb - 1u);
      advanceRow(2u * mb, n.a, n.b);
    }
    var start = halfStart(2u * mb);
    for (var j = 2u * mb; j <= JMAX; j++) {
      if (j > 2u * mb) { advanceRow(j, n.a, n.b); }
      if (j == 2u * mb + 1u) { keepMirror(j, mb); }
      let first = start + mb * (j + 1u);
      var before = vec2f(0);
      var here = seeds[first];
      for (var m = 0u; m <= j; m++) {
        var after = vec2f(0);
        if (m < j) { after = seeds[first + m + 1u]; }
        let v = row[m];
        let up = f32(j - m) * after;
        let down = f32(m) * before;
        let own = conjugateTimes(here, v);
        total += vec4f(
          own.x,
          -(f32(j) - 2.0 * f32(m)) * own.y,
          conjugateTimes(up - down, v).x,
          conjugateTimes(up + down, v).y);
        before = here;
        here = after;
      }
      start += (j / 2u + 1u) * (j + 1u);
    }
  }
  let z = n.fade * total.y;
  let p = n.fade * total.z;
  let q = n.fade * total.w;
  let ga = vec2f(n.a.y * z + n.b.x * p + n.b.y * q, n.b.y * p - n.a.x * z - n.b.x * q);
  let gb = vec2f(n.a.y * q - n.b.y * z - n.a.x * p, n.b.x * z - n.a.y * p - n.a.x * q);
  let twist = d.y * gb.x - d.z * ga.y - d.x * gb.y;
  let radial = (ga.x * n.slopeCosine + total.x * n.slope + n.slopeSine * twist) / n.r;
  return radial * d + n.s * vec3f(-gb.y, gb.x, -ga.y);
}
`;

/** One element of the product of two layers, coupled by Clebsch-Gordan coefficients in both indices. */
const contractionCode = `
fn coupled(j1: u32, j2: u32, cg: u32, j: u32, mb: u32, ma: u32) -> vec2f {
  let lost = (j1 + j2 - j) / 2u;
  let width = j2 + 1u;
  let mbSum = mb + lost;
  let maSum = ma + lost;
  let maFirst = select(0u, maSum - j2, maSum > j2);
  let maLast = min(j1, maSum);
  let start1 = layerStart(j1);
  let start2 = layerStart(j2);
  var sum = vec2f(0);
  for (var mb1 = select(0u, mbSum - j2, mbSum > j2); mb1 <= min(j1, mbSum); mb1++) {
    let row1 = start1 + mb1 * (j1 + 1u);
    let row2 = start2 + (mbSum - mb1) * width + maSum;
    let factors1 = CG + cg + maSum;
    var inner = vec2f(0);
    for (var ma1 = maFirst; ma1 <= maLast; ma1++) {
      inner += tables[factors1 + ma1 * j2] * times(density[row1 + ma1], density[row2 - ma1]);
    }
    sum += tables[CG + cg + mb1 * width + mbSum - mb1] * inner;
  }
  return sum;
}
/** j, mb and ma of an element of the half layers. */
fn halfElement(k: u32) -> vec3u {
  let code = u32(tables[HALF + 3u * k]);
  return vec3u(code >> 10u, (code >> 5u) & 31u, code & 31u);
}
`;

const linearCode = `
/** Coefficients of the couplings; the energy that is not in Y. */
fn prepare(kind: u32, thread: u32) -> f32 {
  for (var k = thread; k < COUPLING_COUNT; k += THREADS) { factors[k] = tables[TERMS + kind * COUPLING_COUNT + k]; }
  return 0.0;
}
/** The energy of element k of Y: it is cubic in the density. */
fn energyOf(y: vec2f, u: vec2f, weight: f32) -> f32 { return weight * dot(y, u) / 3.0; }
`;

const quadraticCode = `
var<workgroup> parts: array<f32, TASK_COUNT>;
var<workgroup> values: array<f32, COMPONENT_COUNT>;
var<workgroup> slopes: array<f32, COMPONENT_COUNT>;
/** Coefficients of the couplings from dE/dB = beta + alpha B; this thread's share of the energy. */
fn prepare(kind: u32, thread: u32) -> f32 {
  for (var t = thread; t < TASK_COUNT; t += THREADS) {
    let component = COMPONENTS + 6u * u32(tables[TASKS + t]);
    let k = u32(tables[component + 3u]) + t - u32(tables[component + 4u]);
    let at = halfElement(k);
    let weight = tables[HALF + 3u * k + 2u];
    parts[t] = 0;
    if (weight == 0) { continue; }
    let z = coupled(u32(tables[component]), u32(tables[component + 1u]), u32(tables[component + 2u]), at.x, at.y, at.z);
    parts[t] = weight * dot(z, density[layerStart(at.x) + at.y * (at.x + 1u) + at.z]);
  }
  workgroupBarrier();
  for (var k = thread; k < COMPONENT_COUNT; k += THREADS) {
    let component = COMPONENTS + 6u * k;
    let first = u32(tables[component + 4u]);
    var end = TASK_COUNT;
    if (k + 1u < COMPONENT_COUNT) { end = u32(tables[component + 10u]); }
    var sum = 0.0;
    for (var t = first; t < end; t++) { sum += parts[t]; }
    values[k] = tables[component + 5u] * sum - tables[ISOLATED + k];
  }
  workgroupBarrier();
  let numbers = SQUARES + kind * COMPONENT_COUNT * (COMPONENT_COUNT + 1u);
  var energy = 0.0;
  for (var k = thread; k < COMPONENT_COUNT; k += THREADS) {
    var sum = 0.0;
    for (var l = 0u; l < COMPONENT_COUNT; l++) { sum += tables[numbers + (k + 1u) * COMPONENT_COUNT + l] * values[l]; }
    let beta = tables[numbers + k];
    slopes[k] = beta + sum;
    energy += (beta + 0.5 * sum) * values[k];
  }
  workgroupBarrier();
  for (var k = thread; k < COUPLING_COUNT; k += THREADS) {
    var sum = 0.0;
    for (var link = u32(tables[USES + k]); link < u32(tables[USES + k + 1u]); link++) {
      sum += tables[USED + 2u * link + 1u] * slopes[u32(tables[USED + 2u * link])];
    }
    factors[k] = sum;
  }
  return energy;
}
fn energyOf(y: vec2f, u: vec2f, weight: f32) -> f32 { return 0.0; }
`;

const mainCode = `
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = group.x + group.y * groups.x;
  if (thread == 0u) {
    shape = vec3u(0);
    if (i < frame.count && forcesDue()) { shape = vec3u(1u, list[i], u32(atoms[i].w)); }
  }
  let job = workgroupUniformLoad(&shape);
  if (job.x == 0u) { return; }
  let kind = job.z;

  // The neighbors inside their cutoffs, in the order of the list.
  let place = atoms[i].xyz;
  var count = 0u;
  for (var first = 0u; first < job.y; first += THREADS) {
    let k = first + thread;
    var d = vec4f(0);
    var inside = 0u;
    if (k < job.y) {
      let entry = list[(k + 1u) * frame.stride + i];
      d = vec4f(separation(place, entry), f32(atoms[atomOf(entry)].w));
      let limit = pairLimit(kind, u32(d.w));
      inside = select(0u, 1u, dot(d.xyz, d.xyz) < limit * limit);
      if (inside == 0u && FIRST_GRADIENT) { depositGradient(i, k, vec3f(0)); }
    }
    insideOf[thread] = inside;
    workgroupBarrier();
    var before = 0u;
    var all = 0u;
    for (var t = 0u; t < THREADS; t++) {
      let flag = insideOf[t];
      all += flag;
      if (t < thread) { before += flag; }
    }
    workgroupBarrier();
    if (inside == 1u && count + before < NEAR) {
      near[count + before] = d;
      nearEntry[count + before] = k;
    }
    count += all;
  }
  if (count > NEAR && thread == 0u) { atomicOr(&control[C_HALT], HALT_SHORT_LIST_FULL); }
  count = min(count, NEAR);
  workgroupBarrier();

  let quantum = quantumFor(count);
  for (var n = thread; n < count; n += THREADS) { addNeighbor(expand(kind, near[n]), 1.0 / quantum); }
  workgroupBarrier();
  for (var k = thread; k < HALF_COUNT; k += THREADS) {
    let at = halfElement(k);
    var value = quantum * vec2f(f32(atomicLoad(&sums[2u * k])), f32(atomicLoad(&sums[2u * k + 1u])));
    if (at.y == at.z) { value.x += 1.0; }
    let start = layerStart(at.x);
    density[start + at.y * (at.x + 1u) + at.z] = value;
    if (2u * at.y < at.x) {
      let image = vec2f(value.x, -value.y);
      density[start + (at.x - at.y) * (at.x + 1u) + at.x - at.z] = select(image, -image, ((at.y + at.z) & 1u) != 0u);
    }
  }
  workgroupBarrier();

  var energy = prepare(kind, thread);
  workgroupBarrier();
  for (var k = thread; k < HALF_COUNT; k += THREADS) {
    let at = halfElement(k);
    let weight = tables[HALF + 3u * k + 2u];
    var y = vec2f(0);
    if (weight != 0) {
      let first = u32(tables[LAYERS + 2u * at.x]);
      let end = first + u32(tables[LAYERS + 2u * at.x + 1u]);
      for (var c = first; c < end; c++) {
        let coupling = COUPLINGS + 3u * c;
        y += factors[c] * coupled(u32(tables[coupling]), u32(tables[coupling + 1u]), u32(tables[coupling + 2u]), at.x, at.y, at.z);
      }
    }
    energy += energyOf(y, density[layerStart(at.x) + at.y * (at.x + 1u) + at.z], weight);
    seeds[k] = weight * tables[HALF + 3u * k + 1u] * y;
  }
  workgroupBarrier();

  var diagonal = vec3f(0);
  var rest = vec3f(0);
  for (var n = thread; n < count; n += THREADS) {
    let d = near[n];
    let g = pullBack(expand(kind, d), d.xyz);
    depositGradient(i, nearEntry[n], g);
    diagonal += d.xyz * g;
    rest += d.yxx * g.zzy;
  }
  partial[thread] = vec4f(diagonal, energy);
  partial[THREADS + thread] = vec4f(rest, 0);
  workgroupBarrier();
  if (thread == 0u) {
    var sum = vec4f(0, 0, 0, tables[CONSTANTS + kind]);
    var other = vec4f(0);
    for (var t = 0u; t < THREADS; t++) {
      sum += partial[t];
      other += partial[THREADS + t];
    }
    deposit(i, vec3f(0), sum.w, -sum.xyz, -other.xyz);
  }
}
`;
