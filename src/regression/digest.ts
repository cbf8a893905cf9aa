import type { LabeledStructure } from "../structure/labeled-structure.js";

/** sha256 (hexadecimal) of the numbers of a dataset, in its order: cells, elements, positions, labels, groups, weights. */
export async function datasetDigest(structures: readonly LabeledStructure[]): Promise<string> {
  const text = new TextEncoder();
  const parts: Uint8Array[] = [];
  const numbers = (values: ArrayLike<number>): void => {
    parts.push(new Uint8Array(Float64Array.from(values).buffer));
  };
  for (const { structure, energy, forces, stress, group, weight = 1 } of structures) {
    parts.push(text.encode(`${group}\0${structure.pbc.join()}\0`));
    numbers([structure.numbers.length, energy === undefined ? 0 : 1, forces ? 1 : 0, stress ? 1 : 0, weight]);
    for (const values of [structure.numbers, structure.cell, structure.positions, [energy ?? 0], forces, stress])
      if (values) numbers(values);
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = await crypto.subtle.digest("SHA-256", whole);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
