export * from "./errors.js";
export { formatExtxyz, parseExtxyz } from "./formats/extxyz.js";
export type { ReadOptions } from "./formats/text-lines.js";
export * from "./structure/cell.js";
export * from "./structure/elements.js";
export type { LabeledStructure } from "./structure/labeled-structure.js";
export * from "./structure/lattices.js";
export * from "./structure/structure.js";
export * from "./structure/supercell.js";
