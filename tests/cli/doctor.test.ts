import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/command-line.js";

describe("phasecell doctor", () => {
  test("finds the engines that every machine has, and says how to get what is missing", async () => {
    const { code, stdout } = await runCommand("doctor", "--json");
    expect(code).toBe(0);
    const { findings } = JSON.parse(stdout) as {
      findings: { name: string; found: boolean; detail: string; remedy?: string }[];
    };
    const found = (name: string) => findings.find((finding) => finding.name === name);
    for (const name of ["reference", "wasm", "cores", "wasm threads", "tslab"])
      expect(found(name)).toMatchObject({ found: true });
    for (const name of ["webgpu", "@tensorflow/tfjs-node-gpu", "pw.x", "gpaw", "abinit", "lmp", "jupyter"])
      expect(found(name)).toBeDefined();
    for (const finding of findings) expect(finding.found).toBe(finding.remedy === undefined);
    expect(found("@tensorflow/tfjs-node-gpu")?.remedy ?? "CUDA").toContain("CUDA");
  });
});

describe("phasecell kernel install", () => {
  test("writes a kernel.json whose launcher exists", async () => {
    const prefix = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-kernel-"));
    const { code } = await runCommand("kernel", "install", "--prefix", prefix);
    expect(code).toBe(0);
    const spec = JSON.parse(fs.readFileSync(path.join(prefix, "share/jupyter/kernels/phasecell/kernel.json"), "utf8"));
    expect(spec).toMatchObject({ language: "typescript", interrupt_mode: "message" });
    const launcher = spec.argv.find((word: string) => word.endsWith("phasecell.mjs"));
    expect(fs.existsSync(launcher)).toBe(true);
    expect(spec.argv).toContain("{connection_file}");
    fs.rmSync(prefix, { recursive: true });
  });

  test("refuses other actions", async () => {
    expect((await runCommand("kernel", "remove")).stderr).toBe(
      "phasecell: kernel: remove; expected phasecell kernel install\n",
    );
  });
});
