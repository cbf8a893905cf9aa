import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder, writeText } from "../formats/files.node.js";

/** Where Jupyter looks for kernels: below a prefix, or of the user (https://docs.jupyter.org, "Data files"). */
export function kernelFolder(prefix: string | undefined): string {
  if (prefix !== undefined) return path.join(path.resolve(prefix), "share", "jupyter", "kernels", "phasecell");
  const home = os.homedir();
  const data =
    process.env.JUPYTER_DATA_DIR ??
    (process.platform === "darwin"
      ? path.join(home, "Library", "Jupyter")
      : process.platform === "win32"
        ? path.join(process.env.APPDATA ?? home, "jupyter")
        : path.join(process.env.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "jupyter"));
  return path.join(data, "kernels", "phasecell");
}

/** Writes kernel.json with absolute paths, as Jupyter needs them, and returns its path. */
export function installKernel(folder: string): string {
  const launcher = fileURLToPath(new URL("../../kernel/tslab.cjs", import.meta.url));
  const spec = {
    argv: [process.execPath, "--disable-warning=ExperimentalWarning", launcher, "--config-path", "{connection_file}"],
    display_name: "PhaseCell (TypeScript)",
    language: "typescript",
    interrupt_mode: "signal",
  };
  const file = path.join(folder, "kernel.json");
  makeFolder(folder);
  writeText(file, `${JSON.stringify(spec, null, 2)}\n`);
  return file;
}
