import path from "node:path";
import { InputError } from "../errors.js";
import { cacheEntries, deleteEntries } from "./cache-entries.node.js";
import { defineCommand, printResult } from "./command.js";

export const command = defineCommand({
  name: "cache",
  summary: "what notebooks keep here: how much it is, what to drop",
  usage: "cache [--limit MB | --clear] [--cache DIR]",
  options: {
    limit: { type: "string", placeholder: "MB", help: "drops what was not wanted for the longest time, down to this" },
    clear: { type: "boolean", help: "drops everything" },
    cache: { type: "string", placeholder: "DIR", help: "folder of caches (.cache)" },
  },
  async run(args, io) {
    const { limit, clear, cache: folder = ".cache" } = args.values;
    if (args.positionals.length || (clear && limit !== undefined))
      throw new InputError({
        what: "phasecell cache",
        value: args.positionals.join(" ") || "--clear --limit",
        expected: "nothing, --limit MB or --clear",
      });
    const entries = cacheEntries(folder).sort((a, b) => a.used - b.used);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    const room = clear ? 0 : limit === undefined ? bytes : 1e6 * megabytes(limit);
    let left = bytes;
    let count = 0;
    while (left > room && count < entries.length) left -= entries[count++]!.bytes;
    // Verdicts and leftovers are small, or empty: nothing stays when nothing is wanted.
    const dropped = clear ? entries : entries.slice(0, count);
    deleteEntries(dropped);
    const place = path.resolve(folder);
    const kept = entries.length - dropped.length;
    const document = { folder: place, entries: kept, bytes: left, dropped: dropped.length, droppedBytes: bytes - left };
    const text = `${place}: ${kept} entries, ${(left / 1e6).toFixed(1)} MB`;
    printResult(
      args,
      io,
      document,
      dropped.length ? `${text}; dropped ${dropped.length}, ${((bytes - left) / 1e6).toFixed(1)} MB` : text,
    );
  },
});

function megabytes(text: string): number {
  const size = Number(text);
  if (text.trim() === "" || !(size >= 0) || !Number.isFinite(size))
    throw new InputError({ what: "--limit", value: text, expected: "megabytes, 0 or more" });
  return size;
}
