/**
 * C += alpha A B^T with a packed 4 x 4 micro kernel of two-lane vectors, after Goto and van de Geijn, "Anatomy of
 * high-performance matrix multiplication", ACM TOMS 34 (2008) 12: a block of B is packed once for the second-level
 * cache, four rows of A at a time for the first.
 */

const DEPTH: i32 = 256;
const BLOCK_ROWS: i32 = 256;

/** Bytes of scratch that gemm and cholesky need: an edge tile, the packed block of B and four packed rows of A. */
export function gemmScratch(): i32 {
  return 512 + ((DEPTH * BLOCK_ROWS + 4 * DEPTH) << 3);
}

/** Copies `rows` strided rows into panels of four, interleaved by depth; the last panel repeats its first row. */
function pack(source: usize, rowStride: i32, depthStride: i32, rows: i32, depth: i32, target: usize): void {
  const step = (<usize>depthStride) << 3;
  const row = (<usize>rowStride) << 3;
  for (let i = 0; i < rows; i += 4) {
    const present = min(4, rows - i);
    let to = target + (<usize>(i * depth) << 3);
    let a = source + <usize>i * row;
    let b = present > 1 ? a + row : a;
    let c = present > 2 ? a + 2 * row : a;
    let d = present > 3 ? a + 3 * row : a;
    for (let k = 0; k < depth; k++, to += 32) {
      store<f64>(to, load<f64>(a));
      store<f64>(to, load<f64>(b), 8);
      store<f64>(to, load<f64>(c), 16);
      store<f64>(to, load<f64>(d), 24);
      a += step;
      b += step;
      c += step;
      d += step;
    }
  }
}

// @ts-ignore: decorator
@inline
function addScaled(to: usize, alpha: v128, value: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.mul(alpha, value)));
}

/** Adds alpha times the product of one packed panel of A and one of B to a tile of C, `rows` x `columns` of it. */
function tile(a: usize, b: usize, depth: i32, c: usize, stride: i32, alpha: f64, rows: i32, columns: i32, edge: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const end = a + (<usize>depth << 5);
  for (; a < end; a += 32, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
  }
  if (rows == 4 && columns == 4) {
    const scale = f64x2.splat(alpha);
    const line = <usize>stride << 3;
    addScaled(c, scale, c00);
    addScaled(c + 16, scale, c01);
    c += line;
    addScaled(c, scale, c10);
    addScaled(c + 16, scale, c11);
    c += line;
    addScaled(c, scale, c20);
    addScaled(c + 16, scale, c21);
    c += line;
    addScaled(c, scale, c30);
    addScaled(c + 16, scale, c31);
    return;
  }
  v128.store(edge, c00);
  v128.store(edge, c01, 16);
  v128.store(edge, c10, 32);
  v128.store(edge, c11, 48);
  v128.store(edge, c20, 64);
  v128.store(edge, c21, 80);
  v128.store(edge, c30, 96);
  v128.store(edge, c31, 112);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const to = c + (<usize>(i * stride + j) << 3);
      store<f64>(to, load<f64>(to) + alpha * load<f64>(edge + (<usize>(i * 4 + j) << 3)));
    }
}

/**
 * C[i][j] += alpha sum_k A[i][k] B[j][k] for i < rows, j < columns, k < depth. A and B have a stride in elements for
 * each index, so that either may be transposed; C is row major. With `lower`, only tiles that touch j <= i.
 */
export function gemm(
  a: usize, aRow: i32, aDepth: i32,
  b: usize, bRow: i32, bDepth: i32,
  c: usize, stride: i32,
  rows: i32, columns: i32, depth: i32,
  alpha: f64, lower: bool, scratch: usize,
): void {
  const packedB = scratch + 512;
  const packedA = packedB + (<usize>(DEPTH * BLOCK_ROWS) << 3);
  for (let k0 = 0; k0 < depth; k0 += DEPTH) {
    const kc = min(DEPTH, depth - k0);
    for (let j0 = 0; j0 < columns; j0 += BLOCK_ROWS) {
      const nc = min(BLOCK_ROWS, columns - j0);
      pack(b + (<usize>(j0 * bRow + k0 * bDepth) << 3), bRow, bDepth, nc, kc, packedB);
      for (let i = lower ? j0 : 0; i < rows; i += 4) {
        const mr = min(4, rows - i);
        pack(a + (<usize>(i * aRow + k0 * aDepth) << 3), aRow, aDepth, mr, kc, packedA);
        const last = lower ? min(nc, i + 4 - j0) : nc;
        for (let j = 0; j < last; j += 4)
          tile(packedA, packedB + (<usize>(j * kc) << 3), kc, c + (<usize>(i * stride + j0 + j) << 3), stride, alpha, mr, min(4, nc - j), scratch);
      }
    }
  }
}
