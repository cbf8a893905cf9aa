import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Inputs } from "./input-control.js";
import { html, md, tex } from "./markup.js";

/** The names that cells may use on this host, and how they import. */
export function nodeHost(folder: string, library: () => Promise<unknown>) {
  const attachment = (name: string) => {
    const from = path.resolve(folder, name);
    return {
      name: path.basename(name),
      text: () => readFile(from, "utf8"),
      json: async () => JSON.parse(await readFile(from, "utf8")) as unknown,
      arrayBuffer: async () => new Uint8Array(await readFile(from)).buffer,
    };
  };
  const importModule = (specifier: string): Promise<unknown> => {
    const name = specifier.replace(/^npm:/, "");
    if (name === "phasecell") return library();
    return import(name.startsWith(".") ? pathToFileURL(path.resolve(folder, name)).href : name);
  };
  return { builtins: { Inputs, md, tex, html, htl: { html }, FileAttachment: attachment }, importModule };
}
