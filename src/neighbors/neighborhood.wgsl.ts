import { controlBinding, controlCode, DEFORMATION_WORDS } from "../engine/webgpu/control.js";
import type { Binding, KernelSource } from "../engine/webgpu/kernel-source.js";

/**
 * Places are whole numbers: fractional coordinates in units of 2^-bits of the cell. Differences and displacements are
 * exact, near or far, and a vector has the relative error of f32 and no more. Atoms are wrapped into the cell only when a list
 * is built; a neighbor is an atom and the cell vectors it is shifted by, in one word.
 */
const frameBinding: Binding = { name: "frames", type: "array<Frame, REPLICAS>", access: "uniform" };
/** The same for the kernel that moves the cell. */
export const movingFrameBinding: Binding = { name: "frames", type: "array<Frame>", access: "read_write" };

/** Twin of `frameWords` in webgpu-frame.ts. */
const frameCode = `
struct Frame {
  /** Cell vectors over 2^bits, A; w: x, y and z of the corner where places are 0. */
  a: vec4f, b: vec4f, c: vec4f,
  /** place = x p + y q + z r. */
  p: vec4f, q: vec4f, r: vec4f,
  bits: vec4u,
  /** Number of bins along each direction; w: of all. */
  bins: vec4i,
  /** Bins to look at on either side; w: bits of the periodic directions. */
  span: vec4i,
  /** Largest shift. */
  most: vec4i,
  /** Where the shifts are in the word of a neighbor, and masks of their widths; w: mask of the atom. */
  offsets: vec4u, masks: vec4u,
  /** Bins per unit of place; w: square of cutoff + skin. */
  binScale: vec4f,
  /** Atoms of a replica; length of a row of the list, for all of them; room for neighbors; room for bins and one more. */
  count: u32, stride: u32, capacity: u32, binRoom: u32,
  /** cutoff, cutoff + skin, skin; A. */
  cutoff: f32, reach: f32, skin: f32, pad: f32,
}
/** That of this replica: a copy, since a look-up by a number that each thread has for itself may be slow. */
var<private> frame: Frame;
fn enter(index: u32) {
  enterReplica(index);
  frame = frames[replica];
}
fn toVector(place: vec3i) -> vec3f {
  let f = vec3f(place);
  return f.x * frame.a.xyz + f.y * frame.b.xyz + f.z * frame.c.xyz;
}
fn toPosition(f: vec3f) -> vec3f {
  let box = frame;
  return vec3f(box.a.w, box.b.w, box.c.w) + f.x * box.a.xyz + f.y * box.b.xyz + f.z * box.c.xyz;
}
fn toPlace(vector: vec3f) -> vec3f {
  return vector.x * frame.p.xyz + vector.y * frame.q.xyz + vector.z * frame.r.xyz;
}
/** The first atom of the replica: atoms of all replicas stand in one row, those of a list entry are counted from here. */
fn firstAtom() -> u32 { return replica * frame.count; }
fn atomOf(entry: u32) -> u32 { return firstAtom() + (entry & frame.masks.w); }
fn shiftOf(entry: u32) -> vec3i {
  return vec3i((vec3u(entry) >> frame.offsets.xyz) & frame.masks.xyz) - frame.most.xyz;
}
fn entryOf(atom: u32, shift: vec3i) -> u32 {
  let s = vec3u(shift + frame.most.xyz) << frame.offsets.xyz;
  return (atom - firstAtom()) | s.x | s.y | s.z;
}
`;

/** The vector from an atom at \`place\` to the neighbor that an entry of the list names. */
const separationCode = `
fn separation(place: vec3i, entry: u32) -> vec3f {
  return toVector(atoms[atomOf(entry)].xyz - place + (shiftOf(entry) << frame.bits.xyz));
}
`;

/** [N] x, y, z places, w type; of all replicas. */
export const atomsBinding = (access: "read" | "read_write" = "read"): Binding => ({
  name: "atoms",
  type: "array<vec4i>",
  access,
});
/** Row 0: number of neighbors; row 1 + k: neighbor k; each [stride]. */
export const listBinding = (access: "read" | "read_write" = "read"): Binding => ({
  name: "list",
  type: "array<u32>",
  access,
});

