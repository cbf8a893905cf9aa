import { Worker } from "node:worker_threads";
import type { CellReport, ExecutorEvent, ExecutorRequest, ExecutorSetup, GraphChange } from "./executor-protocol.js";

export interface ExecutorEvents {
  report(report: CellReport): void;
  /** Printed outside of any cell's run. */
  printed(stream: "stdout" | "stderr", text: string): void;
  /** The thread of the cells ended, so that their values are gone; a new one has started and wants its cells. */
  lost(reason: string): Promise<void>;
}

/** How long after an interrupt cells may take to wind down before their thread is replaced [ms]. */
const PATIENCE = 5000;
/** An interrupted request is answered this soon, whatever the cells do [ms]. */
const ANSWER_WITHIN = 300;

/** How the wait for rest ended. */
export type Outcome = "settled" | "interrupted" | "lost";

/** The thread in which cells run, seen from the kernel's. */
export class Executor {
  readonly #flag = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker;
  #token = 0;
  readonly #settling = new Map<number, { readonly demanded: number | undefined; resolve(outcome: Outcome): void }>();
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

  /** Resolves when nothing runs and all has been reported, or with what came first. */
  settled(demanded?: number): Promise<Outcome> {
    const token = ++this.#token;
    this.#askToSettle(token, demanded);
    return new Promise((resolve) => this.#settling.set(token, { demanded, resolve }));
  }

  #askToSettle(token: number, demanded: number | undefined): void {
    this.#post({ kind: "settle", token, ...(demanded === undefined ? {} : { demanded }) });
  }

  /** Stops whatever runs: at its signal, in its loops, and at last by ending the thread. */
  interrupt(): void {
    Atomics.store(this.#flag, 0, 1);
    this.#post({ kind: "interrupt" });
    const waiting = [...this.#settling.keys()];
    setTimeout(() => {
      for (const token of waiting) this.#resolve(token, "interrupted");
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
    else if (event.kind === "settled") this.#resolve(event.token, "settled");
    else if (event.kind === "interrupted") {
      clearTimeout(this.#patience);
      this.#patience = undefined;
    }
  }

  #resolve(token: number, outcome: Outcome): void {
    this.#settling.get(token)?.resolve(outcome);
    this.#settling.delete(token);
  }

  /** Starts a new thread. When the old one was given up, requests that came meanwhile go on there. */
  async #replace(reason: string, died?: Worker): Promise<void> {
    if (died && died !== this.#worker) return;
    const old = this.#worker;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    Atomics.store(this.#flag, 0, 0);
    this.#worker = this.#start();
    old.removeAllListeners();
    void old.terminate();
    if (died) for (const token of [...this.#settling.keys()]) this.#resolve(token, "lost");
    await this.events.lost(reason);
    for (const [token, { demanded }] of this.#settling) this.#askToSettle(token, demanded);
  }
}
