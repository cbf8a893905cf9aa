/** A point of the diagram: K and GPa. */
export type StatePlace = readonly [temperature: number, pressure: number];

/** Where a phase was measured: a convex polygon, and how far beyond it is still trusted. */
export interface PhaseDomain {
  /** Corners in order; a segment or a single point where no more was measured. */
  readonly hull: readonly StatePlace[];
  /** K and GPa. */
  readonly margin: StatePlace;
}

/** The convex hull of places (Andrew's monotone chain), counterclockwise with temperature to the right. */
export function convexHull(places: readonly StatePlace[]): StatePlace[] {
  const sorted = places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const unique = sorted.filter((p, i) => i === 0 || p[0] !== sorted[i - 1]![0] || p[1] !== sorted[i - 1]![1]);
  if (unique.length < 3) return unique;
  const half = (order: readonly StatePlace[]): StatePlace[] => {
    const chain: StatePlace[] = [];
    for (const p of order) {
      while (chain.length > 1 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(unique), ...half(unique.toReversed())];
}

const turn = (a: StatePlace, b: StatePlace, c: StatePlace): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether a place lies in the hull or within the margin (an ellipse) around it. */
export function isInDomain({ hull, margin }: PhaseDomain, temperature: number, pressure: number): boolean {
  const place: StatePlace = [temperature, pressure];
  const inside = hull.length > 2 && hull.every((corner, i) => turn(corner, hull[(i + 1) % hull.length]!, place) >= 0);
  return inside || hull.some((corner, i) => distance(corner, hull[(i + 1) % hull.length]!, place, margin) <= 1);
}

/** From a segment, with temperature and pressure in units of the margin. */
function distance(a: StatePlace, b: StatePlace, place: StatePlace, margin: StatePlace): number {
  const along = [0, 1].map((d) => (b[d]! - a[d]!) / margin[d]!) as [number, number];
  const to = [0, 1].map((d) => (place[d]! - a[d]!) / margin[d]!) as [number, number];
  const square = along[0] ** 2 + along[1] ** 2;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, (to[0] * along[0] + to[1] * along[1]) / square));
  return Math.hypot(to[0] - share * along[0], to[1] - share * along[1]);
}
