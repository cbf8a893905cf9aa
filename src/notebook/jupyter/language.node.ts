import { createRequire } from "node:module";
import type { Content } from "./message.node.js";
import type { NotebookSession } from "./session.node.js";

const require = createRequire(import.meta.url);

/** Completion, inspection and whether a cell is complete. */
export class LanguageRequests {
  constructor(readonly session: () => Promise<NotebookSession>) {}

  async isComplete(code: string): Promise<Content> {
    const { isCompleteCode } = require("tslab/dist/converter.js") as {
      isCompleteCode(code: string): { completed: boolean; indent?: string };
    };
    const { completed, indent = "" } = isCompleteCode(code);
    return completed ? { status: "complete" } : { status: "incomplete", indent };
  }

  async complete(_code: string, cursor: number): Promise<Content> {
    return { status: "ok", matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
  }

  async inspect(_code: string, _cursor: number): Promise<Content> {
    return { status: "ok", found: false, data: {}, metadata: {} };
  }
}
