/** What a thread of the engine is started with: kernels to instantiate over a memory that all threads share. */
export interface ThreadOrder {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Number of the thread in its team; the leader is 0. */
  readonly index: number;
}

/** What a thread says: that it is about to serve, or why it ended. */
export type ThreadReport = { readonly kind: "ready" } | { readonly kind: "failed"; readonly message: string };

/** A thread of the engine as its leader's host sees it. */
export interface Thread {
  terminate(): void;
  /** Known at once, while events cannot be heard: a leader that waits for its threads blocks its own. */
  isAlive(): boolean;
}

/**
 * Starts a thread; resolves when it is ready to serve. `onDeath` is called when it ends by itself later. A thread never
 * keeps the process alive.
 */
export type StartThread = (order: ThreadOrder, onDeath: (reason: string) => void) => Promise<Thread>;

interface Serving {
  serve(index: number): void;
  giveUp(): void;
}

/** The life of a thread, in the worker itself: serves until it is stopped. A trap is told to the leader at once. */
export function serveThread({ module, memory, index }: ThreadOrder, post: (report: ThreadReport) => void): void {
  const abort = (): never => {
    throw new WebAssembly.RuntimeError("a WebAssembly kernel aborted");
  };
  const exports = new WebAssembly.Instance(module, { env: { memory, abort, lostThreads: () => 0 } })
    .exports as unknown as Serving;
  post({ kind: "ready" });
  try {
    exports.serve(index);
  } catch (error) {
    exports.giveUp();
    post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

/** Waits for the first report of a worker that was just started, then watches over it. */
export function watchThread(
  thread: Thread,
  listen: (onReport: (report: ThreadReport) => void, onEnd: (reason: string) => void) => void,
  onDeath: (reason: string) => void,
): Promise<Thread> {
  return new Promise((resolve, reject) => {
    let ready = false;
    const end = (reason: string): void => {
      if (ready) onDeath(reason);
      else reject(new Error(reason));
    };
    listen((report) => {
      if (report.kind === "failed") end(report.message);
      else {
        ready = true;
        resolve(thread);
      }
    }, end);
  });
}
