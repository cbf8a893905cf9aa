import { InputError } from "./errors.js";
import { decodePlainData } from "./plain-data.js";

/** A store of bytes by key: a folder in Node, IndexedDB in a page. `put` is atomic: a key holds all of it or nothing. */
export interface ByteStore {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** The plain data under a key; what cannot be read counts as absent and is computed anew. */
export async function readPlainData(store: ByteStore, key: string): Promise<unknown> {
  const bytes = await store.get(key);
  if (!bytes) return undefined;
  try {
    return decodePlainData(bytes, `cache entry ${key}`);
  } catch (error) {
    if (error instanceof InputError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * A store whose troubles (no space, no permission) stop nothing: what cannot be read is absent, what cannot be written is
 * not kept. `onProblem` hears of the first one.
 */
export function forgivingStore(store: ByteStore, onProblem: (problem: Error) => void): ByteStore {
  let told = false;
  const tell = (problem: unknown): undefined => {
    if (!told) onProblem(problem as Error);
    told = true;
  };
  return {
    get: (key) => store.get(key).catch(tell),
    put: (key, bytes) => store.put(key, bytes).catch(tell),
  };
}
