import type { ByteStore } from "../byte-store.js";
import { ComputationError } from "../errors.js";

/** The database of a page's finished stages and legs. */
export const STORE_NAME = "phasecell";

const ENTRIES = "stages";
/** Beside each entry its bytes and when it was wanted last: small records that are looked through to make room. */
const USES = "uses";

interface Use {
  readonly bytes: number;
  /** ms since 1970. */
  readonly used: number;
}

interface Tables {
  readonly entries: IDBObjectStore;
  readonly uses: IDBObjectStore;
}

/** What a page keeps of earlier computations. */
export interface IndexedStore extends ByteStore {
  /** Number of entries and their bytes, and the bytes that are kept at most. */
  size(): Promise<{ readonly entries: number; readonly bytes: number; readonly limit: number }>;
  clear(): Promise<void>;
}

/** Bytes that one browser keeps at most; less where it offers less than twice as much to the site. */
const LIMIT = 500e6;

/**
 * Bytes by key in the browser's database. A transaction is kept whole or not at all, also when the page is killed. When
 * the limit is reached, or the browser's own, what was not wanted for the longest time goes.
 */
export function indexedStore(name: string, most = LIMIT): IndexedStore {
  let opening: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 2);
      request.onupgradeneeded = () => {
        for (const table of request.result.objectStoreNames) request.result.deleteObjectStore(table);
        for (const table of [ENTRIES, USES]) request.result.createObjectStore(table);
      };
      request.onerror = () => reject(failure("opening", request.error));
      request.onblocked = () => reject(failure("opening", new Error("another tab holds an older version")));
      request.onsuccess = () => {
        request.result.onversionchange = () => {
          request.result.close();
          opening = undefined;
        };
        resolve(request.result);
      };
    });
    return opening;
  };
  const perform = async <Result>(
    mode: IDBTransactionMode,
    act: (tables: Tables, give: (result: Result) => void) => void,
    durability: IDBTransactionDurability = "default",
  ): Promise<Result> => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction([ENTRIES, USES], mode, { durability });
      let result: Result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(failure(mode === "readwrite" ? "writing" : "reading", transaction.error));
      act({ entries: transaction.objectStore(ENTRIES), uses: transaction.objectStore(USES) }, (given) => {
        result = given;
      });
    });
  };
  const limit = async (): Promise<number> => Math.min(most, ((await quota()) ?? Number.POSITIVE_INFINITY) / 2);
  const size = () =>
    perform<{ entries: number; bytes: number }>("readonly", ({ uses }, give) =>
      eachUse(uses, (all) => give({ entries: all.length, bytes: sumOf(all) })),
    );
  return {
    async get(key) {
      const bytes = await perform<Uint8Array | undefined>("readonly", ({ entries }, give) => {
        const request = entries.get(key) as IDBRequest<Uint8Array | undefined>;
        request.onsuccess = () => give(request.result);
      });
      if (bytes)
        // Only the order in which things go depends on it.
        perform("readwrite", ({ uses }) => void uses.put(useOf(bytes), key), "relaxed").catch(() => undefined);
      return bytes;
    },
    async put(key, bytes) {
      const room = await limit();
      if (bytes.byteLength > room) return;
      const write = (): Promise<void> =>
        perform(
          "readwrite",
          (tables) => {
            tables.entries.put(bytes, key);
            tables.uses.put(useOf(bytes), key);
            makeRoom(tables, room, key);
          },
          "strict",
        );
      try {
        await write();
      } catch (error) {
        if (!isQuota(error)) throw error;
        const kept = await size();
        await perform("readwrite", (tables) => makeRoom(tables, kept.bytes / 2));
        await write();
      }
    },
    size: async () => ({ ...(await size()), limit: await limit() }),
    clear: () =>
      perform("readwrite", ({ entries, uses }) => {
        entries.clear();
        uses.clear();
      }),
  };
}

const useOf = ({ byteLength }: Uint8Array): Use => ({ bytes: byteLength, used: Date.now() });

const sumOf = (uses: readonly Use[]): number => uses.reduce((sum, { bytes }) => sum + bytes, 0);

type KeyedUse = Use & { readonly key: string };

/** Reads all records of use, then calls back within the transaction. */
function eachUse(uses: IDBObjectStore, read: (all: readonly KeyedUse[]) => void): void {
  const all: KeyedUse[] = [];
  const request = uses.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return read(all);
    all.push({ ...(cursor.value as Use), key: String(cursor.key) });
    cursor.continue();
  };
}

/** Deletes what was not wanted for the longest time until at most `room` bytes are left; never the entry `keep`. */
function makeRoom({ entries, uses }: Tables, room: number, keep?: string): void {
  eachUse(uses, (all) => {
    let bytes = sumOf(all);
    for (const use of [...all].sort((a, b) => a.used - b.used)) {
      if (bytes <= room) return;
      if (use.key === keep) continue;
      entries.delete(use.key);
      uses.delete(use.key);
      bytes -= use.bytes;
    }
  });
}

/** Bytes that the browser offers to this site. */
const quota = async (): Promise<number | undefined> => (await navigator.storage?.estimate?.())?.quota;

const isQuota = (error: unknown): boolean =>
  [error, (error as Error).cause].some((one) => (one as Error | undefined)?.name === "QuotaExceededError");

const failure = (what: string, error: Pick<Error, "name" | "message"> | null): ComputationError =>
  new ComputationError(
    { what: `${what} the browser's database: ${error?.message || error?.name || "aborted"}` },
    { cause: error },
  );
