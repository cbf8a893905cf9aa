/** Energy and dE/dB of SNAP from the density of an atom, and the kernel that does an atom. */
export const linearCode = `
/** Coefficients of the couplings; the energy that is not in Y. */
fn prepare(kind: u32, thread: u32) -> f32 {
  for (var k = thread; k < COUPLING_COUNT; k += THREADS) { factors[k] = tables[TERMS + kind * COUPLING_COUNT + k]; }
  return 0.0;
}
/** The energy of element k of Y: it is cubic in the density. */
fn energyOf(y: vec2f, u: vec2f, weight: f32) -> f32 { return weight * dot(y, u) / 3.0; }
`;

export const quadraticCode = `
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

export const mainCode = `
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  enter(group.z);
  let local = group.x + group.y * groups.x;
  let i = firstAtom() + local;
  if (thread == 0u) {
    shape = vec3u(0);
    if (local < frame.count && forcesDue()) { shape = vec3u(1u, list[i], u32(atoms[i].w)); }
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
  if (count > NEAR && thread == 0u) { atomicOr(&control[at(C_HALT)], HALT_SHORT_LIST_FULL); }
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
  for (var t = thread; t < ORDER_COUNT; t += THREADS) {
    let k = u32(tables[ORDER + t]);
    let at = halfElement(k);
    var y = vec2f(0);
    let first = u32(tables[LAYERS + 2u * at.x]);
    let end = first + u32(tables[LAYERS + 2u * at.x + 1u]);
    for (var c = first; c < end; c++) {
      let coupling = COUPLINGS + 3u * c;
      y += factors[c] * coupled(u32(tables[coupling]), u32(tables[coupling + 1u]), u32(tables[coupling + 2u]), at.x, at.y, at.z);
    }
    let weight = tables[HALF + 3u * k + 2u];
    energy += energyOf(y, density[layerStart(at.x) + at.y * (at.x + 1u) + at.z], weight);
    // Elements without weight keep the zero that workgroup memory begins with.
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
