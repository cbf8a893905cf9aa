import { readFile } from "node:fs/promises";

type SymmetryModule = typeof import("@spglib/moyo-wasm");

let ready: Promise<SymmetryModule> | undefined;

/** The symmetry library with its WebAssembly started; Node's fetch does not read files. */
export const symmetryModule = (): Promise<SymmetryModule> => {
  ready ??= start();
  return ready;
};

async function start(): Promise<SymmetryModule> {
  const moyo = await import("@spglib/moyo-wasm");
  const { createRequire } = await import("node:module");
  const file = createRequire(import.meta.url).resolve("@spglib/moyo-wasm/moyo_wasm_bg.wasm");
  moyo.initSync({ module: await readFile(file) });
  return moyo;
}
