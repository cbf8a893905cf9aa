import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { relaxedSimdProblem } from "../engine/kernel-variants.js";
import { threadsProblem, withThreads } from "../engine/threads.js";
import type { WebGpuFinding } from "../engine/webgpu/probe.js";
import { builtLammps } from "./bench-peers.node.js";

/** What was found of one thing, and how to get it when it is missing. */
export interface Finding {
  readonly name: string;
  readonly group: "engine" | "hardware" | "notebook" | "program";
  readonly found: boolean;
  /** Version, adapter, path. */
  readonly detail: string;
  /** How to get it; absent when it is there. */
  readonly remedy?: string;
}

const execute = promisify(execFile);

/** Looks for everything PhaseCell can use on this machine; nothing is started for longer than a few seconds. */
export async function probeMachine(): Promise<Finding[]> {
  const findings = await Promise.all([
    referenceEngine(),
    wasmEngine(),
    relaxedEngine(),
    engineThreads(),
    webGpu(),
    tensorflow(),
    processor(),
    program(
      "jupyter",
      "notebook",
      ["kernelspec", "--version"],
      "apt install jupyter-notebook, or pip install jupyterlab",
    ),
    tslab(),
    program("pw.x", "program", undefined, "apt install quantum-espresso"),
    program("gpaw", "program", ["--version"], "apt install gpaw"),
    program("abinit", "program", ["--version"], "apt install abinit"),
    program("lmp", "program", ["-h"], "apt install lammps"),
    benchPeer(),
    program("chromium", "program", ["--version"], "apt install chromium (browser tests only)"),
  ]);
  return findings;
}

const present = (group: Finding["group"], name: string, detail: string): Finding => ({
  name,
  group,
  found: true,
  detail,
});
const absent = (group: Finding["group"], name: string, detail: string, remedy: string): Finding => ({
  name,
  group,
  found: false,
  detail,
  remedy,
});

async function referenceEngine(): Promise<Finding> {
  return present("engine", "reference", `TypeScript in f64, Node ${process.versions.node}`);
}

async function wasmEngine(): Promise<Finding> {
  const supported = WebAssembly.validate(SIMD_MODULE);
  return supported
    ? present("engine", "wasm", "AssemblyScript with 128-bit SIMD")
    : absent("engine", "wasm", "no WebAssembly SIMD", "a processor with SSE4.1 or NEON and Node 20.19 or newer");
}

async function relaxedEngine(): Promise<Finding> {
  const problem = relaxedSimdProblem();
  return problem === undefined
    ? present("engine", "wasm-relaxed", "fused multiply-add; wasm-mixed runs SNAP in f32x4 wherever wasm runs")
    : absent("engine", "wasm-relaxed", problem, "a processor with AVX or NEON and Node 20.19 or newer");
}

/** Starts a second thread over a shared memory, to see whether it does. */
async function engineThreads(): Promise<Finding> {
  const name = "wasm threads";
  const problem = threadsProblem() ?? (await withThreads(2, 2, (instance) => instance.release()).catch(String));
  return problem
    ? absent("engine", name, `runs use one: ${problem}`, "Node 20.19 or newer, with workers")
    : present("engine", name, `up to ${os.availableParallelism()} over one shared memory`);
}

/** A module whose one function returns a v128 constant: it validates only where SIMD is there. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Prints what engine webgpu finds. Runs apart: drivers write to standard error, and crash. Built JavaScript, as in workers. */
const ADAPTER_PROBE = `
  const { probeWebGpu } = await import(process.argv[1]);
  console.log(JSON.stringify(await probeWebGpu()));
  process.exit(0);`;
const PROBE_MODULE = new URL("../../dist/engine/webgpu/probe.js", import.meta.url).href;

/** A WebGPU adapter through the optional package `webgpu` (Dawn). */
async function webGpu(): Promise<Finding> {
  const name = "webgpu";
  if (installedVersion(name) === undefined)
    return absent("engine", name, "package not installed", "npm install webgpu");
  const command = ["--input-type=module", "-e", ADAPTER_PROBE, PROBE_MODULE];
  const probe = await execute(process.execPath, command, { timeout: 10_000 }).catch(() => undefined);
  const line = probe?.stdout.trim().split("\n").at(-1) ?? "";
  const finding = (line === "" ? { reason: "the probe failed" } : JSON.parse(line)) as Partial<WebGpuFinding>;
  if (finding.adapter !== undefined)
    return present(
      "engine",
      name,
      `${finding.adapter}${finding.software ? ", software: for tests, slower than wasm" : ""}`,
    );
  return absent("engine", name, finding.reason ?? "no adapter", "a GPU driver with Vulkan, Metal or Direct3D 12");
}

/** Probed by name only: its native library is hundreds of megabytes and nothing needs it. */
async function tensorflow(): Promise<Finding> {
  const name = "@tensorflow/tfjs-node-gpu";
  const version = installedVersion(name);
  const remedy =
    "npm install @tensorflow/tfjs-node-gpu, with an NVIDIA driver, CUDA 11.8 and cuDNN 8; training of neural heads only";
  if (version === undefined) return absent("engine", name, "package not installed (optional)", remedy);
  const driver = await output("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"]);
  return driver === undefined
    ? absent("engine", name, `${version}, but no NVIDIA driver (nvidia-smi)`, "an NVIDIA driver, CUDA 11.8 and cuDNN 8")
    : present("engine", name, `${version}, ${firstLine(driver)}`);
}

async function processor(): Promise<Finding> {
  const model = os.cpus()[0]?.model.trim() ?? "unknown";
  return present(
    "hardware",
    "cores",
    `${os.availableParallelism()} (${model}), ${Math.round(os.totalmem() / 2 ** 30)} GiB memory`,
  );
}

/** What `phasecell bench` measures against beyond Debian's LAMMPS. */
async function benchPeer(): Promise<Finding> {
  const name = "LAMMPS for the bench";
  const built = builtLammps();
  return built
    ? present("program", name, built)
    : absent("program", name, "not built", "node scripts/lammps-peer.mjs (10 minutes of one core)");
}

async function tslab(): Promise<Finding> {
  const version = installedVersion("tslab");
  return version === undefined
    ? absent("notebook", "tslab", "package not installed", "npm install in the project")
    : present("notebook", "tslab", `${version}; install the kernel with: phasecell kernel install`);
}

async function program(
  name: string,
  group: "notebook" | "program",
  args: readonly string[] | undefined,
  remedy: string,
): Promise<Finding> {
  const file = await findOnPath(name);
  if (file === undefined) return absent(group, name, "not on the PATH", remedy);
  const text = args === undefined ? undefined : await output(file, args);
  return present(group, name, text === undefined ? file : `${file}: ${firstLine(text)}`);
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      await access(file, 1);
      return file;
    } catch {
      // Not in this folder: look in the next.
    }
  }
  return undefined;
}

async function output(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await execute(file, [...args], { timeout: 5000, maxBuffer: 2 ** 22 });
    return stdout.trim() || stderr.trim() || undefined;
  } catch {
    return undefined;
  }
}

function installedVersion(name: string): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

const firstLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "") ?? "";
