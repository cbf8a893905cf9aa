import type { ByteStore } from "../byte-store.js";
import { ComputationError } from "../errors.js";

const TABLE = "stages";

/** What a page keeps of earlier computations. */
export interface IndexedStore extends ByteStore {
  /** Number of entries and their bytes. */
  size(): Promise<{ readonly entries: number; readonly bytes: number }>;
  clear(): Promise<void>;
}

/** Bytes by key in the browser's database. A transaction is kept whole or not at all, also when the page is killed. */
export function indexedStore(name: string): IndexedStore {
  let opening: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onerror = () => reject(failure("opening", request.error));
      request.onblocked = () => reject(failure("opening", new Error("another tab holds an older version")));
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    });
    return opening;
  };
  const perform = async <Result>(
    mode: IDBTransactionMode,
    act: (table: IDBObjectStore, give: (result: Result) => void) => void,
  ): Promise<Result> => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode, {
        durability: mode === "readwrite" ? "strict" : "default",
      });
      let result: Result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(failure(mode === "readwrite" ? "writing" : "reading", transaction.error));
      act(transaction.objectStore(TABLE), (given) => {
        result = given;
      });
    });
  };
  return {
    get: (key) =>
      perform("readonly", (table, give: (bytes: Uint8Array | undefined) => void) => {
        const request = table.get(key) as IDBRequest<Uint8Array | undefined>;
        request.onsuccess = () => give(request.result);
      }),
    put: (key, bytes) => perform("readwrite", (table) => void table.put(bytes, key)),
    size: () =>
      perform("readonly", (table, give: (size: { entries: number; bytes: number }) => void) => {
        const size = { entries: 0, bytes: 0 };
        const request = table.openCursor();
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return give(size);
          size.entries++;
          size.bytes += (cursor.value as Uint8Array).byteLength;
          cursor.continue();
        };
      }),
    clear: () => perform("readwrite", (table) => void table.clear()),
  };
}

const failure = (what: string, error: { readonly message: string } | null): ComputationError =>
  new ComputationError({ what: `${what} the browser's database: ${error?.message ?? "aborted"}` });
