import type { Packer } from "../engine/packer.js";
import { type ClampedSpline, clampedSplineAt } from "../math/clamped-spline.js";
import type { AngularPart, SplineMeamTables } from "./spline-meam.js";

/** Entries of a row of the list that the twin can take in, and neighbors inside the reach of bonds that its rows hold. */
const ROW = 1024;
const NEAR = 256;
const ROWS = 17;

/**
 * Header of 80 bytes: i32 number of species, i32 ROW, f64 cutoff^2, f64 square of the bonds' reach, i32 NEAR, i32 one where
 * there is an energy of three bodies; i32 addresses: splines of pairs [species][species], densities, embeddings, bonds,
 * angles [species][species], bonds and angles of three bodies, list, rows. A spline is f64 start, 1/step, number of the
 * last interval, unused; then 32 bytes per interval.
 */
export function packSplineMeam(tables: SplineMeamTables, species: readonly number[], memory: Packer): number {
  const kinds = species.map((number) => tables.elements.indexOf(number));
  const known = new Map<ClampedSpline, number>();
  const pack = (spline: ClampedSpline): number => {
    const { start, step, count, coefficients } = spline;
    const address = known.get(spline) ?? memory.f64([start, 1 / step, count, 0, ...coefficients]);
    known.set(spline, address);
    return address;
  };
  const ofOne = (spline: (a: number) => ClampedSpline): number => memory.i32(kinds.map((a) => pack(spline(a))));
  const ofTwo = (spline: (a: number, b: number) => ClampedSpline): number =>
    memory.i32(kinds.flatMap((a) => kinds.map((b) => pack(spline(a, b)))));
  const threeBody = acting(tables.threeBody, kinds);
  const header = memory.allocate(80);
  const addresses = [
    ofTwo(tables.pair),
    ofOne(tables.density),
    ofOne((a) => fromZero(tables.embedding(a))),
    ofOne(tables.angular.bond),
    ofTwo(tables.angular.angle),
    threeBody ? ofOne(threeBody.bond) : 0,
    threeBody ? ofTwo(threeBody.angle) : 0,
    memory.allocate(4 * ROW),
    memory.allocate(8 * NEAR * ROWS),
  ];
  const view = memory.view();
  view.setInt32(header, species.length, true);
  view.setInt32(header + 4, ROW, true);
  view.setFloat64(header + 8, tables.cutoff ** 2, true);
  view.setFloat64(header + 16, tables.bondReach ** 2, true);
  view.setInt32(header + 24, NEAR, true);
  view.setInt32(header + 28, threeBody ? 1 : 0, true);
  addresses.forEach((address, k) => {
    view.setInt32(header + 32 + 4 * k, address, true);
  });
  return header;
}

/** The embedding energy less that of a lone atom. */
function fromZero(spline: ClampedSpline): ClampedSpline {
  const zero = clampedSplineAt(spline, 0).value;
  return { ...spline, coefficients: spline.coefficients.map((x, k) => (k % 4 === 3 ? x - zero : x)) };
}

/** The part, unless its splines are all zero, as in files of MEAM+SW that do without the SW. */
function acting(part: AngularPart | undefined, kinds: readonly number[]): AngularPart | undefined {
  const zero = ({ coefficients }: ClampedSpline): boolean => coefficients.every((x) => x === 0);
  if (part === undefined || kinds.every((a) => zero(part.bond(a)))) return undefined;
  return kinds.every((a) => kinds.every((b) => zero(part.angle(a, b)))) ? undefined : part;
}
