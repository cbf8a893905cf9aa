import { describe, expect, test } from "vitest";
import { defineCommand } from "../../src/cli/command.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { parseCommandLine } from "../../src/cli/parse-command-line.node.js";
import { formatDuration, formatProgress, progressBars } from "../../src/cli/progress-bars.js";
import { runCommand } from "../support/command-line.js";

const command = defineCommand({
  name: "melt",
  summary: "melts",
  usage: "melt FILE",
  options: {
    temperature: { type: "string", help: "K" },
    set: { type: "string", multiple: true, help: "name=value" },
    fast: { type: "boolean", help: "skip the slow part" },
  },
  run: async () => undefined,
});

describe("command line", () => {
  test("values, repeated options, negative numbers and positionals", () => {
    const { values, positionals } = parseCommandLine(command, [
      "a.xyz",
      "--temperature",
      "-3.5",
      "--set",
      "x=1",
      "--set=y=2",
      "--fast",
    ]);
    expect(values).toMatchObject({ temperature: "-3.5", set: ["x=1", "y=2"], fast: true });
    expect(positionals).toEqual(["a.xyz"]);
  });

  test("a mistyped option names the one that was meant", () => {
    expect(() => parseCommandLine(command, ["--temprature", "3"])).toThrow(
      /unknown option --temprature.*try --temperature/,
    );
  });

  test("an option without its value, and a value where none belongs", () => {
    expect(() => parseCommandLine(command, ["--temperature"])).toThrow(/--temperature without a value/);
    expect(() => parseCommandLine(command, ["--fast=no"])).toThrow(/--fast: no; expected no value/);
  });

  test("the overview lists every command", async () => {
    const { code, stdout } = await runCommand("--help");
    expect(code).toBe(0);
    for (const name of ["convert", "fit", "phase-diagram", "run"]) expect(stdout).toContain(`\n  ${name} `);
  });

  test.each(COMMANDS.map((entry) => [entry.name, entry] as const))(
    "%s loads, bears its name and has help",
    async (name, entry) => {
      const { command: loaded } = await entry.load();
      expect(loaded).toMatchObject({ name, summary: entry.summary });
      expect(loaded.usage.split(" ")[0]).toBe(name);
      expect((await runCommand(name, "--help")).stdout).toContain(`usage: phasecell ${loaded.usage}`);
    },
  );

  test.each(["fit", "free-energy", "label", "md", "melting", "phase-diagram", "phonons"])(
    "the schema of %s is a JSON schema",
    async (kind) => {
      const { code, stdout } = await runCommand("schema", kind);
      expect(code).toBe(0);
      const schema = JSON.parse(stdout);
      expect(schema.$schema).toContain("json-schema.org");
      expect(JSON.stringify(schema)).toContain('"additionalProperties":false');
    },
  );

  test("an unknown command is one line on stderr with a suggestion, exit code 2", async () => {
    const { code, stdout, stderr } = await runCommand("evalute");
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^phasecell: unknown command: evalute; expected one of .*; try phasecell evaluate\n$/);
  });
});

describe("progress bars", () => {
  test("time left follows the rate since the first report", () => {
    expect(formatProgress({ task: "md", done: 30, total: 100, note: "T = 300 K" }, 20_000, 10)).toMatch(
      /^md +\[######-{14}\] {2}30% {2}1:10 left {2}T = 300 K$/,
    );
    expect(formatDuration(3_723_000)).toBe("1:02:03");
  });

  test("a log gets a line when a task ends and every ten seconds, not ten per second", () => {
    const lines: string[] = [];
    let time = 0;
    const { onProgress } = progressBars({ write: (text) => lines.push(text) }, { live: false, now: () => time });
    for (let done = 0; done <= 300; done++, time += 100) onProgress({ task: "md", done, total: 300 });
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.length).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toContain("100%");
  });

  test("what was there from earlier work says nothing of the time left", () => {
    const lines: string[] = [];
    let time = 0;
    const { onProgress } = progressBars({ write: (text) => lines.push(text) }, { live: true, now: () => time });
    for (let done = 0; done <= 50; done += 10, time += 200)
      onProgress({ task: "md", done, total: 100, restored: done });
    for (let done = 51; done <= 60; done++, time += 1000) onProgress({ task: "md", done, total: 100, restored: 50 });
    // Ten shares in 9.2 s of work.
    expect(lines.at(-1)).toMatch(/ 60% {2}0:37 left/);
  });

  test("a terminal line is redrawn at most ten times a second and cleared before other text", () => {
    const written: string[] = [];
    let time = 0;
    const bars = progressBars({ write: (text) => written.push(text) }, { live: true, now: () => time });
    for (let done = 0; done < 100; done++, time += 10) bars.onProgress({ task: "md", done, total: 100 });
    expect(written.length).toBeLessThanOrEqual(10);
    bars.clear();
    expect(written.at(-1)).toBe("\r\x1b[K");
  });
});
