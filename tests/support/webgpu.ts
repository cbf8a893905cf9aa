import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { ComputationError, InputError } from "../../src/errors.js";
import type { Evaluation, Move, Session } from "../../src/potentials/potential.js";
import type { ContractHost } from "../contracts/potential-contract.js";
import { singlePrecision } from "./tolerance.js";

const server = path.resolve(import.meta.dirname, "webgpu-server.mjs");
/** Chromium's software adapter, where no other driver is asked for. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Environment of a process with a GPU or, where there is none, the software adapter. */
export const webGpuEnvironment = {
  ...process.env,
  ...(process.env.VK_ICD_FILENAMES === undefined && fs.existsSync(SWIFTSHADER)
    ? { VK_ICD_FILENAMES: SWIFTSHADER }
    : {}),
};

/** Why tests of engine webgpu cannot run here, if they cannot. */
export function requireWebGpu(): string | undefined {
  const { stdout } = spawnSync(process.execPath, [server, "--probe"], {
    env: webGpuEnvironment,
    encoding: "utf8",
    timeout: 60_000,
  });
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (line === "") return "no WebGPU: the probe ended early";
  return (JSON.parse(line) as { adapter?: string }).adapter === undefined ? "no WebGPU adapter" : undefined;
}

/**
 * Times that the process may end under one request, or hang for longer than this (ms): SwiftShader's threads do so at
 * random, wrong numbers never do.
 */
const LIVES = 4;
const PATIENCE = 60_000;

let child: { readonly process: ChildProcess; readonly lines: Interface } | undefined;
let turn: Promise<unknown> = Promise.resolve();

function start(): NonNullable<typeof child> {
  const started = spawn(process.execPath, [server], { env: webGpuEnvironment, stdio: ["pipe", "pipe", "ignore"] });
  started.stdin!.on("error", () => {});
  // An idle server does not keep the tests from ending.
  started.unref();
  for (const stream of [started.stdin, started.stdout]) (stream as { unref?: () => void } | null)?.unref?.();
  return { process: started, lines: createInterface({ input: started.stdout! }) };
}

/** Lets the server do something, in a new one where it dies on the way. */
export function askWebGpu<T>(method: string, request: unknown, patience = PATIENCE): Promise<T> {
  const result = turn.then(async () => {
    for (let life = 0; life < LIVES; life++) {
      child ??= start();
      const answer = await exchange(child, `${JSON.stringify({ method, request }, plain)}\n`, patience);
      if (answer === undefined) {
        child = undefined;
        continue;
      }
      const { result: value, error } = JSON.parse(answer, revive) as {
        result?: T;
        error?: { name: string; message: string };
      };
      if (!error) return value as T;
      const kind = { InputError, ComputationError }[error.name];
      throw kind ? new kind({ what: error.message }) : new Error(`${error.name}: ${error.message}`);
    }
    throw new Error(`the process with the GPU ended ${LIVES} times`);
  });
  turn = result.catch(() => {});
  return result;
}

function exchange(
  { process: running, lines }: NonNullable<typeof child>,
  text: string,
  patience: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (answer: string | undefined): void => {
      clearTimeout(timer);
      lines.removeListener("line", end);
      running.removeListener("exit", gone);
      resolve(answer);
    };
    const gone = (): void => end(undefined);
    const timer = setTimeout(() => running.kill("SIGKILL"), patience);
    lines.once("line", end);
    running.once("exit", gone);
    if (running.exitCode !== null || running.signalCode !== null) gone();
    else running.stdin!.write(text);
  });
}

/** Ends the server. */
export function stopWebGpu(): void {
  child?.process.kill();
  child = undefined;
}

const plain = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? { $array: value.constructor.name, values: Array.from(value as Float64Array) } : value;

const kinds = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array };
const revive = (_: string, value: unknown): unknown => {
  const { $array, values } = (value ?? {}) as { $array?: keyof typeof kinds; values?: number[] };
  return $array ? kinds[$array].from(values!) : value;
};

/** Sessions of engine webgpu in the server: each evaluation repeats the moves before it. */
export const webGpuHost: ContractHost = {
  engines: ["webgpu"],
  tolerance: singlePrecision,
  async open(potential, structure, outputs): Promise<Session> {
    const moves: Move[] = [];
    const { cell, pbc, numbers, positions } = structure;
    return {
      engine: "webgpu",
      async evaluate(move = {}) {
        moves.push(move);
        const request = { spec: potential.spec, structure: { cell, pbc, numbers, positions }, outputs, moves };
        return (await askWebGpu<Evaluation[]>("evaluate", request)).at(-1)!;
      },
      dispose() {},
    };
  },
};
