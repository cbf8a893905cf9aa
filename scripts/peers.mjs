// The outside programs that tests talk to, and how Debian and pip install them. Run as root on Debian, installs what is
// missing; JupyterLab goes into a virtual environment of its own outside of the repository.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Executable -> Debian packages that bring it. */
export const peers = {
  "/usr/bin/pw.x": ["quantum-espresso", "quantum-espresso-data"],
  "/usr/bin/lmp": ["lammps", "lammps-data"],
  "/usr/bin/jupyter-nbconvert": ["jupyter-nbconvert", "jupyter-client", "python3-ipykernel"],
  "/usr/bin/chromium": ["chromium"],
  "/usr/lib/python3/dist-packages/ase/__init__.py": ["python3-ase", "python3-numpy"],
  "/usr/lib/python3.11/ensurepip/__init__.py": ["python3-venv"],
  "/usr/lib/x86_64-linux-gnu/libvulkan.so.1": ["libvulkan1"],
};

/** Front ends that Debian 12 does not have; ipywidgets brings its widgets to them. */
const pythonPackages = ["jupyterlab==4.6.6", "notebook==7.6.5", "ipywidgets==8.1.9"];

/** Where they are: `bin/python`, `bin/jupyter-lab`. */
export const jupyterLab = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"),
  "phasecell",
  "jupyterlab",
);

function installJupyterLab() {
  const done = path.join(jupyterLab, "installed");
  const wanted = pythonPackages.join("\n");
  if (fs.existsSync(done) && fs.readFileSync(done, "utf8") === wanted) return;
  console.log(`installing ${pythonPackages.join(" ")} in ${jupyterLab}`);
  const run = (program, ...args) =>
    spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 600_000 }).status === 0;
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  if (
    run("/usr/bin/python3", "-m", "venv", jupyterLab) &&
    run(path.join(jupyterLab, "bin/pip"), "install", ...quiet, ...pythonPackages)
  )
    fs.writeFileSync(done, wanted);
  else console.log("installing JupyterLab failed: its tests are skipped");
}

export function installPeers() {
  installDebianPackages();
  installJupyterLab();
}

function installDebianPackages() {
  const missing = Object.entries(peers).filter(([file]) => !fs.existsSync(file));
  if (missing.length === 0) return;
  const packages = missing.flatMap(([, names]) => names);
  if (process.getuid?.() !== 0 || !fs.existsSync("/etc/debian_version")) {
    console.log(`peers not installed: ${packages.join(" ")}; their tests are skipped (root on Debian installs them)`);
    return;
  }
  console.log(`installing the peers that the tests talk to: ${packages.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) =>
    spawnSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  if (!apt("update") || !apt("install", "-y", "--no-install-recommends", ...packages))
    console.log("installing the peers failed: their tests are skipped");
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop())) installPeers();
