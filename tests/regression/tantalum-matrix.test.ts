import fs from "node:fs";
import { expect, it } from "vitest";
import { collectErrors } from "../../src/regression/metrics.js";
import { solveRows } from "../../src/regression/solvers.js";
import { readNpy } from "../support/npy.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const file = (name: string): string => shared("data", "fitsnap_Ta", "reference", name);
const read = (name: string): string => fs.readFileSync(file(name), "utf8");

interface Block {
  readonly group: string;
  readonly natoms: number;
  readonly energy_row: number;
  readonly force_row0: number;
  readonly stress_row0: number;
}

/** The rows of FitSNAP's tantalum example as it wrote them: descriptors, labels less ZBL, weights. */
function tantalum() {
  const descriptors = readNpy(file("Descriptors.npy"));
  const labels = readNpy(file("Truth-Ref.npy")).values;
  const weights = readNpy(file("Weights.npy")).values;
  const { blocks } = JSON.parse(read("rows_to_frames.json")) as { blocks: Block[] };
  const a = descriptors.values;
  const columns = descriptors.shape[1]!;
  const published = read("Ta_pot.snapcoeff")
    .split("\n")
    .filter((line) => line.includes("#  B["))
    .map((line) => Number.parseFloat(line));
  return { a, columns, labels, weights, blocks, published };
}

describeWith([requireShared("fitsnap_Ta")], "FitSNAP's tantalum matrix", () => {
  it("gives the published coefficients to 1e-10", () => {
    const { a, columns, labels, weights, published } = tantalum();
    const width = columns + 1;
    const weighted = Float64Array.from({ length: labels.length * width }, (_, i) => {
      const row = Math.floor(i / width);
      return weights[row]! * (i % width < columns ? a[row * columns + (i % width)]! : labels[row]!);
    });
    const { coefficients } = solveRows(weighted, width, { free: [0] });
    expect(published.length).toBe(columns);
    for (const [k, value] of published.entries())
      expect(Math.abs(coefficients[k]! - value)).toBeLessThan(1e-10 * Math.max(1, Math.abs(value)));
  });

  it("gives the errors of Ta_metrics.md to the printed digits", () => {
    const { a, columns, labels, weights, blocks, published } = tantalum();
    const predictions = labels.map((_, row) =>
      published.reduce((sum, coefficient, k) => sum + coefficient * a[row * columns + k]!, 0),
    );
    const tables = [false, true].map((useWeights) => {
      const collector = collectErrors();
      const scale = (values: Float64Array, begin: number, count: number): Float64Array =>
        values.slice(begin, begin + count).map((x, i) => (useWeights ? weights[begin + i]! * x : x));
      for (const { group, natoms, energy_row, force_row0, stress_row0 } of blocks)
        for (const [quantity, begin, count] of [
          ["energy", energy_row, 1],
          ["forces", force_row0, 3 * natoms],
          ["stress", stress_row0, 6],
        ] as const)
          collector.add(group, quantity, scale(labels, begin, count), scale(predictions, begin, count));
      return collector.table();
    });
    let compared = 0;
    for (const line of read("Ta_metrics.md").split("\n").slice(2)) {
      const [name, ...numbers] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      const [group, weighting, quantity] = [...name!.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
      const table = tables[weighting === "Weighted" ? 1 : 0]!;
      const errors = group === "*ALL" ? table : table.groups[group!]!;
      const key = ({ Energy: "energy", Force: "forces", Stress: "stress" } as const)[quantity as "Energy"];
      const { count, mae, rmse, r2 } = errors[key]!;
      expect(count, name).toBe(Number(numbers[0]));
      // Forces that vanish by symmetry are pure rounding noise (1e-15 eV/A), in FitSNAP as here.
      if (Number(numbers[2]) < 1e-12 * (weighting === "Weighted" ? 1e-9 : 1)) continue;
      for (const [value, printed] of [
        [mae, numbers[1]!],
        [rmse, numbers[2]!],
        [r2, numbers[3]!],
      ] as const)
        expect(Math.abs(value - Number(printed)), `${name} ${value} ${printed}`).toBeLessThanOrEqual(
          lastDigit(printed),
        );
      compared++;
    }
    expect(compared).toBeGreaterThan(70);
  });
});

/** Half of the last printed digit, with a little room for the rounding of the published coefficients. */
function lastDigit(printed: string): number {
  const [mantissa, exponent = "0"] = printed.split("e");
  const decimals = mantissa!.split(".")[1]?.length ?? 0;
  return 0.51 * 10 ** (Number(exponent) - decimals);
}
