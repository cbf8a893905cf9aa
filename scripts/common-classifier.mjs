// Trains the classifier of common crystals with the build in dist and writes it as text: node scripts/common-classifier.mjs
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { trainPhaseClassifier } from "../dist/properties/phase-order.js";
import { commonCrystals } from "../dist/properties/phase-order-references.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const base64 = (values) => Buffer.from(Float64Array.from(values).buffer).toString("base64");

const { names, factor, centers, phaseOf } = trainPhaseClassifier(commonCrystals());
const size = Math.sqrt(factor.length);
const triangle = Array.from({ length: size }, (_, row) => [
  ...factor.subarray(row * size, row * size + row + 1),
]).flat();

fs.writeFileSync(
  path.join(root, "src/properties/phase-order-common.ts"),
  `// Written by scripts/common-classifier.mjs.
/** \`trainPhaseClassifier(commonCrystals())\`: f64, little-endian, as base64; of the factor the rows of its lower triangle. */
export const COMMON_CLASSIFIER = {
  names: [${names.map((name) => JSON.stringify(name)).join(", ")}],
  phaseOf: [${phaseOf.join(", ")}],
  factor: "${base64(triangle)}",
  centers: "${base64(centers)}",
} as const;
`,
);
