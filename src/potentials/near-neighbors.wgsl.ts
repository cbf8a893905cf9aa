/**
 * For laws of neighbors around a center: a short list in private memory. \`NEAR\` neighbors fit; the engine is told of
 * more.
 */
export const nearCode = `
const NEAR = 32u;
/** Unit vectors and distances, A. */
var<private> near: array<vec4f, NEAR>;
/** x entry of the list, counted from 0; y type. */
var<private> nearName: array<vec2u, NEAR>;
var<private> gradient: array<vec3f, NEAR>;

/** Gathers the neighbors closer than the square root of \`limit2\`; the gradients of all others are zero. */
fn gatherNear(i: u32, limit2: f32) -> u32 {
  let place = atoms[i].xyz;
  var found = 0u;
  let count = list[i];
  for (var k = 0u; k < count; k++) {
    let entry = list[(k + 1u) * frame.stride + i];
    let r = separation(place, entry);
    let r2 = dot(r, r);
    if (r2 >= limit2) {
      if (FIRST_GRADIENT) { depositGradient(i, k, vec3f(0)); }
      continue;
    }
    if (found < NEAR) {
      let distance = sqrt(r2);
      near[found] = vec4f(r / distance, distance);
      nearName[found] = vec2u(k, u32(atoms[atomOf(entry)].w));
      gradient[found] = vec3f(0);
    }
    found++;
  }
  if (found > NEAR) { atomicOr(&control[at(C_HALT)], HALT_SHORT_LIST_FULL); }
  return min(found, NEAR);
}

/** Hands in the gradients, the energy of the center, and the virial that follows. */
fn depositNear(i: u32, count: u32, energy: f32) {
  var diagonal = vec3f(0);
  var rest = vec3f(0);
  for (var k = 0u; k < count; k++) {
    let g = gradient[k];
    let r = near[k].w * near[k].xyz;
    diagonal += r * g;
    rest += r.yxx * g.zzy;
    depositGradient(i, nearName[k].x, g);
  }
  deposit(i, vec3f(0), energy, -diagonal, -rest);
}
`;
