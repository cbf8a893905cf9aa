/** Threads of the workgroup that does one atom, and neighbors that fit into its memory. */
export const THREADS = 32;
export const NEAR = 128;

/** Numbers of the expansion of one neighbor, and the row-by-row recursion of its layers. */
export const expansionCode = ({
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
