import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StageEntry } from "../../src/notebook/stage-cache.js";
import { decodePlainData } from "../../src/plain-data.js";
import { JupyterClient } from "../support/jupyter-client.js";

let cache: string;
beforeEach(() => {
  cache = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-killed-"));
});
afterEach(() => fs.rmSync(cache, { recursive: true }));

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Every entry is whole: each value of stage k is k. Returns how many there are. */
function checkEntries(): number {
  const files = fs.readdirSync(cache, { recursive: true, encoding: "utf8" }).map((file) => path.join(cache, file));
  // What the type check remembers has no content; what is being written may be gone before it is looked at.
  const isEntry = (file: string): boolean => !file.endsWith(".part") && path.basename(path.dirname(file)) !== "types";
  const entries = files.filter((file) => isEntry(file) && fs.statSync(file).isFile());
  for (const file of entries) {
    const { provenance, value } = decodePlainData(fs.readFileSync(file), file) as StageEntry;
    expect(provenance.key).toBe(path.basename(file));
    const { k, values } = value as { k: number; values: Float64Array };
    expect(values).toHaveLength(200_000);
    expect(values.every((one) => one === k)).toBe(true);
  }
  return entries.length;
}

/** Writes entries of 1.6 MB as fast as it can, as the thread of the cells does. */
const WRITER = `
  const { createStage } = await import(process.argv[1] + "/stage.js");
  const { diskStore } = await import(process.argv[1] + "/disk-store.node.js");
  const { sha256 } = await import(process.argv[1] + "/digest.node.js");
  const host = { store: diskStore(process.argv[2]), hash: sha256, seed: 0, engine: "wasm", versions: {} };
  const stage = createStage(host, new AbortController().signal, () => undefined);
  console.log("ready");
  for (let k = Number(process.argv[3]); ; k++) await stage("s", { k }, ({ k }) => ({ k, values: new Float64Array(200000).fill(k) }));`;

test("a process killed at 45 random moments leaves whole entries only", async () => {
  for (let moment = 0; moment < 45; moment++) {
    const arguments_ = [path.resolve("dist/notebook"), cache, String(1000 * moment)];
    const writer = spawn(process.execPath, ["--input-type=module", "-e", WRITER, ...arguments_], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = new Promise((resolve) => writer.once("exit", resolve));
    await new Promise((resolve) => writer.stdout.once("data", resolve));
    await sleep(60 * Math.random());
    writer.kill("SIGKILL");
    await gone;
  }
  expect(checkEntries()).toBeGreaterThan(5);
}, 180_000);

test("a kernel killed in the middle of stages leaves whole entries only, which the next one uses", async () => {
  const cell = (from: number): string =>
    `for (let k = ${from}; ; k++) await stage("s", { k }, ({ k }) => ({ k, values: new Float64Array(200000).fill(k) }));`;
  for (let moment = 0; moment < 5; moment++) {
    const client = await (await JupyterClient.start({ cacheFolder: cache })).ready();
    const before = checkEntries();
    void client.run(cell(100 * moment));
    for (let waited = 0; checkEntries() === before && waited < 300; waited++) await sleep(50);
    await sleep(150 * Math.random());
    await client.stop();
    expect(checkEntries()).toBeGreaterThan(before);
  }
  const client = await (await JupyterClient.start({ cacheFolder: cache })).ready();
  const { reply, published } = await client.run(
    'const first = await stage("s", { k: 0 }, ({ k }) => ({ k, values: new Float64Array(200000).fill(k) }));\nfirst.values.length',
  );
  expect(reply.content.status).toBe("ok");
  expect(JSON.stringify(published.map(({ content }) => content))).toContain("200000");
  await client.stop();
}, 240_000);
