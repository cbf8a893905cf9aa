import { readFileSync } from "node:fs";
import jupyter from "tslab/dist/jupyter.js";
import { InputError } from "../../errors.js";
import { type Content, formatMessage, type JupyterMessage, messageFrom, parseMessage } from "./message.node.js";

/** Answers requests; a promise keeps the request busy until it settles. */
export interface RequestHandler {
  handle(request: JupyterMessage, channel: Channel): void | Promise<void>;
  close(): void;
}

export type Channel = "shell" | "control";

interface Socket {
  send(frames: readonly (Buffer | string)[]): Promise<void>;
}

/** Refuses to listen to other machines, or to messages that nobody signed. */
function checkConnection(file: string): void {
  const { ip, key, transport, signature_scheme: scheme } = JSON.parse(readFileSync(file, "utf8")) as ConnectionFile;
  const loopback = transport === "ipc" || /^(127(\.\d+){3}|localhost|::1|\[::1\])$/.test(ip);
  if (!loopback) throw new InputError({ what: "kernel: address", value: ip, expected: "this machine only, 127.0.0.1" });
  if (!key || (scheme !== undefined && scheme !== "hmac-sha256"))
    throw new InputError({ what: "kernel: connection file", expected: "a key, and hmac-sha256 as signature_scheme" });
}

interface ConnectionFile {
  readonly ip: string;
  readonly key?: string;
  readonly transport?: string;
  readonly signature_scheme?: string;
}

/** tslab's ZeroMQ server with our messages: signatures checked first, all request types, loopback only. */
export class KernelServer extends jupyter.ZmqServer {
  /** Sends of a socket wait for each other: ZeroMQ refuses a second one meanwhile. */
  readonly #sending = new Map<Socket, Promise<void>>();
  /** Requests in progress, oldest first: the front end shows an idle kernel only when there are none. */
  readonly #busy = new Set<JupyterMessage>();
  #complained = false;

  constructor(
    readonly requests: RequestHandler,
    readonly connectionFile: string,
  ) {
    super({ close: () => requests.close() } as never, connectionFile);
  }

  override async init(): Promise<void> {
    checkConnection(this.connectionFile);
    await super.init();
    this.publish(undefined, "status", { execution_state: "starting" });
  }

  override async handleShellMessage(socket: never, ...frames: never[]): Promise<void> {
    let request: JupyterMessage;
    try {
      request = parseMessage(this.connInfo.key, frames);
    } catch (error) {
      // Said once: whoever has no key must not be able to fill the log.
      if (!this.#complained) process.stderr.write(`phasecell kernel: ${(error as Error).message}\n`);
      this.#complained = true;
      return;
    }
    this.#busy.add(request);
    this.publish(request, "status", { execution_state: "busy" });
    try {
      await this.requests.handle(request, socket === (this.control as unknown) ? "control" : "shell");
    } catch (error) {
      process.stderr.write(`phasecell kernel: ${(error as Error).stack ?? String(error)}\n`);
    } finally {
      this.#busy.delete(request);
      this.publish(request, "status", { execution_state: "idle" });
      const [oldest] = this.#busy;
      if (oldest) this.publish(oldest, "status", { execution_state: "busy" });
    }
  }

  /** Tells all front ends, as a consequence of `parent`. */
  publish(parent: JupyterMessage | undefined, type: string, content: Content, metadata: Content = {}): void {
    const message = messageFrom(parent, type, content, metadata);
    this.#send(this.iopub as unknown as Socket, { ...message, identities: [Buffer.from(type)] });
  }

  reply(request: JupyterMessage, channel: Channel, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#send(this[channel] as unknown as Socket, messageFrom(request, type, content));
  }

  /** Resolves when everything said so far has been handed to ZeroMQ. */
  async flush(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  #send(socket: Socket, message: JupyterMessage): void {
    const frames = formatMessage(this.connInfo.key, message);
    const before = this.#sending.get(socket) ?? Promise.resolve();
    const sent = before
      .then(() => socket.send(frames))
      .catch((error: Error) => {
        process.stderr.write(`phasecell kernel: ${error.message}\n`);
      });
    this.#sending.set(socket, sent);
  }
}
