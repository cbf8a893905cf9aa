// The outside programs that tests talk to, and how Debian installs them. Run as root on Debian, installs what is missing.
import { spawnSync } from "node:child_process";
import fs from "node:fs";

/** Executable -> Debian packages that bring it. */
export const peers = {
  "/usr/bin/pw.x": ["quantum-espresso", "quantum-espresso-data"],
  "/usr/bin/lmp": ["lammps", "lammps-data"],
  "/usr/bin/jupyter-nbconvert": ["jupyter-nbconvert", "jupyter-client", "python3-ipykernel"],
  "/usr/bin/chromium": ["chromium"],
  "/usr/lib/python3/dist-packages/ase/__init__.py": ["python3-ase", "python3-numpy"],
};

export function installPeers() {
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
