import { solidBonds } from "../properties/bond-order.js";
import type { Structure } from "../structure/structure.js";

/** Share of atoms in crystal-like places above which a liquid has frozen; liquids have a few percent. */
const SOLID_LIMIT = 0.4;

/** What says that a liquid froze, in one snapshot. */
export function findFreezing(structure: Structure): string | undefined {
  const { fraction } = solidBonds(structure);
  return fraction > SOLID_LIMIT ? `it froze: ${(100 * fraction).toFixed(0)}% of its atoms are crystalline` : undefined;
}
