import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { InputError } from "../../errors.js";

/** Ends the routing prefix of a message. */
const DELIMITER = "<IDS|MSG>";
const SESSION = randomUUID();

export interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export type Content = Readonly<Record<string, unknown>>;

/** One message of Jupyter's protocol (https://jupyter-client.readthedocs.io/en/stable/messaging.html). */
export interface JupyterMessage {
  /** Routing prefix; a topic on the publishing socket. */
  readonly identities: readonly Buffer[];
  readonly header: MessageHeader;
  readonly parent: MessageHeader | Record<string, never>;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Buffer[];
}

const sign = (key: string, parts: readonly (Buffer | string)[]): string => {
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** Reads the frames of a message; nothing of it is looked at before its signature was found right. */
export function parseMessage(key: string, frames: readonly Buffer[]): JupyterMessage {
  const at = frames.findIndex((frame) => frame.toString("latin1") === DELIMITER);
  const [signature, ...parts] = at < 0 ? [] : frames.slice(at + 1);
  if (!signature || parts.length < 4)
    throw new InputError({ what: "message", value: `${frames.length} frames`, expected: "a message of Jupyter" });
  const expected = Buffer.from(sign(key, parts.slice(0, 4)));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw new InputError({ what: "message with a wrong signature", attempt: "the key of the connection file" });
  const [header, parent, metadata, content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, at), header, parent, metadata, content, buffers: parts.slice(4) };
}

/** A message that answers another, or follows from it. */
export function messageFrom(
  parent: JupyterMessage | undefined,
  type: string,
  content: Content,
  metadata: Content = {},
): JupyterMessage {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session: SESSION,
      username: "kernel",
      date: new Date().toISOString(),
      version: "5.3",
    },
    parent: parent?.header ?? {},
    metadata,
    content,
    buffers: [],
  };
}

/** The frames of a message, signed. */
export function formatMessage(key: string, message: JupyterMessage): (Buffer | string)[] {
  const { identities, header, parent, metadata, content, buffers } = message;
  const parts = [header, parent, metadata, content].map((part) => JSON.stringify(part));
  return [...identities, DELIMITER, sign(key, parts), ...parts, ...buffers];
}
