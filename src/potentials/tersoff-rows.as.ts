import { cosineSeries, sineSeries } from "../math/circular.as";
import { sum } from "./pair-rows.as";

/*
 * What the Tersoff twin holds of the neighbors of a batch of atoms: a block of 288 bytes for each two neighbors, with two
 * lanes for each of the numbers below. All neighbors of an atom stand in consecutive blocks; an odd one is joined by the
 * dummy.
 */

export const BLOCK: usize = 288;

/** Unit vector, 1/r and r. */
export const UX: usize = 0;
export const UY: usize = 16;
export const UZ: usize = 32;
export const INVERSE: usize = 48;
export const R: usize = 64;
/** Cutoff function of the bond and its slope. */
export const FC: usize = 80;
export const DFC: usize = 96;
/** f_C B exp(-lambda2 r) and its slope. */
export const FA: usize = 112;
export const DFA: usize = 128;
/** Gradient along u: first half the slope of the two-body part. */
export const ALONG: usize = 144;
export const ZETA: usize = 160;
/** dE/dzeta. */
export const P: usize = 176;
/** Sum over j of P_j g e, which f_C' of this neighbor multiplies (one element). */
export const Y: usize = 192;
/** Sum over j of u_j times the slope of the energy in cos theta_jik. */
export const WX: usize = 208;
export const WY: usize = 224;
export const WZ: usize = 240;
/** Two i32 byte offsets of force records, then two i32: 128 times the types. */
export const ATOM: usize = 256;
export const TYPE: usize = 264;
/** eV, of the bond seen from the center. */
export const ENERGY: usize = 272;

/** exp of this is 1e30: where a stretch stands still. */
export const LARGEST_STRETCH: f64 = 69.0776;

// @ts-ignore: decorator
@inline
export function add(address: usize, row: usize, value: v128): void {
  v128.store(address + row, f64x2.add(v128.load(address + row), value));
}

/** Adds both lanes to one number. */
// @ts-ignore: decorator
@inline
export function addSum(address: usize, row: usize, value: v128): void {
  store<f64>(address + row, load<f64>(address + row) + sum(value));
}

/** cos theta of neighbors whose unit vectors are u and those of a block. */
// @ts-ignore: decorator
@inline
export function cosines(ux: v128, uy: v128, uz: v128, block: usize): v128 {
  const x = f64x2.mul(ux, v128.load(block, UX));
  return f64x2.add(f64x2.add(x, f64x2.mul(uy, v128.load(block, UY))), f64x2.mul(uz, v128.load(block, UZ)));
}

/** Slope of the last cutoff function. */
export let fall: v128 = f64x2.splat(0);

/** Cutoff function and, in `fall`, its slope; `middle` is R, `inner` R - D, `turn` pi / 2D. */
// @ts-ignore: decorator
@inline
export function cutoffFunction(r: v128, inside: v128, middle: v128, inner: v128, turn: v128): v128 {
  const one = f64x2.splat(1);
  const shell = v128.and(f64x2.ge(r, inner), inside);
  fall = f64x2.splat(0);
  if (!v128.any_true(shell)) return v128.and(one, inside);
  return inShell(r, inside, shell, middle, turn);
}

function inShell(r: v128, inside: v128, shell: v128, middle: v128, turn: v128): v128 {
  const quarter = f64x2.splat(1.5707963267948966);
  // Beyond the shell the series would run away.
  const x = f64x2.pmin(f64x2.pmax(f64x2.mul(turn, f64x2.sub(r, middle)), f64x2.neg(quarter)), quarter);
  const x2 = f64x2.mul(x, x);
  fall = v128.and(f64x2.mul(f64x2.mul(f64x2.splat(-0.5), turn), cosineSeries(x2)), shell);
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.sub(f64x2.splat(1), sineSeries(x, x2)));
  return v128.and(v128.bitselect(half, f64x2.splat(1), shell), inside);
}
