import path from "node:path";
import { makeFolder } from "../formats/files.node.js";
import { type LegStore, legStore } from "../free-energy/legs.js";
import { diskStore } from "../notebook/disk-store.node.js";
import type { CommandIo, CommandOption } from "./command.js";
import { ALLOW_READ } from "./recipe-file.js";

/** Options of commands whose legs are kept. */
export const LEG_OPTIONS = {
  legs: {
    type: "string",
    placeholder: "DIR",
    help: "where finished runs are kept, so that a killed command goes on (RECIPE.legs)",
  },
  "allow-read": ALLOW_READ,
} as const satisfies Readonly<Record<string, CommandOption>>;

/** The store of finished legs: a folder beside the recipe unless another is named; which one is said on stderr. */
export function openLegFolder(recipe: string, named: string | undefined, io: CommandIo): LegStore {
  const folder = named ?? path.join(path.dirname(recipe), `${path.basename(recipe).replace(/\.json$/, "")}.legs`);
  makeFolder(folder);
  io.stderr.write(`finished runs are kept in ${folder}\n`);
  return legStore(diskStore(folder));
}
