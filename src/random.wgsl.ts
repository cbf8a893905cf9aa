import { RandomSite } from "./random.js";

/**
 * Philox4x32-10 and the normal deviates of src/random.ts to the precision of f32, as a function of (seed, use-site, step,
 * index). Needs `elementaryCode`.
 */
export const randomCode = `
const SITE_LANGEVIN = ${RandomSite.langevin}u;
const SITE_VELOCITY_RESCALING = ${RandomSite.velocityRescaling}u;
const SITE_BAROSTAT = ${RandomSite.barostat}u;
const SITE_GAMMA_DEVIATE = ${RandomSite.gammaDeviate}u;
fn mulHigh(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  return a1 * b1 + (middle >> 16u) + ((a0 * b1 + (middle & 0xffffu)) >> 16u);
}
fn philox(index: u32, step: u32, site: u32, seed: vec2u) -> vec4u {
  var c = vec4u(index, 0u, step, site);
  var k = seed;
  for (var round = 0u; round < 10u; round++) {
    let h0 = mulHigh(0xd2511f53u, c.x);
    let h1 = mulHigh(0xcd9e8d57u, c.z);
    c = vec4u(h1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, h0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
/** Uniform in (0, 1] of the high word of two. */
fn toUniform(high: u32) -> f32 { return (f32(high) + 0.5) * 2.3283064365386963e-10; }
/** Normal deviates 2 index and 2 index + 1 of a stream. */
fn normalPair(index: u32, step: u32, site: u32, seed: vec2u) -> vec2f {
  let words = philox(index, step, site, seed);
  let radius = sqrt(max(0.0, -2.0 * logarithm(toUniform(words.x))));
  let turn = toUniform(words.z);
  // Whole quarters are taken off the turn itself, where that is exact.
  let quarter = round(4.0 * turn);
  let rest = circular((turn - 0.25 * quarter) * 6.28318530718);
  let odd = select(rest, vec2f(-rest.y, rest.x), (u32(quarter) & 1u) != 0u);
  return radius * select(odd, -odd, (u32(quarter) & 2u) != 0u);
}
/** Normal deviates 3 index .. 3 index + 2 of a stream. */
fn normalTriple(index: u32, step: u32, site: u32, seed: vec2u) -> vec3f {
  let first = (3u * index) >> 1u;
  let a = normalPair(first, step, site, seed);
  let b = normalPair(first + 1u, step, site, seed);
  return select(vec3f(a, b.x), vec3f(a.y, b), (index & 1u) != 0u);
}
`;
