import { System } from "../engine/system.as";
import { BispectrumTables, closeChannel, PAIR_BYTES, PAIR_CHANNEL, placeNeighbor } from "./bispectrum.as";

/** Lists the neighbors of atom i within the cutoffs; returns their even count, -1 where the slots are full. */
export function gatherNeighbors(system: System, tables: BispectrumTables, i: i32, slots: usize, room: i32): i32 {
  const positions = system.positions, here = positions + ((i as usize) << 5);
  const x = load<f64>(here), y = load<f64>(here, 8), z = load<f64>(here, 16);
  const pairs = tables.pairs + ((load<i32>(here, 24) * tables.types) as usize) * PAIR_BYTES;
  const first = system.fullNeighbors + ((load<i32>(system.fullFirst + (i << 2)) as usize) << 2);
  const end = first + (load<i32>(system.fullCounts + (i << 2)) << 2);
  let count = 0;
  for (let channel = 0; channel < tables.channels; channel++) {
    const start = count;
    for (let entry = first; entry < end; entry += 4) {
      const j = load<i32>(entry);
      const there = positions + ((j as usize) << 5);
      const dx = load<f64>(there) - x, dy = load<f64>(there, 8) - y, dz = load<f64>(there, 16) - z;
      const pair = pairs + (load<i32>(there, 24) as usize) * PAIR_BYTES;
      if (dx * dx + dy * dy + dz * dz >= load<f64>(pair) || load<i32>(pair, PAIR_CHANNEL) != channel) continue;
      if (count >= room) return -1;
      placeNeighbor(slots, count++, dx, dy, dz, pair, j);
    }
    count = closeChannel(slots, start, count, channel);
  }
  return count;
}