export const baseBindings: readonly Binding[] = [frameBinding, controlBinding];
export const baseCode = frameCode + controlCode;
/** What a kernel sees that looks at neighbors. */
export const neighborBindings: readonly Binding[] = [...baseBindings, atomsBinding(), listBinding()];
export const neighborCode = baseCode + separationCode;

/** Head of a kernel with one thread per atom: `i` is its place among those of all replicas, `local` among its own. */
export const perAtom = (body: string): string => `
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  enter(group.z);
  let local = (group.x + group.y * groups.x) * 64u + thread;
  let inside = local < frame.count;
  let i = firstAtom() + local;
${body}
}
`;

/** Head of a kernel with one thread per replica. */
export const perReplica = (body: string): string => `
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  enter(group.z);
${body}
}
`;

const bufferOf = (name: string, type: string, access: Binding["access"] = "read_write"): Binding => ({
  name,
  type: `array<${type}>`,
  access,
});

const binCode = `
/** Where a bin's numbers are. */
fn binAt(bin: u32) -> u32 { return replica * frame.binRoom + bin; }
fn binOf(place: vec3i) -> u32 {
  let inside = clamp(vec3i(floor(vec3f(place) * frame.binScale.xyz)), vec3i(0), frame.bins.xyz - 1);
  return u32((inside.x * frame.bins.y + inside.y) * frame.bins.z + inside.z);
}
`;

/** Wraps atoms into the cell and counts them into bins. */
const wrap: KernelSource = {
  name: "wrap",
  threads: 64,
  bindings: [
    ...baseBindings,
    atomsBinding("read_write"),
    bufferOf("images", "vec4i"),
    bufferOf("counts", "atomic<u32>"),
    bufferOf("ranks", "vec2u"),
  ],
  code: `${baseCode}${binCode}${perAtom(`
  if (!inside || !listExpired()) { return; }
  var atom = atoms[i];
  var image = images[i];
  for (var d = 0u; d < 3u; d++) {
    if ((u32(frame.span.w) & (1u << d)) != 0u) {
      image[d] += atom[d] >> frame.bits[d];
      atom[d] &= i32(1u << frame.bits[d]) - 1;
    } else {
      let half = i32(1u << (frame.bits[d] - 1u));
      if (atom[d] < -half || atom[d] > 3 * half) { atomicOr(&control[at(C_HALT)], HALT_OUTGROWN); }
    }
  }
  atoms[i] = atom;
  images[i] = image;
  let bin = binOf(atom.xyz);
  ranks[i] = vec2u(bin, atomicAdd(&counts[binAt(bin)], 1u));`)}`,
};

/** Exclusive sum of the counts to \`starts\`; leaves the counts at zero. One workgroup. */
const scan: KernelSource = {
  name: "scan",
  threads: 256,
  bindings: [...baseBindings, bufferOf("counts", "u32"), bufferOf("starts", "u32")],
  code: `${baseCode}${binCode}
var<workgroup> totals: array<u32, 256>;
var<workgroup> due: u32;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  enter(group.z);
  // Places out of the box still have their bins: what was counted must be taken off.
  if (thread == 0u) { due = select(0u, 1u, word(C_EXPIRED) != 0u && word(C_PHASE) != PHASE_IDLE); }
  if (workgroupUniformLoad(&due) == 0u) { return; }
  let all = u32(frame.bins.w);
  let share = (all + 255u) / 256u;
  let first = min(thread * share, all);
  let end = min(first + share, all);
  var sum = 0u;
  for (var k = first; k < end; k++) { sum += counts[binAt(k)]; }
  totals[thread] = sum;
  for (var reach = 1u; reach < 256u; reach *= 2u) {
    workgroupBarrier();
    var before = 0u;
    if (thread >= reach) { before = totals[thread - reach]; }
    workgroupBarrier();
    totals[thread] += before;
  }
  var start = firstAtom() + totals[thread] - sum;
  for (var k = first; k < end; k++) {
    starts[binAt(k)] = start;
    start += counts[binAt(k)];
    counts[binAt(k)] = 0u;
  }
  if (thread == 255u) { starts[binAt(all)] = start; }
}
`,
};

