import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";

/** The project that a folder belongs to: the nearest one up with a package.json, else the folder itself; links resolved. */
export function projectFolder(folder: string): string {
  const start = fs.realpathSync(folder);
  for (let at = start; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, "package.json"))) return at;
    if (path.dirname(at) === at) return start;
  }
}

/** A folder with links resolved; one that is not there is an InputError. */
export function realFolder(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch (cause) {
    throw new InputError({ what: "folder", value: folder, expected: "one that is there" }, { cause });
  }
}

/** A file with links resolved; one that is not there stays as it is named. */
export function realFile(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

/** Whether a place is a folder or lies inside it; both with links resolved. */
export function isInside(place: string, folder: string): boolean {
  const way = path.relative(folder, place);
  return way === "" || (way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

/**
 * The real place of a file that a notebook names, if it may read it: wherever links lead, it must lie inside one of
 * `folders`.
 */
export function readablePlace(name: string, base: string, folders: readonly string[], what: string): string {
  const refuse = (value: string, attempt?: string): InputError =>
    new InputError({
      what,
      value,
      expected: `a file inside ${folders[0]}`,
      ...(attempt === undefined ? {} : { attempt }),
    });
  const given = path.resolve(base, name);
  let real: string;
  try {
    real = fs.realpathSync(given);
  } catch {
    throw refuse(`${name} (no such file)`);
  }
  if (!folders.some((folder) => isInside(real, folder))) throw refuse(name, `--allow-read ${path.dirname(real)}`);
  return real;
}
