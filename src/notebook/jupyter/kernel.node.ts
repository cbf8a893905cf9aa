import { createRequire } from "node:module";
import { InputError } from "../../errors.js";
import { CellOutputs } from "./cell-outputs.js";
import { Executor } from "./executor.node.js";
import type { CellFailure, CellReport, ExecutorSetup } from "./executor-protocol.js";
import type { ErrorContent } from "./failure-report.node.js";
import { LanguageRequests } from "./language.node.js";
import type { Content, JupyterMessage } from "./message.node.js";
import { type Channel, KernelServer, type RequestHandler } from "./server.node.js";
import type { NotebookSession } from "./session.node.js";
import { Widgets } from "./widgets.node.js";

export interface KernelOptions extends Omit<ExecutorSetup, "flag"> {
  /** Written by Jupyter: ports, key. */
  readonly connectionFile: string;
}

interface QueuedRun {
  readonly request: JupyterMessage;
  readonly done: () => void;
}

/** A Jupyter kernel whose cells have Observable's semantics: running one runs again what depends on it, in place. */
export class Kernel implements RequestHandler {
  readonly #server: KernelServer;
  readonly #executor: Executor;
  readonly #outputs: CellOutputs<JupyterMessage>;
  readonly #widgets: Widgets;
  readonly #language: LanguageRequests;
  /** TypeScript takes a second to load: it comes after the kernel has said that it is there. */
  #session: Promise<NotebookSession> | undefined;
  readonly #reports = new Map<number, CellReport>();
  readonly #queue: QueuedRun[] = [];
  #running = false;
  #count = 0;
  #interrupts = 0;
  /** Null when it is done. */
  #warming: NodeJS.Timeout | null | undefined;
  /** What the front end did last, for what follows from it when no request is in progress. */
  #latest: JupyterMessage | undefined;

