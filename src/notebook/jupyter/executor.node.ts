import { Worker } from "node:worker_threads";
import type { CellReport, ExecutorEvent, ExecutorRequest, ExecutorSetup, GraphChange } from "./executor-protocol.js";

export interface ExecutorEvents {
  report(report: CellReport): void;
  /** Printed outside of any cell's run. */
  printed(stream: "stdout" | "stderr", text: string): void;
  /** The thread of the cells ended, so that their values are gone; a new one has started. */
  lost(reason: string): void;
}

/** How long after an interrupt cells may take to wind down before their thread is replaced [ms]. */
const PATIENCE = 5000;
/** An interrupted request is answered this soon, whatever the cells do [ms]. */
const ANSWER_WITHIN = 300;

/** The thread in which cells run, seen from the kernel's. */
export class Executor {
  readonly #flag = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker;
  #token = 0;
  readonly #settling = new Map<number, (interrupted: boolean) => void>();
  #patience: NodeJS.Timeout | undefined;

  constructor(
    readonly setup: Omit<ExecutorSetup, "flag">,
    readonly events: ExecutorEvents,
  ) {
    this.#worker = this.#start();
  }

  apply(changes: readonly GraphChange[]): void {
    if (changes.length) this.#post({ kind: "apply", changes });
  }

  setInput(name: string, value: unknown): void {
    this.#post({ kind: "input", name, value });
  }

  /** Resolves when nothing runs and all has been reported; true when an interrupt came first. */
  settled(demanded?: number): Promise<boolean> {
    const token = ++this.#token;
    this.#post({ kind: "settle", token, ...(demanded === undefined ? {} : { demanded }) });
    return new Promise((resolve) => this.#settling.set(token, resolve));
  }

  /** Stops whatever runs: at its signal, in its loops, and at last by ending the thread. */
  interrupt(): void {
    Atomics.store(this.#flag, 0, 1);
    this.#post({ kind: "interrupt" });
    const waiting = [...this.#settling.keys()];
    setTimeout(() => {
      for (const token of waiting) this.#resolve(token, true);
    }, ANSWER_WITHIN);
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      void this.#replace("a cell could not be interrupted");
    }, PATIENCE);
  }

  #post(request: ExecutorRequest): void {
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const setup: ExecutorSetup = { ...this.setup, flag: this.#flag };
    const worker = new Worker(new URL("./executor-thread.node.js", import.meta.url), { workerData: setup });
    worker.on("message", (event: ExecutorEvent) => this.#receive(event));
    worker.on("error", (error) => void this.#replace(error.message, worker));
    worker.on("exit", (code) => void this.#replace(`its thread ended with code ${code}`, worker));
    return worker;
  }

  #receive(event: ExecutorEvent): void {
    if (event.kind === "cell") this.events.report(event.report);
    else if (event.kind === "printed") this.events.printed(event.stream, event.text);
    else if (event.kind === "settled") this.#resolve(event.token, false);
    else if (event.kind === "interrupted") {
      clearTimeout(this.#patience);
      this.#patience = undefined;
    }
  }

  #resolve(token: number, interrupted: boolean): void {
    this.#settling.get(token)?.(interrupted);
    this.#settling.delete(token);
  }

  async #replace(reason: string, worker = this.#worker): Promise<void> {
    if (worker !== this.#worker) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    Atomics.store(this.#flag, 0, 0);
    this.#worker = this.#start();
    worker.removeAllListeners();
    void worker.terminate();
    for (const token of [...this.#settling.keys()]) this.#resolve(token, true);
    this.events.lost(reason);
  }
}
