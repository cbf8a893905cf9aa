import { cellVolume } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { AtomColumn, InfoValue } from "../structure/structure.js";
import type { Fail } from "./extxyz-columns.js";
import { type InfoEntry, jsonOf } from "./extxyz-info.js";
import { symmetricToVoigt, virialToVoigtStress } from "./stress.js";

/** Keys under which programs leave labels; the first present wins, the others stay in `info` and `arrays`. */
const ENERGY_KEYS = ["energy", "REF_energy", "DFT_energy", "dft_energy", "free_energy"];
const STRESS_KEYS = ["stress", "REF_stress", "DFT_stress", "dft_stress"];
const VIRIAL_KEYS = ["virial", "virials", "REF_virial", "REF_virials", "DFT_virial", "dft_virial"];
const FORCE_COLUMNS = ["forces", "REF_forces", "DFT_forces", "dft_forces", "force", "dft_force"];
const WEIGHT_KEYS = ["weight", "config_weight"];

type Labels = Omit<LabeledStructure, "structure">;

/** Takes the labels out of a frame's comment entries and columns; what is left belongs to the structure. */
export function takeLabels(
  entries: Map<string, InfoEntry>,
  columns: Map<string, AtomColumn>,
  cell: Float64Array,
  fail: Fail,
): Labels {
  const provenance = takeProvenance(entries);
  const named: Record<string, string> = {};
  const take = (label: string, keys: readonly string[]): InfoEntry | undefined => {
    const key = keys.find((candidate) => entries.has(candidate));
    if (key === undefined) return undefined;
    const entry = entries.get(key)!;
    entries.delete(key);
    if (key !== keys[0]) named[label] = key;
    return entry;
  };

  const energy = scalar("energy", take("energyKey", ENERGY_KEYS), fail);
  const forces = takeForces(columns, named, fail);
  const stress = takeStress(entries, cell, take, fail);
  const type = entries.get("config_type");
  const group = typeof type?.value === "string" ? type.value : (type?.text ?? "default");
  entries.delete("config_type");
  const weight = scalar("weight", take("weightKey", WEIGHT_KEYS), fail);
  const origin = { ...named, ...provenance };
  return {
    ...(energy === undefined ? {} : { energy }),
    ...(forces === undefined ? {} : { forces }),
    ...(stress === undefined ? {} : { stress }),
    group,
    ...(weight === undefined ? {} : { weight }),
    ...(Object.keys(origin).length === 0 ? {} : { provenance: origin }),
  };
}

function takeProvenance(entries: Map<string, InfoEntry>): Record<string, string | number | boolean> {
  const entry = entries.get("provenance");
  if (entry === undefined) return {};
  entries.delete("provenance");
  const value = jsonOf(entry.text);
  const isRecord =
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => ["string", "number", "boolean"].includes(typeof item));
  return isRecord ? (value as Record<string, string | number | boolean>) : { note: entry.text };
}

function scalar(label: string, entry: InfoEntry | undefined, fail: Fail): number | undefined {
  if (entry !== undefined && typeof entry.value !== "number") fail(`${label}=${entry.text}`, "one finite number");
  return entry?.value as number | undefined;
}

function takeForces(columns: Map<string, AtomColumn>, named: Record<string, string>, fail: Fail) {
  const name = FORCE_COLUMNS.find((candidate) => columns.has(candidate));
  if (name === undefined) return undefined;
  const column = columns.get(name)!;
  if (column.kind !== "real" || column.width !== 3) fail(`Properties ${name}`, `${name}:R:3`);
  const bad = column.values.findIndex((force) => !Number.isFinite(force));
  if (bad >= 0) fail(`${name} ${column.values[bad]}`, "finite numbers", Math.floor(bad / 3));
  columns.delete(name);
  if (name !== FORCE_COLUMNS[0]) named.forcesColumn = name;
  return column.values;
}

function takeStress(
  entries: Map<string, InfoEntry>,
  cell: Float64Array,
  take: (label: string, keys: readonly string[]) => InfoEntry | undefined,
  fail: Fail,
): Float64Array | undefined {
  const stressEntry = take("stressKey", STRESS_KEYS);
  const stress = stressEntry && voigtOf("stress", stressEntry, fail);
  // Without a volume a virial is no stress: it stays what the file says, in `info`.
  if (cellVolume(cell) === 0 || !VIRIAL_KEYS.some((key) => entries.has(key))) return stress;
  const virialEntry = take("stressKey", VIRIAL_KEYS)!;
  const fromVirial = virialToVoigtStress(voigtOf("virial", virialEntry, fail), cell);
  if (stress === undefined) return fromVirial;
  const scale = 1e-6 + 1e-3 * Math.max(...stress.map(Math.abs));
  const contradiction = stress.some((value, k) => Math.abs(value - fromVirial[k]!) > scale);
  if (contradiction) fail(`virial=${virialEntry.text}`, "-volume * stress, as the same frame gives both");
  return stress;
}

function voigtOf(label: string, entry: InfoEntry, fail: Fail): Float64Array {
  const numbers = flatNumbers(entry.value);
  if (numbers?.length === 6) return Float64Array.from(numbers);
  const voigt = numbers?.length === 9 ? symmetricToVoigt(numbers) : undefined;
  if (voigt === undefined) fail(`${label}="${entry.text}"`, "9 numbers of a symmetric matrix, or 6: xx yy zz yz xz xy");
  return voigt;
}

function flatNumbers(value: InfoValue): number[] | undefined {
  const flat = Array.isArray(value) ? (value.flat() as unknown[]) : [];
  return flat.every((item) => typeof item === "number") ? (flat as number[]) : undefined;
}