  constructor(readonly options: KernelOptions) {
    this.#server = new KernelServer(this, options.connectionFile);
    const { connectionFile: _, ...setup } = options;
    this.#executor = new Executor(setup, {
      report: (report) => this.#report(report),
      printed: (stream, text) => this.#server.publish(this.#latest, "stream", { name: stream, text }),
      lost: (reason) => this.#recover(reason),
    });
    this.#widgets = new Widgets(
      (type, content, metadata) => this.#server.publish(this.#latest, type, content, metadata),
      (name, value) => this.#executor.setInput(name, value),
    );
    this.#outputs = new CellOutputs<JupyterMessage>(
      (type, origin, data, displayId) =>
        this.#server.publish(
          origin,
          type,
          type === "clear_output" ? { wait: false } : { data, metadata: {}, transient: { display_id: displayId } },
        ),
      (cell, run, controls) => this.#widgets.show(cell, run, controls),
    );
    this.#language = new LanguageRequests(() => this.#loadSession());
  }

  async start(): Promise<void> {
    await this.#server.init();
    process.on("SIGINT", () => this.#interrupt());
    setTimeout(() => void this.#loadSession(), 50);
    this.#warmUp();
    endWithParent();
  }

  async handle(request: JupyterMessage, channel: Channel): Promise<void> {
    const answer = (content: Content): void => this.#server.reply(request, channel, content);
    const { content } = request;
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return answer(kernelInfo(this.options.version));
      case "execute_request":
        return new Promise((done) => this.#enqueue({ request, done }));
      case "interrupt_request":
        this.#interrupt();
        return answer({ status: "ok" });
      case "is_complete_request":
        return answer(await this.#language.isComplete(String(content.code)));
      case "complete_request":
        return answer(await this.#language.complete(String(content.code), Number(content.cursor_pos)));
      case "inspect_request":
        return answer(await this.#language.inspect(String(content.code), Number(content.cursor_pos)));
      case "history_request":
        return answer({ status: "ok", history: [] });
      case "comm_info_request":
        return answer(this.#widgets.info(content.target_name));
      case "comm_open":
        this.#latest = request;
        return this.#widgets.opened(content);
      case "comm_close":
        return this.#widgets.closed(content);
      case "comm_msg":
        return this.#comm(request);
      case "shutdown_request":
        answer({ status: "ok", restart: content.restart === true });
        // Time for ZeroMQ to hand over the reply.
        setTimeout(() => this.close(), 150);
    }
  }

  close(): void {
    void Promise.race([this.#server.flush(), new Promise((resolve) => setTimeout(resolve, 500))]).then(() =>
      process.exit(0),
    );
  }

  #loadSession(): Promise<NotebookSession> {
    this.#session ??= import("./session.node.js").then(
      ({ NotebookSession }) => new NotebookSession(this.options.folder, this.options.cacheFolder),
    );
    return this.#session;
  }

  /** The reader moved an input: the front end holds back the next move until this one is done, or has had its time. */
  async #comm(request: JupyterMessage): Promise<void> {
    this.#latest = request;
    this.#widgets.received(request.content);
    await Promise.race([this.#executor.settled(), new Promise((resolve) => setTimeout(resolve, 150))]);
  }

  #interrupt(): void {
    this.#interrupts++;
    this.#executor.interrupt();
  }

  #enqueue(run: QueuedRun): void {
    clearTimeout(this.#warming ?? undefined);
    this.#queue.push(run);
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let run = this.#queue.shift(); run; run = this.#queue.shift()) {
      let failed = true;
      try {
        failed = await this.#execute(run.request);
      } catch (error) {
        this.#replyError(run.request, {
          ename: "KernelError",
          evalue: (error as Error).message,
          traceback: [String((error as Error).stack)],
        });
      }
      run.done();
      if (failed && run.request.content.stop_on_error !== false) this.#abortQueue();
    }
    this.#running = false;
    this.#warmUp();
  }

  /** The compiler may not have been needed yet; the first completion, or a cell that is new to it, should not wait for it. */
  #warmUp(): void {
    if (this.#warming === null) return;
    clearTimeout(this.#warming);
    this.#warming = setTimeout(() => {
      this.#warming = null;
      void this.#language.complete("", 0);
    }, 1500).unref();
  }

  /** Requests that were waiting when one failed are not run. */
  #abortQueue(): void {
    for (const { request, done } of this.#queue.splice(0)) {
      this.#server.reply(request, "shell", { status: "aborted" });
      done();
    }
  }

  async #execute(request: JupyterMessage): Promise<boolean> {
    const { code: given, silent } = request.content;
    const code = String(given);
    const count = silent === true ? this.#count : ++this.#count;
    const interrupts = this.#interrupts;
    // Requests that the front end sent together are all known then.
    await new Promise((resolve) => setTimeout(resolve, 4));
    const session = await this.#loadSession();
    const deleted = (request.metadata.deletedCells as string[] | undefined) ?? [];
    if (code.trim() === "") {
      this.#apply(session.remove(deleted));
      this.#replyOk(request, count);
      return false;
    }
    if (silent !== true) this.#server.publish(request, "execute_input", { code, execution_count: count });
    this.#latest = request;
    this.#outputs.current = request;
    try {
      // Cells whose turn comes next do not run again now on account of this one.
      const waiting = this.#queue.flatMap(({ request: next }) => keyOf(next) ?? []);
      const key = keyOf(request) ?? session.keyFor(code);
      const removed = [...deleted, ...waiting.filter((one) => one !== key && session.cells.has(one))];
      const takesNames = hasCellIds(request) && !("deletedCells" in request.metadata);
      const { cell, changes } = session.run({ key, code, count, removed, takesNames });
      for (const change of changes) if (change.kind === "remove") this.#forget(change.id);
      this.#widgets.remove(cell.id);
      this.#outputs.begin(cell.id, {
        displayId: `${cell.id}-${count}`,
        origin: request,
        takesMore: hasCellIds(request),
      });
      this.#reports.delete(cell.id);
      if (this.#interrupts !== interrupts) cell.failure = INTERRUPTED;
      else this.#executor.apply(changes);
      const outcome = await this.#executor.settled(cell.id);
      const reported = this.#reports.get(cell.id)?.failure;
      const ended = outcome === "lost" ? LOST : outcome === "interrupted" ? INTERRUPTED : undefined;
      const failure = cell.failure ?? ended ?? reported;
      // The cell must not run again by itself when its thread is replaced.
      if (ended || reported?.name === INTERRUPTED.name) cell.failure ??= ended ?? INTERRUPTED;
      this.#outputs.end(cell.id, failure !== undefined);
      if (failure) this.#replyError(request, session.describe(failure, cell), count);
      else this.#replyOk(request, count);
      return failure !== undefined;
    } finally {
      this.#outputs.current = undefined;
    }
  }

  #apply(changes: Parameters<Executor["apply"]>[0]): void {
    for (const change of changes) if (change.kind === "remove") this.#forget(change.id);
    this.#executor.apply(changes);
  }

  #forget(id: number): void {
    this.#outputs.remove(id);
    this.#widgets.remove(id);
    this.#reports.delete(id);
  }

  #report(report: CellReport): void {
    this.#reports.set(report.id, report);
    this.#outputs.report(report);
  }

  /** The thread of the cells is new and empty: they run again, stages from the cache. */
  async #recover(reason: string): Promise<void> {
    const text = `phasecell: ${reason}: all cells start over, stages come from the cache\n`;
    this.#server.publish(this.#latest, "stream", { name: "stderr", text });
    const session = await this.#loadSession();
    this.#executor.apply(session.all());
  }

  #replyOk(request: JupyterMessage, count: number): void {
    this.#server.reply(request, "shell", { status: "ok", execution_count: count, payload: [], user_expressions: {} });
  }

  #replyError(request: JupyterMessage, error: ErrorContent, count = this.#count): void {
    this.#server.publish(request, "error", { ...error });
    this.#server.reply(request, "shell", { status: "error", execution_count: count, ...error });
  }
}

