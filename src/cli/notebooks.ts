import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { serveNotebooks } from "../page/serve-notebooks.node.js";
import { buildSite } from "../page/site.node.js";
import { defineCommand, printResult } from "./command.js";
import { version } from "./version.node.js";

export const command = defineCommand({
  name: "notebooks",
  summary: "notebooks as pages: a preview with live editing, or a static site",
  usage: "notebooks serve|build [NOTEBOOK.html]... [--port N | --out DIR]",
  options: {
    port: { type: "string", placeholder: "N", help: "of the preview, on this machine only (8017; 0 takes a free one)" },
    out: { type: "string", placeholder: "DIR", help: "where the site goes (results/site)" },
    cache: { type: "string", placeholder: "DIR", help: "where bundles are kept (.cache/page)" },
  },
  async run(args, io) {
    const [action, ...given] = args.positionals;
    if (action !== "serve" && action !== "build")
      throw new InputError({ what: "phasecell notebooks", value: action, expected: "serve or build" });
    const files = given.length ? given : notebooksHere();
    const options = {
      root: process.cwd(),
      version: version(),
      cacheFolder: args.values.cache ?? ".cache/page",
      signal: io.signal,
      onProgress: io.onProgress,
    };
    if (action === "build") {
      const folder = args.values.out ?? "results/site";
      const start = performance.now();
      const written = await buildSite(files, folder, options);
      const milliseconds = Math.round(performance.now() - start);
      printResult(
        args,
        io,
        { folder, written, milliseconds },
        `${written.join("\n")}\n${files.length} notebooks, ${(milliseconds / 1000).toFixed(1)} s`,
      );
      return;
    }
    const server = await serveNotebooks(files, { ...options, port: parsePort(args.values.port ?? "8017") });
    printResult(
      args,
      io,
      { url: server.url },
      `${server.url}\nEdits of the files show at once. Ctrl-C ends the server.`,
    );
    await new Promise<void>((resolve) => io.signal.addEventListener("abort", () => resolve(), { once: true }));
    await server.close();
  },
});

function notebooksHere(): string[] {
  const folder = "notebooks";
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".html")) : [];
  if (!files.length)
    throw new InputError({ what: "notebooks", expected: "files notebooks/*.html here", attempt: "naming them" });
  return files.sort().map((name) => path.join(folder, name));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65535)
    throw new InputError({ what: "--port", value: text, expected: "a whole number from 0 to 65535" });
  return port;
}
