import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder, writeText } from "../formats/files.node.js";

/** Where Jupyter looks for data of the user (https://docs.jupyter.org, "Data files"). */
function userFolder(): string {
  const home = os.homedir();
  if (process.env.JUPYTER_DATA_DIR) return process.env.JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return path.join(home, "Library", "Jupyter");
  if (process.platform === "win32") return path.join(process.env.APPDATA ?? home, "jupyter");
  return path.join(process.env.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "jupyter");
}

/** Where kernels go: below a prefix, into a folder that JUPYTER_PATH names, or of the user. */
export function kernelsFolder({ prefix, folder }: { readonly prefix?: string; readonly folder?: string } = {}): string {
  if (prefix !== undefined) return path.join(path.resolve(prefix), "share", "jupyter", "kernels");
  return path.join(folder === undefined ? userFolder() : path.resolve(folder), "kernels");
}

/** Name of the kernel -> how it starts. */
const KERNELS = {
  phasecell: { launcher: "phasecell.mjs", display_name: "PhaseCell (TypeScript)" },
  "phasecell-tslab": { launcher: "tslab.cjs", display_name: "tslab (TypeScript, in the project of PhaseCell)" },
} as const;

/** Writes kernel.json of each kernel, with absolute paths as Jupyter needs them; their paths by name. */
export function installKernels(kernels: string): Record<keyof typeof KERNELS, string> {
  const written = Object.entries(KERNELS).map(([name, { launcher, display_name }]) => {
    const script = fileURLToPath(new URL(`../../kernel/${launcher}`, import.meta.url));
    const spec = {
      argv: [process.execPath, "--disable-warning=ExperimentalWarning", script, "--config-path", "{connection_file}"],
      display_name,
      language: "typescript",
      // As a message it arrives even where the front end is another machine; a signal works too.
      interrupt_mode: name === "phasecell" ? "message" : "signal",
      metadata: { debugger: false },
    };
    const file = path.join(kernels, name, "kernel.json");
    makeFolder(path.dirname(file));
    writeText(file, `${JSON.stringify(spec, null, 2)}\n`);
    return [name, file];
  });
  return Object.fromEntries(written);
}
