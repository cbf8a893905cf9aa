import { type PeerFigures, type Spread, type SystemFigures, strongest } from "./bench-compare.js";

const digits = (x: number): string => (x < 10 ? x.toPrecision(3) : x.toFixed(x < 100 ? 1 : 0));
const range = ({ median, least, most }: Spread): string =>
  `${digits(median).padStart(6)} (${digits(least)} .. ${digits(most)})`.padEnd(26);
const percent = (share: number): string => `${Math.round(100 * share)}%`;

function shares(phases: Readonly<Record<string, number>>): string {
  const { pair = 0, neigh = 0 } = phases;
  return `pair ${percent(pair)}, list ${percent(neigh)}, other ${percent(Math.max(0, 1 - pair - neigh))}`;
}

/** One system as people read it. */
export function describeSystem(figures: SystemFigures): string {
  const { name, title, atoms, steps, timestep, skin, thermoEvery, threads, energy, ours, speedup } = figures;
  const lines = [
    `${name}: ${title}`,
    `  ${atoms} atoms, ${steps} steps of ${Number(timestep.toPrecision(4))} fs (NVE), skin ${skin} A, list checked every step, thermodynamics every ${thermoEvery}, ${threads} thread${threads > 1 ? "s" : ""}; ${energy.toPrecision(10)} eV/atom at step 0`,
    `  ${"".padEnd(24)}${`us/atom/step, ${threads > 1 ? "wall" : "processor"}`.padEnd(26)}${"time over ours".padEnd(26)}share of time; lists built; bytes/atom; energy`,
    `  ${"phasecell".padEnd(24)}${range(ours.time)}${"".padEnd(26)}${shares(ours.phases)}; ${ours.builds}; ${Math.round(ours.bytesPerAtom)}`,
    ...figures.peers.map(describePeer),
    ...figures.refused.map(({ name: peer, reason }) => `  ${peer.padEnd(23)} cannot run it: ${reason}`),
  ];
  if (speedup) lines.push(`  ${threads} threads over one: ${range(speedup).trim()}`);
  for (const [kind, label] of [
    ["double", "strongest double-precision LAMMPS"],
    ["mixed", "mixed-precision LAMMPS (ours is f64)"],
    ["JavaScript", "fastest build of lammps.js"],
  ] as const) {
    const peer = strongest(figures.peers, kind);
    if (peer) lines.push(`  ${label} (${peer.name}) over ours: ${range(peer.ratio).trim()}`);
  }
  return lines.join("\n");
}

const describePeer = ({ name, time, ratio, phases, builds, bytesPerAtom, energyDifference }: PeerFigures): string =>
  `  ${name.padEnd(24)}${range(time)}${range(ratio)}${shares(phases)}; ${builds}; ${Math.round(bytesPerAtom)}; differs by ${energyDifference.toExponential(0)}`;
