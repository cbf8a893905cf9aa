import { createRequire } from "node:module";
import type { CompletionEntry, LanguageService, SymbolDisplayPart } from "typescript";
import { modeOfCode } from "../jupyter-source.js";
import type { Content } from "./message.node.js";
import type { NotebookSession } from "./session.node.js";

const require = createRequire(import.meta.url);

/** Suggestions shown at most, and those of them with their types. */
const MOST = 100;
const WITH_TYPES = 8;

/** Completion, inspection and whether a cell is complete. Cursors count code points, as Jupyter does. */
export class LanguageRequests {
  constructor(readonly session: () => Promise<NotebookSession>) {}

  async isComplete(code: string): Promise<Content> {
    const { isCompleteCode } = require("tslab/dist/converter.js") as {
      isCompleteCode(code: string): { completed: boolean; indent?: string };
    };
    const { completed, indent = "" } = isCompleteCode(code);
    return completed ? { status: "complete" } : { status: "incomplete", indent };
  }

  async complete(code: string, cursor: number): Promise<Content> {
    const { checker, cells } = await this.session();
    const place = utf16(code, cursor);
    const [prefix] = /[\p{L}\p{N}_$]*$/u.exec(code.slice(0, place))!;
    const nothing = { status: "ok", matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
    if (!isCode(code)) return nothing;
    return checker.ask(code, (service, file, offset) => {
      const found = service.getCompletionsAtPosition(file, offset + place, {});
      if (!found) return nothing;
      const own = new Set([...cells.values()].flatMap(({ compiled }) => compiled?.outputs ?? []));
      const entries = found.entries
        .filter(({ name }) => !name.startsWith("__") && name.toLowerCase().startsWith(prefix.toLowerCase()))
        .sort((a, b) => rank(a, own) - rank(b, own) || (a.sortText + a.name < b.sortText + b.name ? -1 : 1))
        .slice(0, MOST);
      const start = codePoints(code, place - prefix.length);
      const types = entries.map(({ name, kind }, k) => {
        const details =
          k < WITH_TYPES
            ? service.getCompletionEntryDetails(file, offset + place, name, {}, undefined, {}, undefined)
            : undefined;
        return { start, end: cursor, text: name, type: kind, signature: textOf(details?.displayParts) };
      });
      return {
        ...nothing,
        matches: entries.map(({ name }) => name),
        cursor_start: start,
        metadata: { _jupyter_types_experimental: types },
      };
    });
  }

  async inspect(code: string, cursor: number): Promise<Content> {
    const { checker } = await this.session();
    const place = utf16(code, cursor);
    const described = isCode(code)
      ? checker.ask(code, (service, file, offset) => describeAt(service, file, offset, place))
      : undefined;
    if (!described) return { status: "ok", found: false, data: {}, metadata: {} };
    const { signature, documentation } = described;
    return {
      status: "ok",
      found: true,
      data: {
        "text/plain": [signature, documentation].filter(Boolean).join("\n\n"),
        "text/markdown": `\`\`\`typescript\n${signature}\n\`\`\`\n\n${documentation}`,
      },
      metadata: {},
    };
  }
}

const isCode = (code: string): boolean => ["ts", "js"].includes(modeOfCode(code).mode);

/** Names of the notebook come first, those of the browser last. */
const rank = ({ name, kindModifiers = "" }: CompletionEntry, own: ReadonlySet<string>): number =>
  own.has(name) ? 0 : kindModifiers.includes("declare") ? 2 : 1;

/** The name at the cursor or before it, else the function whose arguments stand around it. */
function describeAt(service: LanguageService, file: string, offset: number, place: number) {
  for (const at of [place, place - 1]) {
    const info = at < 0 ? undefined : service.getQuickInfoAtPosition(file, offset + at);
    if (info) {
      const tags = (info.tags ?? []).map(({ name, text }) => `@${name} ${textOf(text)}`);
      return {
        signature: textOf(info.displayParts)
          .replace(/^\(alias\) /, "")
          .replace(/\nimport \S+$/, "")
          .replace(/^const (\S+): typeof __\1$/, "$1"),
        documentation: [textOf(info.documentation), ...tags].filter(Boolean).join("\n"),
      };
    }
  }
  const help = service.getSignatureHelpItems(file, offset + place, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!item) return undefined;
  const parameters = item.parameters
    .map(({ displayParts }) => textOf(displayParts))
    .join(textOf(item.separatorDisplayParts));
  return {
    signature: textOf(item.prefixDisplayParts) + parameters + textOf(item.suffixDisplayParts),
    documentation: textOf(item.documentation),
  };
}

const textOf = (parts: readonly SymbolDisplayPart[] | undefined): string =>
  (parts ?? []).map(({ text }) => text).join("");

const utf16 = (code: string, cursor: number): number => [...code].slice(0, cursor).join("").length;
const codePoints = (code: string, place: number): number => [...code.slice(0, place)].length;
