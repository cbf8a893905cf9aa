/** One element of the product of two layers, coupled by Clebsch-Gordan coefficients in both indices. */
export const contractionCode = `
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
