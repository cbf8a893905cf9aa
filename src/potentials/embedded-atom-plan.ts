import type { Packer } from "../engine/packer.js";
import type { EmbeddedAtomTables } from "./embedded-atom.js";

/** Pairs inside the cutoff that the twin's short list holds. */
const SHORT_LIST = 1024;
/** Bytes per own atom for what the passes of the twin keep, for one species and for several: for 40 pairs. */
export const KEPT_BYTES = { one: 16 + 20 * 48, several: 16 + 20 * 64 } as const;

/**
 * Header of 64 bytes: i32 number of species, i32 radial intervals, i32 density intervals, i32 room in the short list,
 * f64 cutoff^2, f64 1 / radial step, f64 1 / density step, f64 largest tabulated density, i32 address of the radial
 * tables, i32 of the embedding tables, i32 of the short list, i32 of what is kept of its pairs. Radial tables: for each ordered pair of species (i, j) one
 * record per interval, the cubics of the density at i from j, of r phi, and, with several species, of the density at j from
 * i: 64 or 96 bytes. Embedding tables: for each species 32 bytes per interval.
 */
export function packEmbeddedAtom(tables: EmbeddedAtomTables, species: readonly number[], memory: Packer): number {
  const kinds = species.map((number) => tables.elements.indexOf(number));
  const first = kinds[0]!;
  const radial = tables.pair(first, first);
  const embedding = tables.embedding(first);
  const header = memory.allocate(64);
  const width = kinds.length === 1 ? 8 : 12;
  const radialBytes = 8 * width * radial.count;
  // A record of one species is one line of the cache.
  const radialAddress = 64 * Math.ceil(memory.allocate(radialBytes * kinds.length ** 2 + 48) / 64);
  const embeddingAddress = memory.allocate(32 * embedding.count * kinds.length);
  const shortList = memory.allocate(32 * SHORT_LIST);
  const kept = memory.allocate(32 * SHORT_LIST);
  const { buffer } = memory.memory;
  kinds.forEach((a, i) => {
    kinds.forEach((b, j) => {
      const address = radialAddress + radialBytes * (i * kinds.length + j);
      const records = new Float64Array(buffer, address, width * radial.count);
      const parts = [tables.density(b, a), tables.pair(a, b), tables.density(a, b)].slice(0, width / 4);
      parts.forEach(({ coefficients }, part) => {
        for (let k = 0; k < coefficients.length; k++)
          records[width * Math.floor(k / 4) + 4 * part + (k % 4)] = coefficients[k]!;
      });
    });
    const { coefficients } = tables.embedding(a);
    new Float64Array(buffer, embeddingAddress + 32 * embedding.count * i, coefficients.length).set(coefficients);
  });
  const view = memory.view();
  [kinds.length, radial.count, embedding.count, SHORT_LIST].forEach((value, k) => {
    view.setInt32(header + 4 * k, value, true);
  });
  [tables.cutoff ** 2, 1 / radial.step, 1 / embedding.step, (embedding.count - 1) * embedding.step].forEach(
    (value, k) => {
      view.setFloat64(header + 16 + 8 * k, value, true);
    },
  );
  [radialAddress, embeddingAddress, shortList, kept].forEach((address, k) => {
    view.setInt32(header + 48 + 4 * k, address, true);
  });
  return header;
}
