import { InputError } from "../errors.js";
import { findAtomicNumber } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { InfoValue } from "../structure/structure.js";
import { KBAR_PER_EV_A3 } from "../units.js";
import { checkedStructure } from "./checked-structure.js";
import { JsonPlace, parseJson } from "./json-text.js";
import {
  findShearOrders,
  parseShearOrder,
  type ShearDecision,
  type ShearSample,
  shearOrderName,
} from "./shear-order.js";
import type { ReadOptions } from "./text-lines.js";

export interface MlearnOptions extends ReadOptions {
  /** Order of the shear entries, such as `xy xz yz`, by group, where it is known; the others are found out. */
  readonly shearOrder?: Readonly<Record<string, string>>;
}

/**
 * Reads mlearn's JSON (Zuo et al., J. Phys. Chem. A 124, 731 (2020)): pymatgen structures with outputs. The stress
 * `virial_stress` is kbar, positive = compressive, xx yy zz and three shears whose order changes from group to group:
 * it is detected, and `provenance.stressOrder` says what was decided and why.
 */
export function parseMlearnJson(text: string, options: MlearnOptions = {}): LabeledStructure[] {
  const file = options.file ?? "mlearn.json";
  const entries = new JsonPlace(parseJson(text, file), file).items("a list of structures with outputs");
  if (entries.length === 0) throw new InputError({ what: file, value: "an empty list", expected: "structures" });
  const read = entries.map(toEntry);
  const given = givenOrders(options.shearOrder ?? {});
  const samples = read.flatMap(({ frame, stress }): ShearSample[] =>
    stress && !given.has(frame.group)
      ? [{ frame, entries: stress.slice(3).map((kilobar) => -kilobar / KBAR_PER_EV_A3) as [number, number, number] }]
      : [],
  );
  const orders = new Map([...(samples.length === 0 ? [] : findShearOrders(samples)), ...given]);
  return read.map(({ frame, stress }) => {
    if (stress === undefined) return frame;
    const { order, reason } = orders.get(frame.group)!;
    const voigt = new Float64Array(6);
    stress.forEach((kilobar, k) => {
      voigt[k < 3 ? k : 3 + order[k - 3]!] = -kilobar / KBAR_PER_EV_A3;
    });
    return {
      ...frame,
      stress: voigt,
      provenance: { stressOrder: `xx yy zz ${shearOrderName(order)} (${reason})` },
    };
  });
}

function givenOrders(names: Readonly<Record<string, string>>): Map<string, ShearDecision> {
  return new Map(
    Object.entries(names).map(([group, name]) => {
      const order = parseShearOrder(name);
      if (order === undefined)
        throw new InputError({ what: `shearOrder ${group}`, value: name, expected: "yz, xz and xy in some order" });
      return [group, { order, reason: "as given" }];
    }),
  );
}

function toEntry(entry: JsonPlace): { frame: LabeledStructure; stress?: readonly number[] } {
  const structure = entry.get("structure");
  const sites = structure.get("sites").items("a list of sites");
  if (sites.length === 0) structure.get("sites").fail("at least one site");
  const count = entry.get("num_atoms");
  if (!count.isAbsent && count.value !== sites.length) count.fail(`${sites.length}, the number of sites`);
  const outputs = entry.get("outputs");
  const [energy, forces, stress] = ["energy", "forces", "virial_stress"].map((key) => outputs.get(key)) as [
    JsonPlace,
    JsonPlace,
    JsonPlace,
  ];
  const group = entry.get("group");
  const info: Record<string, InfoValue> = {};
  for (const key of ["description", "tag"]) {
    const value = entry.get(key);
    if (!value.isAbsent) info[key] = value.text("text");
  }
  const frame: LabeledStructure = {
    structure: checkedStructure(
      {
        cell: structure.get("lattice").get("matrix").matrix(3, 3, "three rows of three numbers (A)"),
        numbers: sites.map(elementOf),
        positions: sites.flatMap((site) => toPosition(site)),
        ...(Object.keys(info).length === 0 ? {} : { info }),
      },
      structure.complain,
    ),
    ...(energy.isAbsent ? {} : { energy: energy.real("a number (eV)") }),
    ...(forces.isAbsent
      ? {}
      : { forces: Float64Array.from(forces.matrix(sites.length, 3, `${sites.length} rows of three numbers (eV/A)`)) }),
    group: group.isAbsent ? "default" : group.text("a name"),
  };
  const six = "six numbers (kbar)";
  return stress.isAbsent ? { frame } : { frame, stress: stress.items(six, 6).map((item) => item.real(six)) };
}

function elementOf(site: JsonPlace): number {
  const [species] = site.get("species").items("one element, fully occupied", 1) as [JsonPlace];
  const occupancy = species.get("occu");
  if (occupancy.value !== 1) occupancy.fail("1: partly occupied sites are no structure");
  const element = species.get("element");
  return findAtomicNumber(element.text("a symbol")) ?? element.fail("a chemical symbol");
}

const toPosition = (site: JsonPlace): number[] => {
  const expected = "three numbers (A)";
  return site
    .get("xyz")
    .items(expected, 3)
    .map((item) => item.real(expected));
};
