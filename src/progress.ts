/** What long work says of itself, at most about ten times a second. */
export interface Progress {
  /** What is being done: `switching beta-tin 300 K`. */
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /** Of `done`, what was there from earlier work: it says nothing of the time left. */
  readonly restored?: number;
  /** A number worth seeing meanwhile: `T = 301 K`. */
  readonly note?: string;
}

/** Options of every long-running function. */
export interface LongWork {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Is given what is known so far, as plain data: a result that still grows. */
  readonly onUpdate?: (known: unknown) => void;
}
