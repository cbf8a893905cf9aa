import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const src = path.resolve(import.meta.dirname, "../src");

/** Floors of the house, lowest first; a module may import its own folder and any lower floor, never sideways or up. */
const floors: readonly (readonly string[])[] = [
  ["errors", "units", "progress", "event-loop"],
  ["schema", "recipe-entries", "plain-data"],
  ["byte-store"],
  ["math"],
  ["random"],
  ["host"],
  ["structure", "engine"],
  ["neighbors"],
  ["descriptors"],
  ["potentials"],
  ["formats"],
  ["dynamics", "regression", "labels"],
  ["properties", "sampling"],
  ["learning"],
  ["free-energy"],
  ["phase-diagram"],
  ["figures"],
  ["notebook"],
  ["page"],
  ["cli"],
];

/** They link everything and nothing links them. */
const compositionRoots = new Set([
  "index.ts",
  "kernels.as.ts",
  "worker.ts",
  "worker-entry.node.ts",
  "worker-entry.page.ts",
]);

const floorOf = new Map(floors.flatMap((names, floor) => names.map((name) => [name, floor] as const)));

/** The folder, or the file's name without suffixes for files directly in src. */
const room = (file: string): string => {
  const [first] = path.relative(src, file).split(path.sep);
  return first!.replace(/(\.(node|page|as|wgsl))?\.ts$/, "").replace(/\.(js|as)$/, "");
};

const sources = fs
  .readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".generated.ts"))
  .map((file) => path.join(src, file));

function importsOf(file: string): string[] {
  const text = fs.readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g)].map((match) => match[1]!);
}

describe("architecture", () => {
  it("gives every folder of src a floor", () => {
    const rooms = new Set(sources.filter((file) => !compositionRoots.has(path.relative(src, file))).map(room));
    expect([...rooms].filter((name) => !floorOf.has(name))).toEqual([]);
  });

  it("imports point down only", () => {
    const upward: string[] = [];
    for (const file of sources) {
      const name = path.relative(src, file);
      if (compositionRoots.has(name)) continue;
      for (const specifier of importsOf(file).filter((text) => text.startsWith("."))) {
        const target = path.resolve(path.dirname(file), specifier);
        const [from, to] = [room(file), room(target)];
        const intoRoot = /^(index|kernels|worker)(\.as|\.js)?$/.test(path.relative(src, target));
        // The command line is the top floor: it hands the public API to notebooks.
        if ((intoRoot && from !== "cli") || (!intoRoot && from !== to && floorOf.get(to)! >= floorOf.get(from)!))
          upward.push(`${name} -> ${specifier}`);
      }
    }
    expect(upward).toEqual([]);
  });

  it("keeps node: out of everything that also runs in a page", () => {
    const offenders = sources
      .filter((file) => !file.endsWith(".node.ts") && room(file) !== "cli")
      .filter((file) => importsOf(file).some((specifier) => specifier.startsWith("node:")));
    expect(offenders.map((file) => path.relative(src, file))).toEqual([]);
  });

  it("has no top-level await, which would lock the library out of CommonJS hosts such as tslab", () => {
    const offenders = sources.filter(
      (file) => room(file) !== "cli" && /^(?:export const .*= )?await\b/m.test(fs.readFileSync(file, "utf8")),
    );
    expect(offenders.map((file) => path.relative(src, file))).toEqual([]);
  });

  it("keeps files readable: kebab-case, none over 400 lines", () => {
    const long = sources.filter((file) => fs.readFileSync(file, "utf8").split("\n").length > 401);
    const misnamed = sources.filter((file) => !/^[a-z0-9-]+(\.[a-z]+)*\.ts$/.test(path.basename(file)));
    expect([...long, ...misnamed].map((file) => path.relative(src, file))).toEqual([]);
  });
});
