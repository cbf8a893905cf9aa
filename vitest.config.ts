import path from "node:path";
import { defineConfig } from "vitest/config";

const host = { "#host": path.resolve(import.meta.dirname, "src/host/host.node.ts") };

/**
 * unit: seconds, no peers. peers: real Quantum ESPRESSO, LAMMPS, Jupyter, Chromium. physics: slow and statistical.
 * vscode: VS Code itself, where `node scripts/vscode-peer.mjs` has built it. measure: prints how fast the hosts of notebooks are, one after the other, and asserts nothing about time.
 */
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve: { alias: host },
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: "forks" as const },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project("unit", ["tests/**/*.test.ts"], 60_000),
      project("peers", ["tests/**/*.peers.ts"], 300_000),
      project("vscode", ["tests/**/*.vscode.ts"], 300_000),
      project("physics", ["tests/physics/**/*.physics.ts"], 3_600_000),
      project("measure", ["tests/measure/**/*.measure.ts"], 600_000),
    ],
  },
});
