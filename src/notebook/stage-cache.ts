import { type ByteStore, readPlainData } from "../byte-store.js";
import { encodePlainData } from "../plain-data.js";

/** Where a stage's result came from; the part of it that belongs to the result, so without times. */
export interface Provenance {
  readonly stage: string;
  /** Content key: 64 hexadecimal digits. */
  readonly key: string;
  /** Input name -> content key of the input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly engine: string;
  /** Package versions and the build digest. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What the cache holds under a key. */
export interface StageEntry {
  readonly provenance: Provenance;
  /** How long it took when it was computed [ms]. */
  readonly milliseconds: number;
  readonly value: unknown;
}

/** The entry under a key; an entry that cannot be read counts as absent and is computed anew. */
export async function readEntry(store: ByteStore, key: string): Promise<StageEntry | undefined> {
  const entry = (await readPlainData(store, key)) as StageEntry | undefined;
  return entry?.provenance?.key === key ? entry : undefined;
}

export const writeEntry = (store: ByteStore, entry: StageEntry): Promise<void> =>
  store.put(entry.provenance.key, encodePlainData(entry, { what: `stage ${entry.provenance.stage}: its result` }));
