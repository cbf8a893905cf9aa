import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StageEntry } from "../../src/notebook/stage-cache.js";
import { decodePlainData } from "../../src/plain-data.js";
import { notebookText } from "../notebook/notebook-text.js";
import { JupyterClient } from "../support/jupyter-client.js";

let cache: string;
beforeEach(() => {
  cache = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-killed-"));
});
afterEach(() => fs.rmSync(cache, { recursive: true }));

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Every entry of a cache is whole: each value of stage k is k. Returns how many there are. */
function checkEntries(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file));
  // What the type check remembers has no content; what is being written may be gone before it is looked at.
  const isEntry = (file: string): boolean => !file.endsWith(".part") && path.basename(path.dirname(file)) !== "types";
  const entries = files.filter((file) => isEntry(file) && fs.statSync(file).isFile());
  const whole = entries.filter((file) => fs.statSync(file).size > 0);
  expect(entries.length - whole.length).toBeLessThanOrEqual(1);
  for (const file of whole) {
    const { provenance, value } = decodePlainData(fs.readFileSync(file), file) as StageEntry;
    expect(provenance.key).toBe(path.basename(file));
    const { k, values } = value as { k: number; values: Float64Array };
    expect(values).toHaveLength(200_000);
    expect(values.every((one) => one === k)).toBe(true);
  }
  return whole.length;
}

/** How many files there are, whole or not. */
const countFiles = (folder: string): number =>
  fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).length : 0;

/** Until one to six files have come, and a moment more: on a slow machine, too, kills fall between and into writes. */
async function someFiles(folder: string): Promise<void> {
  const enough = countFiles(folder) + 1 + Math.floor(6 * Math.random());
  for (let waited = 0; countFiles(folder) < enough && waited < 15_000; waited++) await sleep(2);
  await sleep(20 * Math.random());
}

/** Entries of 1.6 MB as fast as they can be written, numbered from here on. */
const stagesFrom = (first: string): string =>
  `for (let k = ${first}; ; k++) await stage("s", { k }, ({ k }) => ({ k, values: new Float64Array(200000).fill(k) }));`;

test("phasecell run killed at 50 random moments leaves whole entries only", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-killed-"));
  const notebook = path.join(folder, "endless.html");
  const start = "const start = view(Inputs.number([0, 1e9], { value: 0 }));";
  fs.writeFileSync(notebook, notebookText([start, stagesFrom("start")].map((source) => ["ts", source] as const)));
  let moment = 0;
  let said = "";
  // Each has a cache of its own, to see when it writes.
  const lane = async (own: string): Promise<void> => {
    while (moment < 50) {
      const run = spawn(
        process.execPath,
        [path.resolve("dist/cli/main.js"), "run", notebook, "--trust", "--cache", own].concat(
          ["--out", path.join(folder, `out-${moment}`)],
          ["--set", `start=${1000 * moment++}`],
        ),
        { stdio: ["ignore", "ignore", "pipe"] },
      );
      run.stderr.on("data", (chunk) => {
        said += String(chunk);
      });
      const gone = new Promise((resolve) => run.once("exit", resolve));
      await someFiles(own);
      run.kill("SIGKILL");
      await gone;
    }
  };
  const caches = ["one", "two"].map((name) => path.join(cache, name));
  await Promise.all(caches.map(lane));
  expect(
    caches.map(checkEntries).reduce((sum, count) => sum + count),
    said,
  ).toBeGreaterThan(25);
  fs.rmSync(folder, { recursive: true });
}, 900_000);

test("a kernel killed at 50 random moments leaves whole entries only, which the next one uses", async () => {
  // One text, which is type-checked once; what a stage is called does not matter to what it holds.
  const cell = stagesFrom("Math.floor(1e9 * Math.random())");
  let left = 50;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const client = await (await JupyterClient.start({ cacheFolder: cache })).ready();
      const own = client.waitFor(({ header }) => header.msg_type === "execute_input");
      void client.run(cell);
      await own;
      await sleep(100 * Math.random());
      await someFiles(cache);
      await client.stop();
    }
  };
  await Promise.all([lane(), lane()]);
  expect(checkEntries(cache)).toBeGreaterThan(50);
  // Some were killed in the middle of writing, or this test would show nothing.
  const files = fs.readdirSync(cache, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => file.endsWith(".part")).length).toBeGreaterThan(0);
  const kept = files.find((file) => /^[0-9a-f]{2}.[0-9a-f]{64}$/.test(file))!;
  const { k } = (decodePlainData(fs.readFileSync(path.join(cache, kept)), kept) as StageEntry).value as { k: number };
  const client = await (await JupyterClient.start({ cacheFolder: cache })).ready();
  const entries = checkEntries(cache);
  const { reply, published } = await client.run(
    `const first = await stage("s", { k: ${k} }, ({ k }) => ({ k, values: new Float64Array(200000).fill(k) }));\nfirst.values.length`,
  );
  expect(reply.content.status).toBe("ok");
  expect(JSON.stringify(published.map(({ content }) => content))).toContain("200000");
  expect(checkEntries(cache)).toBe(entries);
  await client.stop();
}, 900_000);
