import path from "node:path";
import { InputError } from "../errors.js";
import { makeFolder } from "../formats/files.node.js";
import { gpuLegs } from "../free-energy/gpu-legs.js";
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
  engine: { type: "string", placeholder: "NAME", help: "where runs go: wasm (default) or webgpu, all at once in f32" },
  "allow-read": ALLOW_READ,
} as const satisfies Readonly<Record<string, CommandOption>>;

/** What a command line says of legs. */
export interface LegValues {
  readonly legs?: string;
  readonly engine?: string;
}

/** The store of finished legs: a folder beside the recipe unless another is named; which one is said on stderr. */
export function openLegFolder(recipe: string, values: LegValues, io: CommandIo): LegStore {
  const { legs, engine = "wasm" } = values;
  if (engine !== "wasm" && engine !== "webgpu")
    throw new InputError({ what: "--engine", value: engine, expected: "wasm or webgpu" });
  const folder = legs ?? path.join(path.dirname(recipe), `${path.basename(recipe).replace(/\.json$/, "")}.legs`);
  makeFolder(folder);
  io.stderr.write(`finished runs are kept in ${folder}\n`);
  const store = legStore(diskStore(folder));
  return engine === "webgpu" ? gpuLegs(store) : store;
}
