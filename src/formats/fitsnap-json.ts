import { InputError } from "../errors.js";
import { findAtomicNumber, symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { AtomColumn, InfoValue } from "../structure/structure.js";
import { BAR_PER_EV_A3, KBAR_PER_EV_A3 } from "../units.js";
import { checkedStructure } from "./checked-structure.js";
import { JsonPlace, parseJson } from "./json-text.js";
import { symmetricToVoigt, voigtToMatrix } from "./stress.js";
import type { ReadOptions } from "./text-lines.js";

/** Units of stress by `StressStyle`; FitSNAP's stress is positive = compressive. */
const PER_EV_A3: ReadonlyMap<string, number> = new Map([
  ["bar", BAR_PER_EV_A3],
  ["kbar", KBAR_PER_EV_A3],
  ["kb", KBAR_PER_EV_A3],
  ["kilobar", KBAR_PER_EV_A3],
]);

/** The other styles: one unit each. */
const STYLES: Readonly<Record<string, string>> = {
  PositionsStyle: "angstrom",
  LatticeStyle: "angstrom",
  EnergyStyle: "electronvolt",
  ForcesStyle: "electronvoltperangstrom",
  AtomTypeStyle: "chemicalsymbol",
};

const KNOWN = new Set(["Positions", "Lattice", "AtomTypes", "NumAtoms", "Energy", "Forces", "Stress"]);

/**
 * Reads a FitSNAP file: JSON, usually after one comment line. The group is `Dataset.Group` where this program wrote
 * it, else the folder of the file as FitSNAP has it. Other scalars and per-atom lists of a configuration are kept.
 */
export function parseFitsnapJson(text: string, { file = "fitsnap.json" }: ReadOptions = {}): LabeledStructure[] {
  // The comment is blanked, not cut: line numbers of complaints stay those of the file.
  const dataset = new JsonPlace(parseJson(text.replace(/^\uFEFF?\s*#[^\n]*/, ""), file), file).get("Dataset");
  for (const [key, unit] of Object.entries(STYLES)) {
    const style = dataset.get(key);
    if (!style.isAbsent && style.text(unit).toLowerCase() !== unit) style.fail(unit);
  }
  const folder = file.split(/[\\/]/).at(-2);
  const given = dataset.get("Group");
  const group = given.isAbsent ? (folder ?? "default") : given.text("a name");
  const label = dataset.get("Label");
  const frames = dataset
    .get("Data")
    .items("a list of configurations")
    .map((data) => toFrame(data, dataset.get("StressStyle"), group, label.isAbsent ? undefined : label.text("text")));
  if (frames.length === 0) dataset.get("Data").fail("at least one configuration");
  return frames;
}

function toFrame(data: JsonPlace, stressStyle: JsonPlace, group: string, label: string | undefined): LabeledStructure {
  const symbols = data.get("AtomTypes").items("a list of chemical symbols");
  const count = symbols.length;
  const atoms = data.get("NumAtoms");
  if (count === 0) data.get("AtomTypes").fail("at least one atom");
  if (!atoms.isAbsent && atoms.value !== count) atoms.fail(`${count}, the length of AtomTypes`);
  const numbers = symbols.map(
    (symbol) => findAtomicNumber(symbol.text("a symbol")) ?? symbol.fail("a chemical symbol"),
  );
  const positions = data.get("Positions").matrix(count, 3, `${count} rows of three numbers (A)`);
  const cell = data.get("Lattice").matrix(3, 3, "three rows of three numbers (A)");
  const energy = data.get("Energy");
  const forces = data.get("Forces");
  const stress = data.get("Stress");
  const { info, arrays } = restOf(data, count);
  const kept = { ...(label === undefined ? {} : { label }), ...info };
  return {
    structure: checkedStructure(
      {
        cell,
        numbers,
        positions,
        ...(Object.keys(arrays).length === 0 ? {} : { arrays }),
        ...(Object.keys(kept).length === 0 ? {} : { info: kept }),
      },
      data.complain,
    ),
    ...(energy.isAbsent ? {} : { energy: energy.real("a number (eV)") }),
    ...(forces.isAbsent
      ? {}
      : { forces: Float64Array.from(forces.matrix(count, 3, `${count} rows of three numbers (eV/A)`)) }),
    ...(stress.isAbsent ? {} : { stress: toStress(stress, stressStyle) }),
    group,
  };
}

function toStress(stress: JsonPlace, style: JsonPlace): Float64Array {
  const expected = "bar, kbar or kB";
  const unit = PER_EV_A3.get(style.text(expected).toLowerCase()) ?? style.fail(expected);
  const shape = "a symmetric matrix: three rows of three numbers";
  const voigt = symmetricToVoigt(stress.matrix(3, 3, shape)) ?? stress.fail(shape);
  return voigt.map((value) => -value / unit);
}

/** What else a configuration holds: per-atom lists of numbers become columns, plain values info. */
function restOf(
  data: JsonPlace,
  count: number,
): { info: Record<string, InfoValue>; arrays: Record<string, AtomColumn> } {
  const info = new Map<string, InfoValue>();
  const arrays = new Map<string, AtomColumn>();
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
  for (const [key, value] of Object.entries(data.object())) {
    if (KNOWN.has(key)) continue;
    const list: unknown[] = Array.isArray(value) ? value : [];
    const rows = list.map((row): unknown[] => (Array.isArray(row) ? row : [row]));
    const width = rows[0]?.length ?? 0;
    if (rows.length === count && width > 0 && rows.every((row) => row.length === width && row.every(isNumber)))
      arrays.set(key, { kind: "real", width, values: Float64Array.from(rows.flat() as number[]) });
    else if (typeof value === "string" || typeof value === "boolean" || isNumber(value)) info.set(key, value);
    else if (list.length > 0 && list.every(isNumber)) info.set(key, list);
    else if (value !== null) data.get(key).fail("a number, a text or a list of numbers");
  }
  return { info: Object.fromEntries(info), arrays: Object.fromEntries(arrays) };
}

/** Writes one frame as FitSNAP reads it; stress in bar, positive = compressive. */
export function formatFitsnapJson(frames: readonly LabeledStructure[]): string {
  const [frame] = frames;
  if (frame === undefined || frames.length !== 1)
    throw new InputError({ what: "FitSNAP JSON", value: `${frames.length} frames`, expected: "one per file" });
  const { structure, energy, forces, stress, group } = frame;
  const { label = "PhaseCell", ...info } = structure.info ?? {};
  const columns = Object.entries(structure.arrays ?? {}).filter(([, column]) => column.kind !== "string");
  const data = {
    ...info,
    ...Object.fromEntries(
      columns.map(([name, { values, width }]) => {
        const numbers = Array.from(values as ArrayLike<number>);
        return [name, width === 1 ? numbers : rowsOf(numbers, width)];
      }),
    ),
    NumAtoms: structure.numbers.length,
    AtomTypes: Array.from(structure.numbers, symbolOf),
    Lattice: rowsOf(structure.cell, 3),
    Positions: rowsOf(structure.positions, 3),
    ...(energy === undefined ? {} : { Energy: energy }),
    ...(forces === undefined ? {} : { Forces: rowsOf(forces, 3) }),
    ...(stress === undefined
      ? {}
      : {
          Stress: rowsOf(
            voigtToMatrix(stress).map((value) => -value * BAR_PER_EV_A3),
            3,
          ),
        }),
  };
  const styles = { ...STYLES, StressStyle: "bar" };
  return `# PhaseCell\n${JSON.stringify({ Dataset: { Data: [data], ...styles, Label: label, Group: group } })}\n`;
}

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (_, k) => values[row * width + k]!),
  );
