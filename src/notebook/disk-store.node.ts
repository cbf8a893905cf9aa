import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, utimes } from "node:fs/promises";
import path from "node:path";
import type { ByteStore } from "../byte-store.js";
import { makeFolder } from "../formats/files.node.js";

/**
 * A folder of files named by key. A file is written beside its place, flushed, then renamed: never half there. Its time is
 * that of its last use.
 */
export function diskStore(folder: string): ByteStore {
  const fileOf = (key: string): string => path.join(folder, key.slice(0, 2), key);
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
