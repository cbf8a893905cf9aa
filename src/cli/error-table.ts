import type { ErrorTable, QuantityErrors } from "../regression/metrics.js";

/** Errors as text: one line per group, MAE and RMSE of each quantity. */
export function errorTableText({ groups, ...all }: ErrorTable, title: string): string {
  const rows: [string, QuantityErrors][] = [["all", all], ...Object.entries(groups)];
  const width = Math.max(title.length, ...rows.map(([name]) => name.length));
  const head = ["energy meV/atom", "forces eV/A", "stress GPa"].map((name) => name.padStart(19)).join("");
  const lines = rows.map(([name, { energy, forces, stress }]) => {
    const cells = [cell(energy, 1000, 2), cell(forces, 1, 4), cell(stress, 1, 3)].map((text) => text.padStart(19));
    return name.padEnd(width) + cells.join("");
  });
  return [`${title.padEnd(width)}${head}`, ...lines, "(mean absolute / root mean square)"].join("\n");
}

const cell = (error: QuantityErrors["energy"], scale: number, digits: number): string =>
  error === undefined ? "-" : `${(error.mae * scale).toFixed(digits)} / ${(error.rmse * scale).toFixed(digits)}`;
