import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgivingStore } from "../../src/byte-store.js";
import { diskStore } from "../../src/notebook/disk-store.node.js";
import { runCommand } from "../support/command-line.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-cache-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

async function cache(...argv: string[]) {
  const { code, stdout, stderr } = await runCommand("cache", "--cache", folder, "--json", ...argv);
  return {
    code,
    stderr,
    ...(stdout ? (JSON.parse(stdout) as { entries: number; bytes: number; dropped: number }) : {}),
  };
}

const key = (k: number): string => k.toString(16).padStart(64, "0");
const place = (k: number): string => path.join(folder, "stages/00", key(k));

/** Five results of 1 MB, wanted one after the other, the second once more at last. */
async function fill(): Promise<void> {
  const store = diskStore(path.join(folder, "stages"));
  for (let k = 1; k <= 5; k++) {
    await store.put(key(k), new Uint8Array(1e6));
    fs.utimesSync(place(k), 1000 + k, 1000 + k);
  }
  await store.get(key(2));
}

test("tells what is kept, and drops what was not wanted for the longest time", async () => {
  await fill();
  expect(await cache()).toMatchObject({ code: 0, entries: 5, bytes: 5e6, dropped: 0 });
  expect(await cache("--limit", "2.5")).toMatchObject({ entries: 2, bytes: 2e6, dropped: 3 });
  expect([1, 2, 3, 4, 5].filter((k) => fs.existsSync(place(k)))).toEqual([2, 5]);
});

test("--clear drops what it knows by name, and nothing else", async () => {
  await fill();
  fs.mkdirSync(path.join(folder, "page/app/0123456789abcdef"), { recursive: true });
  fs.writeFileSync(path.join(folder, "page/app/0123456789abcdef/page.js"), "x");
  fs.mkdirSync(path.join(folder, "labels"));
  const others = ["labels/labels.jsonl", "stages/notes.txt", "stages/00/notes.txt"].map((one) =>
    path.join(folder, one),
  );
  for (const file of others) fs.writeFileSync(file, "mine");
  const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-cache-"));
  fs.mkdirSync(path.join(elsewhere, "00"));
  fs.writeFileSync(path.join(elsewhere, "00", key(9)), "linked");
  fs.symlinkSync(path.join(elsewhere, "00"), path.join(folder, "stages/11"));
  expect(await cache("--clear")).toMatchObject({ entries: 0, bytes: 0, dropped: 6 });
  for (const file of [...others, path.join(elsewhere, "00", key(9))]) expect(fs.existsSync(file)).toBe(true);
  expect(fs.existsSync(path.join(folder, "page/app/0123456789abcdef"))).toBe(false);
  fs.rmSync(elsewhere, { recursive: true });
});

test("bad words get one line", async () => {
  expect(await cache("--limit", "much")).toMatchObject({
    code: 2,
    stderr: "phasecell: --limit: much; expected megabytes, 0 or more\n",
  });
  expect((await cache("--limit", "1", "--clear")).stderr).toMatch(/expected nothing, --limit MB or --clear/);
});

test("a store in trouble stops nothing, and says so once", async () => {
  fs.writeFileSync(path.join(folder, "file"), "");
  const problems: string[] = [];
  const store = forgivingStore(diskStore(path.join(folder, "file")), ({ message }) => problems.push(message));
  await store.put(key(1), new Uint8Array(1));
  expect(await store.get(key(1))).toBeUndefined();
  expect(problems).toHaveLength(1);
});
