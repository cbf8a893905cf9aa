// `npm test`: installs peers where it may, builds, checks format, lint and types, runs all tests, and names what was
// skipped and why. In CI (CI=true) a skipped test is a failure.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers } from "./peers.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inCi = process.env.CI === "true";

function step(title, script, args) {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: "inherit" });
  return status === 0;
}

function summarize(file) {
  const report = JSON.parse(fs.readFileSync(file, "utf8"));
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  if (skipped.length) console.log(`\n${inCi ? "Skipped, which CI counts as failed" : "Skipped"}:`);
  for (const test of skipped) console.log(`  ${test.fullName}`);
  const failed = tests.filter((test) => test.status === "failed").length + (inCi ? skipped.length : 0);
  const passed = tests.filter((test) => test.status === "passed").length;
  console.log(`\n${passed} passed, ${failed} failed, ${inCi ? 0 : skipped.length} skipped`);
  return failed === 0 && passed > 0;
}

installPeers();
if (!step("build", "scripts/build.mjs", [])) process.exit(1);
const tidy =
  step("format and lint", "node_modules/@biomejs/biome/bin/biome", ["ci", "--error-on-warnings", "."]) &&
  step("types", "node_modules/typescript/bin/tsc", ["-p", "tsconfig.check.json"]);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-tests-"));
const report = path.join(folder, "report.json");
const ran = step("tests", "node_modules/vitest/vitest.mjs", [
  ...["run", "--project", "unit", "--project", "peers"],
  ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
]);
const good = fs.existsSync(report) && summarize(report);
fs.rmSync(folder, { recursive: true, force: true });
if (!tidy) console.log("format, lint or types failed: see above");
process.exit(tidy && ran && good ? 0 : 1);
