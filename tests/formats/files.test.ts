import fs from "node:fs";
import { describe, expect, it } from "vitest";
import {
  checkWritable,
  makeFolder,
  readStructures,
  readText,
  writeStructures,
  writeText,
} from "../../src/formats/files.node.js";
import { diamond } from "../../src/structure/lattices.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("files");

describe("files", () => {
  it("reads what it wrote, zipped by name, the same bytes each time", () => {
    const frames = [{ structure: diamond("Si", 5.43), group: "bulk" }];
    writeStructures(folder.at("a.xyz.gz"), frames);
    writeStructures(folder.at("b.xyz.gz"), frames);
    expect(readStructures(folder.at("a.xyz.gz"))).toEqual(frames);
    expect(fs.readFileSync(folder.at("a.xyz.gz"))).toEqual(fs.readFileSync(folder.at("b.xyz.gz")));
    expect(fs.readFileSync(folder.at("a.xyz.gz"))[0]).toBe(0x1f);
  });

  it("leaves nothing behind where it cannot write, and the old file whole", () => {
    writeText(folder.at("kept.xyz"), "old");
    fs.mkdirSync(folder.at("folder.xyz"));
    expect(() => writeText(folder.at("folder.xyz"), "new")).toThrow(
      /folder\.xyz: a folder; expected a place where a file can be written/,
    );
    expect(() => writeText(folder.at("missing/a.xyz"), "new")).toThrow(/expected a place/);
    expect(() => makeFolder(folder.at("kept.xyz/deep"))).toThrow(
      /deep: \w+; expected a place where a folder can be made/,
    );
    expect(() => checkWritable(folder.at("missing/a.xyz"))).toThrow(/a\.xyz: no such folder; expected a place/);
    expect(() => checkWritable(folder.at("kept.xyz/a.xyz"))).toThrow(/a\.xyz: no such folder/);
    expect(() => checkWritable(folder.at("folder.xyz"))).toThrow(/folder\.xyz: a folder; expected a place/);
    checkWritable(folder.at("kept.xyz"));
    expect(() => writeStructures(folder.at("kept.xyz"), [])).toThrow(/no structures/);
    expect(readText(folder.at("kept.xyz"))).toBe("old");
    expect(fs.readdirSync(folder.path).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("complains in one line about what cannot be read", () => {
    expect(() => readText(folder.at("absent"))).toThrow(/absent: no such file; expected a readable file/);
    fs.writeFileSync(folder.at("short.gz"), fs.readFileSync(folder.at("a.xyz.gz")).subarray(0, 40));
    expect(() => readText(folder.at("short.gz"))).toThrow(/short\.gz; expected a whole gzip file/);
    fs.writeFileSync(folder.at("binary"), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(() => readText(folder.at("binary"))).toThrow(/binary; expected UTF-8 text/);
  });
});
