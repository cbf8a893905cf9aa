import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../errors.js";
import { Inputs } from "./input-control.js";
import { html, md, tex } from "./markup.js";
import { readablePlace } from "./project-folder.node.js";

/** What cells may reach besides the library. */
export interface HostRules {
  /** Real folders that attachments and local imports may come from. */
  readonly readable: readonly string[];
  /** Cells may import modules of Node. */
  readonly nodeModules: boolean;
}

/** The names that cells may use on this host, and how they import; without rules a cell reaches what its user reaches. */
export function nodeHost(folder: string, library: () => Promise<unknown>, rules?: HostRules) {
  const placeOf = (name: string, what: string): string =>
    rules ? readablePlace(name, folder, rules.readable, what) : path.resolve(folder, name);
  const attachment = (name: string) => {
    const place = () => placeOf(name, "FileAttachment");
    return {
      name: path.basename(name),
      text: async () => readFile(place(), "utf8"),
      json: async () => JSON.parse(await readFile(place(), "utf8")) as unknown,
      arrayBuffer: async () => new Uint8Array(await readFile(place())).buffer,
    };
  };
  const importModule = async (specifier: string): Promise<unknown> => {
    const name = specifier.replace(/^npm:/, "");
    if (name === "phasecell") return library();
    if (/^(\.|\/|file:|[a-z]:\\)/i.test(name)) {
      const local = name.startsWith("file:") ? new URL(name).pathname : name;
      return import(pathToFileURL(placeOf(local, "import")).href);
    }
    if (rules && !rules.nodeModules && isBuiltin(name))
      throw new InputError({
        what: "import",
        value: name,
        expected: "phasecell or a package: cells run in a page too",
        attempt: "FileAttachment for files, or --trust",
      });
    return import(name);
  };
  return { builtins: { Inputs, md, tex, html, htl: { html }, FileAttachment: attachment }, importModule };
}