/** Lists the atoms of each bin. */
const fill: KernelSource = {
  name: "fill",
  threads: 64,
  bindings: [
    ...baseBindings,
    bufferOf("starts", "u32", "read"),
    bufferOf("ranks", "vec2u", "read"),
    bufferOf("order", "u32"),
  ],
  code: `${baseCode}${binCode}${perAtom(`
  if (!inside || !listExpired()) { return; }
  order[starts[binAt(ranks[i].x)] + ranks[i].y] = i;`)}`,
};

/** Sorts the atoms of each bin by the caller's index: the order, and so the rounding of sums, is the same every time. */
const arrange: KernelSource = {
  name: "arrange",
  threads: 64,
  bindings: [
    ...baseBindings,
    bufferOf("starts", "u32", "read"),
    bufferOf("images", "vec4i", "read"),
    bufferOf("order", "u32"),
  ],
  code: `${baseCode}${binCode}${perAtom(`
  if (local >= u32(frame.bins.w) || !listExpired()) { return; }
  let first = starts[binAt(local)];
  let end = starts[binAt(local) + 1u];
  for (var k = first + 1u; k < end; k++) {
    let atom = order[k];
    let name = images[atom].w;
    var m = k;
    while (m > first) {
      if (images[order[m - 1u]].w <= name) { break; }
      order[m] = order[m - 1u];
      m--;
    }
    order[m] = atom;
  }`)}`,
};

const moving = ["atoms", "images", "velocities"] as const;
const typeOf = { atoms: "vec4i", images: "vec4i", velocities: "vec4f" } as const;

/** Copies atoms in the order of the bins. */
const gather: KernelSource = {
  name: "gather",
  threads: 64,
  bindings: [
    ...baseBindings,
    bufferOf("order", "u32", "read"),
    ...moving.map((name) => bufferOf(name, typeOf[name], "read")),
    ...moving.map((name) => bufferOf(`${name}Sorted`, typeOf[name])),
  ],
  code: `${baseCode}${perAtom(`
  if (!inside || !listExpired()) { return; }
  let source = order[i];
  ${moving.map((name) => `${name}Sorted[i] = ${name}[source];`).join("\n  ")}`)}`,
};

/** Puts the sorted atoms in place and keeps where they are now. */
const settle: KernelSource = {
  name: "settle",
  threads: 64,
  bindings: [
    ...baseBindings,
    bufferOf("built", "vec4i"),
    ...moving.map((name) => bufferOf(name, typeOf[name])),
    ...moving.map((name) => bufferOf(`${name}Sorted`, typeOf[name], "read")),
  ],
  code: `${baseCode}${perAtom(`
  if (!inside || !listExpired()) { return; }
  ${moving.map((name) => `${name}[i] = ${name}Sorted[i];`).join("\n  ")}
  built[i] = atomsSorted[i];`)}`,
};

