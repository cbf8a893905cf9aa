import fs from "node:fs";
import path from "node:path";

/** Something that caches of notebooks hold: a stage's result, a verdict of the type check, a bundle of the pages. */
export interface CacheEntry {
  /** A file, or a folder of a bundle. */
  readonly place: string;
  readonly bytes: number;
  /** When it was wanted last [ms since 1970]. */
  readonly used: number;
}

/** What the names of entries look like, seen from the folder of caches; nothing else is ever counted or deleted. */
const KEY = "[0-9a-f]{64}";
const PART = "(\\.[0-9a-f-]+\\.part)?";
const FILES = new RegExp(`^(stages|page/types)/([0-9a-f]{2}/${KEY}${PART}|types/${KEY})$`);
const BUNDLE = /^page\/app\/[0-9a-f]{16}(\.\d+)?$/;

/** Entries below a folder that holds `stages` and `page`. Links are not followed. */
export function cacheEntries(folder: string): CacheEntry[] {
  const found: CacheEntry[] = [];
  const visit = (relative: string): void => {
    for (const item of readFolder(path.join(folder, relative))) {
      const name = relative === "" ? item.name : `${relative}/${item.name}`;
      const place = path.join(folder, name);
      if (item.isDirectory() && BUNDLE.test(name)) found.push({ place, ...sizeOf(place) });
      else if (item.isDirectory()) visit(name);
      else if (item.isFile() && FILES.test(name)) found.push({ place, ...sizeOf(place) });
    }
  };
  for (const cache of ["stages", "page"])
    if (fs.lstatSync(path.join(folder, cache), { throwIfNoEntry: false })?.isDirectory()) visit(cache);
  return found;
}

export function deleteEntries(entries: readonly CacheEntry[]): void {
  for (const { place } of entries) fs.rmSync(place, { recursive: true, force: true });
}

function sizeOf(place: string): { bytes: number; used: number } {
  const { size, mtimeMs } = fs.lstatSync(place);
  const inside = fs.lstatSync(place).isDirectory() ? readFolder(place) : [];
  const bytes = inside.reduce((sum, { name }) => sum + sizeOf(path.join(place, name)).bytes, inside.length ? 0 : size);
  return { bytes, used: mtimeMs };
}

const readFolder = (folder: string): fs.Dirent[] => fs.readdirSync(folder, { withFileTypes: true });
