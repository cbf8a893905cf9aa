let share = Number.POSITIVE_INFINITY;

/** Limits what `threads: "auto"` may take: workers that share the processors with others run one thread each. */
export function limitThreads(threads: number): void {
  share = threads;
}

/** Threads that one run of this JavaScript thread may take without being asked. */
export const threadShare = (): number => share;
