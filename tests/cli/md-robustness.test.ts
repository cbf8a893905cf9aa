import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/random.js";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("md");

const RECIPE = {
  potential: "lj(0.0104,3.4,8.5)",
  structure: { lattice: "fcc", element: "Ar", a: 5.3 },
  repeats: [3, 3, 3],
  ensemble: { kind: "nvt", temperature: 40 },
  steps: 60,
  timestep: 2,
  seed: 3,
};

async function md(...argv: string[]) {
  const { code, stderr } = await runCommand("md", ...argv);
  return { code, stderr };
}

/** The built program, as people start it. */
const program = path.resolve(import.meta.dirname, "../../dist/cli/main.js");

describe("Ctrl-C in a run", () => {
  test("ends it with exit code 130, one line that says how to go on, and a checkpoint that does", async () => {
    const recipe = folder.write("long.json", { ...RECIPE, steps: 10_000_000, checkpointEvery: 100 });
    const out = folder.at("long");
    const child = spawn(process.execPath, [program, "md", recipe, "--out", out], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
    });
    const underWay = setInterval(() => {
      if (!existsSync(path.join(out, "checkpoint.bin"))) return;
      clearInterval(underWay);
      child.kill("SIGINT");
    }, 20);
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(code).toBe(130);
    const complaint = stderr.trim().split("\n").at(-1)!;
    const step = Number(
      /^phasecell: interrupted; try phasecell md .* --resume .*checkpoint\.bin .*, from step (\d+)$/.exec(
        complaint,
      )?.[1],
    );
    expect(step, stderr).toBeGreaterThan(0);

    const rest = folder.write("rest.json", { ...RECIPE, steps: step + 20 });
    const whole = folder.at("whole");
    expect((await md(rest, "--out", out, "--resume", path.join(out, "checkpoint.bin"))).code).toBe(0);
    expect((await md(rest, "--out", whole)).code).toBe(0);
    for (const name of ["final.xyz", "thermodynamics.csv"])
      expect(readFileSync(path.join(out, name), "utf8")).toBe(readFileSync(path.join(whole, name), "utf8"));
  });
});

test("a run that blows up keeps its last good checkpoint and names it; from there it fails in the same way", async () => {
  const out = folder.at("hot");
  const hot = { ...RECIPE, timestep: 5, steps: 4000, ensemble: { kind: "nvt", temperature: [40, 200_000] } };
  const { code, stderr } = await md(folder.write("hot.json", hot), "--out", out);
  expect(code).toBe(1);
  const step = Number(/^phasecell: dynamics, step \d+: atom .*--resume .*, from step (\d+)\n$/.exec(stderr)?.[1]);
  expect(step, stderr).toBeGreaterThan(0);
  const again = await md(folder.write("hot.json", hot), "--out", out, "--resume", path.join(out, "checkpoint.bin"));
  expect(again).toEqual({ code, stderr });
});

describe("a file to resume from", () => {
  const resume = async (name: string, bytes: Uint8Array | string) => {
    const file = folder.at(name);
    writeFileSync(file, bytes);
    const recipe = folder.write("recipe.json", RECIPE);
    const { code, stderr } = await md(recipe, "--out", folder.at("resumed"), "--resume", file);
    return { code, stderr: stderr.replace(file, name) };
  };
  const refused = (found: string) => ({
    code: 2,
    stderr: `phasecell: x: ${found}; expected a checkpoint of phasecell md\n`,
  });

  test.each([
    ["text", "step 1, temperature 300 K, energy -12.5 eV\n", "other or damaged bytes"],
    ["nothing", "", "0 bytes"],
    ["JSON", "{}", "2 bytes"],
  ])("%s", async (_, text, found) => {
    expect(await resume("x", text)).toEqual(refused(found));
  });

  test("a checkpoint of which a byte changed or the end is missing", async () => {
    const out = folder.at("good");
    await md(folder.write("short.json", { ...RECIPE, steps: 20 }), "--out", out);
    const bytes = readFileSync(path.join(out, "checkpoint.bin"));
    const stream = randomStream(5, "rattle");
    for (let k = 0; k < 20; k++) {
      const copy = Buffer.from(bytes);
      const at = Math.floor(stream.uniform() * bytes.length);
      copy[at]! ^= 1 << Math.floor(8 * stream.uniform());
      expect(await resume("x", copy)).toEqual(refused("other or damaged bytes"));
      const part = copy.subarray(0, at);
      expect(await resume("x", part)).toEqual(refused(at > 32 ? "other or damaged bytes" : `${at} bytes`));
    }
    expect((await resume("x", bytes)).code).toBe(0);
  });
});
