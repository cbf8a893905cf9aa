/** Milliseconds of computing between two looks at the event loop. */
const BREATH = 40;

/**
 * A function to call inside long loops: from time to time it lets the event loop run, so that cancellation, progress
 * and pages stay alive, and throws the signal's reason once it is aborted.
 */
export function createBreather(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > BREATH) {
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}