const INTERRUPTED: CellFailure = { name: "Interrupted", message: "interrupted" };
const LOST: CellFailure = { name: "ThreadLost", message: "the thread of the cells ended while this one ran" };

/** What a front end calls the cell of a request; those that do not say may write it: `// @cell name`. */
const keyOf = ({ metadata, content }: JupyterMessage): string | undefined =>
  typeof metadata.cellId === "string" ? metadata.cellId : /^\s*\/\/\s*@cell\s+(\S+)/.exec(String(content.code))?.[1];

/** Front ends that say which cell runs keep listening to it; nbclient listens only while it runs. */
const hasCellIds = ({ metadata }: JupyterMessage): boolean => typeof metadata.cellId === "string";

function kernelInfo(version: string): Content {
  const { version: typescript } = createRequire(import.meta.url)("typescript/package.json") as { version: string };
  return {
    status: "ok",
    protocol_version: "5.3",
    implementation: "phasecell",
    implementation_version: version,
    banner: `PhaseCell ${version}: TypeScript ${typescript}, Node ${process.versions.node}`,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true, mode: "typescript" },
    },
    help_links: [],
    supported_features: [],
  };
}

/** Ends the kernel when the server that started it is gone without having said so. */
function endWithParent(): void {
  if (!process.env.JPY_PARENT_PID) return;
  const { ppid } = process;
  setInterval(() => {
    if (process.ppid !== ppid) process.exit(1);
  }, 1000).unref();
}

/** Starts the kernel that Jupyter asked for. */
export async function startKernel(options: KernelOptions): Promise<void> {
  if (!options.connectionFile)
    throw new InputError({ what: "kernel", expected: "the connection file that Jupyter writes" });
  await new Kernel(options).start();
}
