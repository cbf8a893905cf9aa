import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import {
  formatMessage,
  type JupyterMessage,
  messageFrom,
  parseMessage,
} from "../../src/notebook/jupyter/message.node.js";

/** What a front end saw of one request. */
export interface Exchange {
  readonly reply: JupyterMessage;
  /** Published with the request as parent, in order. */
  readonly published: JupyterMessage[];
  readonly milliseconds: number;
}

export interface ClientOptions {
  readonly folder?: string;
  readonly cacheFolder?: string;
  /** What is changed in the connection file before the kernel reads it. */
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
}

const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<net.Server>((resolve) => {
          const server = net.createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};

/** A front end without a face: starts the kernel that `npm run build` made and speaks Jupyter's protocol with it. */
export class JupyterClient {
  readonly heard: JupyterMessage[] = [];
  stderr = "";
  readonly #shell = new Dealer();
  readonly #control = new Dealer();
  readonly #iopub = new Subscriber();
  readonly #sent = new Map<Dealer, Promise<void>>();
  readonly #replies = new Map<string, (reply: JupyterMessage) => void>();
  readonly #listeners = new Set<(message: JupyterMessage) => void>();

  private constructor(
    readonly kernel: ChildProcess,
    readonly connection: { key: string; ports: number[]; ip: string },
    readonly folder: string,
  ) {}

  static async start({ folder, cacheFolder, connection = {}, env = {} }: ClientOptions = {}): Promise<JupyterClient> {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-kernel-"));
    const ports = await freePorts(5);
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    const given = {
      ...{ shell_port, iopub_port, stdin_port, control_port, hb_port, ip: "127.0.0.1", key: randomUUID() },
      ...{ transport: "tcp", signature_scheme: "hmac-sha256", kernel_name: "phasecell" },
    };
    const file = path.join(scratch, "connection.json");
    fs.writeFileSync(file, JSON.stringify({ ...given, ...connection }));
    const kernel = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", path.resolve("kernel/phasecell.mjs"), "--config-path", file],
      {
        cwd: folder ?? scratch,
        env: { ...process.env, PHASECELL_CACHE: cacheFolder ?? path.join(scratch, "cache"), ...env },
        stdio: ["ignore", "inherit", "pipe"],
      },
    );
    const client = new JupyterClient(kernel, { key: given.key, ports, ip: given.ip }, scratch);
    kernel.stderr!.on("data", (chunk) => {
      client.stderr += String(chunk);
    });
    const at = (port: number | undefined) => `tcp://127.0.0.1:${port}`;
    client.#shell.connect(at(shell_port));
    client.#control.connect(at(control_port));
    client.#iopub.connect(at(iopub_port));
    client.#iopub.subscribe();
    for (const socket of [client.#shell, client.#control]) void client.#listen(socket);
    void client.#hear();
    return client;
  }

  /** Resolves when the kernel answers and its publications arrive: a subscription may come later than a reply. */
  async ready(): Promise<this> {
    while (this.heard.length === 0) {
      this.send("kernel_info_request", {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await this.ask("kernel_info_request", {});
    return this;
  }

  async #listen(socket: Dealer): Promise<void> {
    try {
      for await (const frames of socket) {
        const reply = parseMessage(this.connection.key, frames);
        const { msg_id } = reply.parent as { msg_id: string };
        this.#replies.get(msg_id)?.(reply);
      }
    } catch {
      // Closed.
    }
  }

  async #hear(): Promise<void> {
    try {
      for await (const frames of this.#iopub) {
        const message = parseMessage(this.connection.key, frames);
        this.heard.push(message);
        for (const listener of this.#listeners) listener(message);
      }
    } catch {
      // Closed.
    }
  }

  send(
    type: string,
    content: object,
    { channel = "shell", metadata = {}, key = this.connection.key } = {} as {
      channel?: "shell" | "control";
      metadata?: object;
      key?: string;
    },
  ): { id: string; reply: Promise<JupyterMessage> } {
    const message = messageFrom(undefined, type, content as never, metadata as never);
    const reply = new Promise<JupyterMessage>((resolve) => this.#replies.set(message.header.msg_id, resolve));
    // A socket takes one message at a time, and takes none while the kernel is not there yet.
    const socket = channel === "shell" ? this.#shell : this.#control;
    const sent = (this.#sent.get(socket) ?? Promise.resolve()).then(() => socket.send(formatMessage(key, message)));
    this.#sent.set(
      socket,
      sent.catch(() => {}), // Closed.
    );
    return { id: message.header.msg_id, reply };
  }

  /** A request with its reply and all that was published for it. */
  async ask(type: string, content: object, options: Parameters<JupyterClient["send"]>[2] = {}): Promise<Exchange> {
    const start = performance.now();
    const { id, reply } = this.send(type, content, options);
    const idle = this.waitFor((message) => isOf(message, id) && message.content.execution_state === "idle");
    const answer = await reply;
    const milliseconds = performance.now() - start;
    await idle;
    return { reply: answer, published: this.heard.filter((message) => isOf(message, id)), milliseconds };
  }

  /** Runs a cell as JupyterLab does. */
  run(code: string, cellId?: string, metadata: object = { deletedCells: [] }): Promise<Exchange> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    return this.ask("execute_request", content, { metadata: { ...(cellId ? { cellId } : {}), ...metadata } });
  }

  /** Resolves with the first message from now on that fits. */
  waitFor(fits: (message: JupyterMessage) => boolean): Promise<JupyterMessage> {
    return new Promise((resolve) => {
      const listener = (message: JupyterMessage): void => {
        if (!fits(message)) return;
        this.#listeners.delete(listener);
        resolve(message);
      };
      this.#listeners.add(listener);
    });
  }

  /** What the display with this id shows now. */
  shown(displayId: string): Readonly<Record<string, unknown>> | undefined {
    const last = this.heard.findLast(
      ({ content }) => (content.transient as { display_id?: string })?.display_id === displayId,
    );
    return last?.content.data as Readonly<Record<string, unknown>> | undefined;
  }

  heartbeat(): Promise<void> {
    const socket = new Request();
    socket.connect(`tcp://127.0.0.1:${this.connection.ports[4]}`);
    return socket
      .send("ping")
      .then(() => socket.receive())
      .then(() => socket.close());
  }

  async stop(): Promise<void> {
    if (this.kernel.exitCode === null && this.kernel.signalCode === null) {
      const gone = new Promise((resolve) => this.kernel.once("exit", resolve));
      this.kernel.kill("SIGKILL");
      await gone;
    }
    for (const socket of [this.#shell, this.#control, this.#iopub]) {
      socket.linger = 0;
      socket.close();
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

const isOf = (message: JupyterMessage, id: string): boolean => (message.parent as { msg_id?: string }).msg_id === id;
