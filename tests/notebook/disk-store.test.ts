import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { diskStore } from "../../src/notebook/disk-store.node.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("disk-store");

test("what a killed writer left is deleted after an hour; what is being written, and what is not ours, stays", async () => {
  const key = "ab".repeat(32);
  await diskStore(folder.path).put(key, Uint8Array.of(1, 2, 3));
  const made = (name: string, minutesOld: number): string => {
    const file = folder.at(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "half");
    const then = Date.now() / 1000 - 60 * minutesOld;
    fs.utimesSync(file, then, then);
    return file;
  };
  const abandoned = [made(`ab/${key}.0-1.part`, 61), made(`cd/${"cd".repeat(32)}.0-2.part`, 10_000)];
  const kept = [made(`ab/${key}.0-3.part`, 59), made("notes/mine.part", 10_000), made("mine.part", 10_000)];
  const entries = [made(`ef/${"ef".repeat(32)}`, 10_000), folder.at(`ab/${key}`)];

  const store = diskStore(folder.path);
  expect(await store.get(key)).toEqual(Buffer.of(1, 2, 3));
  expect(abandoned.filter((file) => fs.existsSync(file))).toEqual(abandoned);
  await store.put("01".repeat(32), Uint8Array.of(4));
  expect(abandoned.filter((file) => fs.existsSync(file))).toEqual([]);
  expect([...kept, ...entries].filter((file) => !fs.existsSync(file))).toEqual([]);
});
