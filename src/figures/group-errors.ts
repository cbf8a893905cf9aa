import { type Table, type TableRow, table } from "./figure.js";

/** Errors of a potential, one row per group of configurations: `group`, counts, and mean absolute errors. */
export function groupErrorTable(options: {
  readonly name: string;
  readonly caption: string;
  readonly rows: readonly TableRow[];
}): Table {
  return table(options.rows, {
    name: options.name,
    caption: options.caption,
    columns: [
      { key: "group", label: "Group" },
      { key: "structures", label: "Structures" },
      { key: "energyMae", label: "Energy MAE", unit: "meV/atom", digits: 2 },
      { key: "energyRmse", label: "Energy RMSE", unit: "meV/atom", digits: 2 },
      { key: "forceMae", label: "Force MAE", unit: "eV/Å", digits: 3 },
      { key: "forceRmse", label: "Force RMSE", unit: "eV/Å", digits: 3 },
      { key: "stressMae", label: "Stress MAE", unit: "GPa", digits: 2 },
    ],
  });
}
