/** Lets the event loop run once: cancellation, progress and pages stay alive between two pieces of long work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    // setTimeout waits at least a millisecond, in pages four; setImmediate is Node's.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve);
  });
}
