import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkWritable,
  makeFolder,
  readStructures,
  readText,
  writeStructures,
  writeText,
} from "../../src/formats/files.node.js";
import { diamond } from "../../src/structure/lattices.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-files-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

describe("files", () => {
  it("reads what it wrote, zipped by name, the same bytes each time", () => {
    const frames = [{ structure: diamond("Si", 5.43), group: "bulk" }];
    writeStructures(at("a.xyz.gz"), frames);
    writeStructures(at("b.xyz.gz"), frames);
    expect(readStructures(at("a.xyz.gz"))).toEqual(frames);
    expect(fs.readFileSync(at("a.xyz.gz"))).toEqual(fs.readFileSync(at("b.xyz.gz")));
    expect(fs.readFileSync(at("a.xyz.gz"))[0]).toBe(0x1f);
  });

  it("leaves nothing behind where it cannot write, and the old file whole", () => {
    writeText(at("kept.xyz"), "old");
    fs.mkdirSync(at("folder.xyz"));
    expect(() => writeText(at("folder.xyz"), "new")).toThrow(
      /folder\.xyz: a folder; expected a place where a file can be written/,
    );
    expect(() => writeText(at("missing/a.xyz"), "new")).toThrow(/expected a place/);
    expect(() => makeFolder(at("kept.xyz/deep"))).toThrow(/deep: \w+; expected a place where a folder can be made/);
    expect(() => checkWritable(at("missing/a.xyz"))).toThrow(/a\.xyz: no such folder; expected a place/);
    expect(() => checkWritable(at("kept.xyz/a.xyz"))).toThrow(/a\.xyz: no such folder/);
    expect(() => checkWritable(at("folder.xyz"))).toThrow(/folder\.xyz: a folder; expected a place/);
    checkWritable(at("kept.xyz"));
    expect(() => writeStructures(at("kept.xyz"), [])).toThrow(/no structures/);
    expect(readText(at("kept.xyz"))).toBe("old");
    expect(fs.readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("complains in one line about what cannot be read", () => {
    expect(() => readText(at("absent"))).toThrow(/absent: no such file; expected a readable file/);
    fs.writeFileSync(at("short.gz"), fs.readFileSync(at("a.xyz.gz")).subarray(0, 40));
    expect(() => readText(at("short.gz"))).toThrow(/short\.gz; expected a whole gzip file/);
    fs.writeFileSync(at("binary"), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(() => readText(at("binary"))).toThrow(/binary; expected UTF-8 text/);
  });
});
