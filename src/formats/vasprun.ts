import { InputError } from "../errors.js";
import { toCartesian } from "../structure/cell.js";
import { findAtomicNumber } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { KBAR_PER_EV_A3 } from "../units.js";
import { checkedStructure } from "./checked-structure.js";
import { symmetricToVoigt } from "./stress.js";
import { parseReal, type ReadOptions, splitWords } from "./text-lines.js";
import { childOf, readXml, type XmlElement } from "./xml-text.js";

/** Large and of no use here. */
const SKIPPED = new Set([
  "eigenvalues",
  "dos",
  "projected",
  "dielectricfunction",
  "dynmat",
  "kpoints",
  "primitive_cell",
]);

/**
 * Reads every ionic step of VASP's vasprun.xml. The energy is the free energy (`e_fr_energy`), whose gradient the
 * forces are; energy(sigma -> 0) is kept as `info.energy_sigma0`. VASP's stress is kbar, positive = compressive.
 * `provenance.converged` is false where a step used all NELM electronic steps.
 */
export function parseVasprun(text: string, { file = "vasprun.xml" }: ReadOptions = {}): LabeledStructure[] {
  const reader = new VasprunReader(file);
  readXml(text.replace(/^\uFEFF/, ""), file, {
    root: "modeling",
    skip: SKIPPED,
    onChild: (child) => reader.take(child),
  });
  if (reader.frames.length === 0)
    throw new InputError({ what: file, value: "no <calculation>", expected: "at least one finished ionic step" });
  return reader.frames;
}

class VasprunReader {
  readonly frames: LabeledStructure[] = [];
  private version = "vasp";
  private electronicSteps: number | undefined;
  private numbers: readonly number[] | undefined;
  private free: Uint8Array | undefined;

  constructor(private readonly file: string) {}

  take(child: XmlElement): void {
    if (child.name === "generator") {
      const word = (name: string): string => childOf(child, "i", name)?.text.trim() ?? "";
      this.version = `${word("program")} ${word("version")}`.trim() || "vasp";
    } else if (child.name === "parameters" || child.name === "incar") {
      const limit = findValue(child, "NELM");
      if (limit) this.electronicSteps = this.real(limit.text.trim(), limit, "a number of electronic steps");
    } else if (child.name === "atominfo") this.numbers = this.readSpecies(child);
    else if (child.name === "structure" && child.attributes.name === "initialpos") this.readMask(child);
    else if (child.name === "calculation") this.frames.push(this.readCalculation(child));
  }

  private fail(element: XmlElement, value: string, expected: string): never {
    throw new InputError({ what: `${this.file} line ${element.line}`, value, expected });
  }

  private need(element: XmlElement, tag: string, name?: string): XmlElement {
    const label = name === undefined ? `<${tag}>` : `<${tag} name="${name}">`;
    return childOf(element, tag, name) ?? this.fail(element, `<${element.name}> without it`, label);
  }

  private real(word: string | undefined, element: XmlElement, expected: string): number {
    return parseReal(word ?? "") ?? this.fail(element, word ?? "nothing", expected);
  }

  /** Rows of three numbers, flat. */
  private vectors(array: XmlElement, rows: number): number[] {
    const expected = `${rows} rows of three numbers in ${array.attributes.name}`;
    const found = array.children.filter(({ name }) => name === "v");
    if (found.length !== rows) this.fail(array, `${found.length} rows`, expected);
    return found.flatMap((row) => {
      const words = splitWords(row.text);
      if (words.length !== 3) this.fail(row, row.text.trim(), expected);
      return words.map((word) => this.real(word, row, expected));
    });
  }

  private readSpecies(atominfo: XmlElement): number[] {
    const rows = this.need(this.need(atominfo, "array", "atoms"), "set").children.filter(({ name }) => name === "rc");
    const count = childOf(atominfo, "atoms");
    if (rows.length === 0 || (count && Number(count.text) !== rows.length))
      this.fail(atominfo, `${rows.length} atoms`, count ? `${count.text.trim()}, as <atoms> says` : "at least one");
    return rows.map((row) => {
      const symbol = (childOf(row, "c")?.text ?? "").trim();
      // VASP writes the elements of one column cut to two letters; "r" is its name of zirconium in old versions.
      return findAtomicNumber(symbol === "r" ? "Zr" : symbol) ?? this.fail(row, symbol, "a chemical symbol");
    });
  }

  private readMask(structure: XmlElement): void {
    const mask = childOf(structure, "varray", "selective");
    if (mask === undefined) return;
    const words = mask.children.flatMap((row) => splitWords(row.text));
    if (words.length !== 3 * (this.numbers?.length ?? 0) || !words.every((word) => word === "T" || word === "F"))
      this.fail(mask, "selective", "three of T or F per atom");
    this.free = Uint8Array.from(words, (word) => (word === "T" ? 1 : 0));
  }

  private readCalculation(calculation: XmlElement): LabeledStructure {
    const { numbers } = this;
    if (numbers === undefined) this.fail(calculation, "<calculation>", "<atominfo> before it");
    const structure = this.need(calculation, "structure");
    const cell = this.vectors(this.need(this.need(structure, "crystal"), "varray", "basis"), 3);
    const fractional = this.vectors(this.need(structure, "varray", "positions"), numbers.length);
    const energies = this.need(calculation, "energy");
    const value = (name: string): number => {
      const item = this.need(energies, "i", name);
      return this.real(item.text.trim(), item, `a number (eV) in ${name}`);
    };
    const forces = childOf(calculation, "varray", "forces");
    const stress = childOf(calculation, "varray", "stress");
    const steps = calculation.children.filter(({ name }) => name === "scstep").length;
    const sigma0 = childOf(energies, "i", "e_0_energy");
    return {
      structure: checkedStructure(
        {
          cell,
          numbers,
          positions: toCartesian(cell, fractional),
          ...(this.free ? { arrays: { move_mask: { kind: "logical", width: 3, values: this.free } } } : {}),
          ...(sigma0 ? { info: { energy_sigma0: value("e_0_energy") } } : {}),
        },
        (found, expected) => this.fail(structure, found, expected),
      ),
      energy: value("e_fr_energy"),
      ...(forces ? { forces: Float64Array.from(this.vectors(forces, numbers.length)) } : {}),
      ...(stress ? { stress: this.readStress(stress) } : {}),
      group: "default",
      provenance: {
        code: this.version,
        step: this.frames.length,
        ...(steps > 0 && this.electronicSteps !== undefined ? { converged: steps < this.electronicSteps } : {}),
      },
    };
  }

  private readStress(stress: XmlElement): Float64Array {
    const voigt = symmetricToVoigt(this.vectors(stress, 3)) ?? this.fail(stress, "stress", "a symmetric matrix");
    return voigt.map((kilobar) => -kilobar / KBAR_PER_EV_A3);
  }
}

/** A value of that name anywhere inside. */
function findValue(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    if (child.name === "i" && child.attributes.name === name) return child;
    const found = findValue(child, name);
    if (found) return found;
  }
  return undefined;
}