/** The full list: every atom, image by image, within cutoff + skin. */
const search: KernelSource = {
  name: "search",
  threads: 64,
  bindings: [
    ...baseBindings,
    atomsBinding(),
    bufferOf("starts", "u32", "read"),
    bufferOf("images", "vec4i", "read"),
    listBinding("read_write"),
  ],
  code: `${baseCode}${binCode}
/** Bin (x) and shift (y) of a bin number that may lie outside; z is 0 where there is none. */
fn fold(raw: i32, d: u32) -> vec3i {
  let bins = frame.bins[d];
  if ((u32(frame.span.w) & (1u << d)) == 0u) { return vec3i(raw, 0, select(0, 1, raw >= 0 && raw < bins)); }
  let turns = frame.most[d] + 1;
  let shift = (raw + turns * bins) / bins - turns;
  return vec3i(raw - shift * bins, shift, 1);
}
${perAtom(`
  if (!inside || !listExpired()) { return; }
  let place = atoms[i].xyz;
  let home = vec3i(clamp(vec3i(floor(vec3f(place) * frame.binScale.xyz)), vec3i(0), frame.bins.xyz - 1));
  var found = 0u;
  for (var x = -frame.span.x; x <= frame.span.x; x++) {
    let fx = fold(home.x + x, 0u);
    if (fx.z == 0) { continue; }
    for (var y = -frame.span.y; y <= frame.span.y; y++) {
      let fy = fold(home.y + y, 1u);
      if (fy.z == 0) { continue; }
      for (var z = -frame.span.z; z <= frame.span.z; z++) {
        let fz = fold(home.z + z, 2u);
        if (fz.z == 0) { continue; }
        let bin = u32((fx.x * frame.bins.y + fy.x) * frame.bins.z + fz.x);
        let shift = vec3i(fx.y, fy.y, fz.y);
        let offset = (shift << frame.bits.xyz) - place;
        let here = all(shift == vec3i(0));
        for (var j = starts[binAt(bin)]; j < starts[binAt(bin) + 1u]; j++) {
          let r = toVector(atoms[j].xyz + offset);
          let r2 = dot(r, r);
          if (r2 >= frame.binScale.w || (here && j == i)) { continue; }
          // Not every law turns that into a number that is not finite.
          if (r2 == 0) { atomicMin(&control[at(C_FAILED_ATOM)], u32(images[i].w)); }
          if (found < frame.capacity) { list[(found + 1u) * frame.stride + i] = entryOf(j, shift); }
          found++;
        }
      }
    }
  }
  list[i] = min(found, frame.capacity);
  atomicMax(&control[at(C_WANTED)], found);`)}`,
};

/** For each neighbor, where the atom stands in the neighbor's own row: \`reverse\` has the list's rows from 0 on. */
const mirror: KernelSource = {
  name: "mirror",
  threads: 64,
  bindings: [...baseBindings, listBinding(), bufferOf("reverse", "u32")],
  code: `${baseCode}${perAtom(`
  if (!inside || !listExpired() || word(C_WANTED) > frame.capacity) { return; }
  for (var k = 0u; k < list[i]; k++) {
    let entry = list[(k + 1u) * frame.stride + i];
    let j = atomOf(entry);
    let back = entryOf(i, -shiftOf(entry));
    let length = list[j];
    var m = 0u;
    while (m < length && list[(m + 1u) * frame.stride + j] != back) { m++; }
    reverse[k * frame.stride + i] = m * frame.stride + j;
    // Distances are the same from either end to the last bit: that an entry is missing would be an error of ours.
    if (m == length) { atomicOr(&control[at(C_HALT)], HALT_BROKEN); }
  }`)}`,
};

/** One thread: declares the list valid, or says that it did not fit. */
const release: KernelSource = {
  name: "release",
  threads: 1,
  bindings: baseBindings,
  code: `${baseCode}${perReplica(`
  if (!listExpired()) { return; }
  if (word(C_WANTED) > frame.capacity) {
    atomicOr(&control[at(C_HALT)], HALT_LIST_FULL);
    return;
  }
  atomicStore(&control[at(C_WANTED)], 0u);
  atomicStore(&control[at(C_EXPIRED)], 0u);
  atomicAdd(&control[at(C_BUILDS)], 1u);
  // No atom may move half the skin; a part in 10^4 covers the rounding of f32.
  let slack = 0.4999 * frame.skin;
  setReal(C_SLACK, slack * slack);
  for (var k = 0u; k < ${DEFORMATION_WORDS}u; k++) {
    atomicStore(&control[at(C_BUILT_DEFORMATION + k)], word(C_DEFORMATION + k));
  }`)}`,
};

/** Kernels of a list build with what each is launched for, in order. */
export const buildKernels = (mirrored: boolean): readonly (readonly [KernelSource, "atoms" | "bins" | "once"])[] => [
  [wrap, "atoms"],
  [scan, "once"],
  [fill, "atoms"],
  [arrange, "bins"],
  [gather, "atoms"],
  [settle, "atoms"],
  [search, "atoms"],
  ...(mirrored ? ([[mirror, "atoms"]] as const) : []),
  [release, "once"],
];
