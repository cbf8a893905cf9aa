import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import type { ByteStore } from "../byte-store.js";
import { makeFolder } from "../formats/files.node.js";

/** Writing takes seconds at most: what has been in the making for longer than this is of a writer that was killed. */
const ABANDONED = 3_600_000;

/** Deletes what killed writers left in a folder of `diskStore`. */
async function deleteAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/^[0-9a-f]{2}[\\/].*\.part$/.test(name)) continue;
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > ABANDONED) await rm(file, { force: true });
  }
}

/**
 * A folder of files named by key. A file is written beside its place, flushed, then renamed: never half there. Its time is
 * that of its last use. What killed writers left is deleted after an hour, before the first entry that is written.
 */
export function diskStore(folder: string): ByteStore {
  const fileOf = (key: string): string => path.join(folder, key.slice(0, 2), key);
  let tidied: Promise<void> | undefined;
  return {
    async get(key) {
      try {
        const bytes = await readFile(fileOf(key));
        const now = new Date();
        // A cache that can only be read serves as well.
        await utimes(fileOf(key), now, now).catch(() => undefined);
        return bytes;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    async put(key, bytes) {
      const file = fileOf(key);
      makeFolder(path.dirname(file));
      // Another process may delete the same; what cannot be tidied is no reason not to write.
      tidied ??= deleteAbandoned(folder).catch(() => undefined);
      await tidied;
      const partial = `${file}.${randomUUID()}.part`;
      try {
        const handle = await open(partial, "wx");
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(partial, file);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
  };
}
