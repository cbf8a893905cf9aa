import { InputError } from "../errors.js";
import { elementOfMass, findAtomicNumber, symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { AtomColumn, Structure } from "../structure/structure.js";
import { checkedStructure } from "./checked-structure.js";
import { parseReal, type ReadOptions, shiftDecimal, splitWords, TextLines } from "./text-lines.js";

export interface LammpsDataOptions extends ReadOptions {
  /** Chemical symbols of the atom types 1, 2, ...; needed where the masses do not tell. */
  readonly elements?: readonly string[];
}

/** Numbers and sides of the box from the header. */
interface Header {
  atoms: number;
  types: number;
  /** [6] A: xlo xhi ylo yhi zlo zhi. */
  readonly sides: number[];
  /** [3] A: xy xz yz. */
  tilts: number[];
}

interface Atom {
  readonly id: number;
  readonly type: number;
  readonly charge?: number;
  readonly position: readonly number[];
  readonly image?: readonly number[];
  velocity?: readonly number[];
}

const SECTIONS = ["Masses", "Atoms", "Velocities", "Atom Type Labels", "Pair Coeffs", "PairIJ Coeffs"];

/**
 * Reads a LAMMPS data file (metal units, styles atomic and charge, orthogonal or triclinic box). Elements come from
 * `elements`, type labels, comments beside the masses, or the masses. Atoms are sorted by id; `id` (where not 1..N),
 * `charge`, `image` and `velocities` (A/fs) are kept as columns, a box that does not start at zero as `info.origin`.
 */
export function parseLammpsData(text: string, options: LammpsDataOptions = {}): LabeledStructure[] {
  const lines: TextLines = new TextLines(text, options.file ?? "LAMMPS data");
  const title = lines.next("a title").trim();
  const header = readHeader(lines);
  const names = new Map<number, string>();
  const atoms = new Map<number, Atom>();
  const seen = new Set<string>();
  for (let line = lines.nextFilled(); line !== undefined; line = lines.nextFilled()) {
    const [section = "", style] = line.split("#").map((part) => part.trim());
    if (!SECTIONS.includes(section)) lines.fail(line, `a section of styles atomic or charge: ${SECTIONS.join(", ")}`);
    if (seen.has(section)) lines.fail(line, "each section once");
    seen.add(section);
    if (section === "Masses" || section === "Atom Type Labels") readTypes(lines, header.types, section, names);
    else if (section === "Atoms") readAtoms(lines, header, style, atoms);
    else if (section === "Velocities") readVelocities(lines, header.atoms, atoms);
    else skipSection(lines);
  }
  if (atoms.size === 0) lines.fail("end of file", "a section Atoms", lines.lines.length - 1);
  const numbers = elementsOf(lines, header.types, names, options.elements);
  return [{ structure: toFrame(lines, title, header, [...atoms.values()], numbers), group: "default" }];
}

function readHeader(lines: TextLines): Header {
  const header: Header = { atoms: 0, types: 0, sides: [], tilts: [0, 0, 0] };
  const axes = ["xlo xhi", "ylo yhi", "zlo zhi"];
  while (lines.left > 0) {
    const words = splitWords(lines.lines[lines.index]!.replace(/#.*/, ""));
    if (words.length > 0 && !/^[-+.\d]/.test(words[0]!)) break;
    lines.index++;
    if (words.length === 0) continue;
    const numbers = words.filter((word) => parseReal(word) !== undefined);
    const name = words.slice(numbers.length).join(" ");
    if (name === "atoms") header.atoms = lines.integer(words[0], "the number of atoms", 1);
    else if (name === "atom types") header.types = lines.integer(words[0], "the number of atom types", 1, 100_000);
    else if (axes.includes(name)) {
      const [low, high] = lines.reals(numbers, 2, `two numbers and ${name}`) as [number, number];
      if (!(high > low)) lines.fail(words.join(" "), `${name} with the second above the first`);
      const axis = axes.indexOf(name);
      header.sides[2 * axis] = low;
      header.sides[2 * axis + 1] = high;
    } else if (name === "xy xz yz") header.tilts = lines.reals(numbers, 3, "three numbers and xy xz yz");
    else if (words[0] !== "0" || !/^(bonds|angles|dihedrals|impropers|\w+ types)$/.test(name))
      lines.fail(words.join(" "), "atoms, atom types, xlo xhi, ylo yhi, zlo zhi or xy xz yz");
  }
  const missing = [
    ...(header.atoms ? [] : ["atoms"]),
    ...(header.types ? [] : ["atom types"]),
    ...axes.filter((_, axis) => header.sides[2 * axis] === undefined),
  ];
  if (missing.length > 0)
    lines.fail("end of header", missing.join(", "), Math.min(lines.index, lines.lines.length - 1));
  if (header.atoms > lines.left) lines.fail(`${header.atoms} atoms, ${lines.left} lines left`, "one line per atom");
  return header;
}

/** Lines of a section: what follows one blank line, up to the next blank line or section. */
function* sectionLines(lines: TextLines): Generator<string> {
  if (lines.lines[lines.index]?.trim() === "") lines.index++;
  while (lines.left > 0 && /^\s*[-+.\d]/.test(lines.lines[lines.index]!)) yield lines.next("a line");
}

function skipSection(lines: TextLines): void {
  for (const _ of sectionLines(lines));
}

function readTypes(lines: TextLines, types: number, section: string, names: Map<number, string>): void {
  const labels = section === "Atom Type Labels";
  const expected = labels ? "a type and its label" : "a type and its mass";
  let count = 0;
  for (const line of sectionLines(lines)) {
    const [head = "", comment = ""] = line.split("#");
    const [type, word = "", ...rest] = splitWords(head);
    const index = lines.integer(type, expected, 1, types);
    if (word === "" || rest.length > 0) lines.fail(line, expected);
    count++;
    if (labels) names.set(index, word);
    else {
      const mass = lines.real(word, expected);
      const noted = splitWords(comment)[0] ?? "";
      const element = findAtomicNumber(noted) ?? elementOfMass(mass);
      if (element !== undefined && !names.has(index)) names.set(index, symbolOf(element));
    }
  }
  if (count !== types) lines.fail(`${count} lines`, `${types} in section ${section}`);
}

function readAtoms(lines: TextLines, header: Header, style: string | undefined, atoms: Map<number, Atom>): void {
  const styles = { atomic: [5, 8], charge: [6, 9] };
  const expected = "id type [charge] x y z [3 image flags], styles atomic or charge";
  if (style && !Object.hasOwn(styles, style)) lines.fail(`Atoms # ${style}`, "atomic or charge");
  let width: number | undefined;
  for (const line of sectionLines(lines)) {
    const words = splitWords(line.replace(/#.*/, ""));
    width ??= words.length;
    const given = (Object.keys(styles) as (keyof typeof styles)[]).find((name) => styles[name].includes(words.length));
    if (given === undefined || words.length !== width || (style && style !== given)) lines.fail(line, expected);
    const charged = given === "charge";
    const at = charged ? 3 : 2;
    const id = lines.integer(words[0], expected, 1, 2 ** 31 - 1);
    if (atoms.has(id)) lines.fail(`atom ${id} twice`, "each id once");
    atoms.set(id, {
      id,
      type: lines.integer(words[1], `a type from 1 to ${header.types}`, 1, header.types),
      ...(charged ? { charge: lines.real(words[2], expected) } : {}),
      position: lines.reals(words.slice(at, at + 3), 3, expected),
      ...(words.length === at + 6
        ? { image: words.slice(at + 3).map((word) => lines.integer(word, expected, -(2 ** 20), 2 ** 20)) }
        : {}),
    });
  }
  if (atoms.size !== header.atoms) lines.fail(`${atoms.size} atoms`, `${header.atoms}, as the header says`);
}

function readVelocities(lines: TextLines, count: number, atoms: Map<number, Atom>): void {
  const expected = "id vx vy vz (A/ps) of an atom, after the section Atoms";
  let read = 0;
  for (const line of sectionLines(lines)) {
    const [id, ...words] = splitWords(line.replace(/#.*/, ""));
    const atom = atoms.get(lines.integer(id, expected, 1));
    if (atom === undefined || atom.velocity !== undefined || words.length !== 3) lines.fail(line, expected);
    atom.velocity = lines.reals(words, 3, expected).map((_, k) => lines.real(shiftDecimal(words[k]!, -3), expected));
    read++;
  }
  if (read !== count) lines.fail(`${read} velocities`, `${count}`);
}

function elementsOf(
  lines: TextLines,
  types: number,
  names: ReadonlyMap<number, string>,
  given: readonly string[] | undefined,
): number[] {
  if (given && given.length < types)
    throw new InputError({ what: "elements", value: given.join(","), expected: `a symbol for each of ${types} types` });
  return Array.from({ length: types }, (_, k) => {
    const name = given?.[k] ?? names.get(k + 1);
    const number = name === undefined ? undefined : findAtomicNumber(name);
    if (number === undefined)
      throw new InputError({
        what: `${lines.file} atom type ${k + 1}`,
        value: name ?? "no element",
        expected: "a section Masses with masses of elements",
        attempt: "--elements with a symbol for each type",
      });
    return number;
  });
}

function toFrame(
  lines: TextLines,
  title: string,
  header: Header,
  atoms: Atom[],
  elements: readonly number[],
): Structure {
  const [xlo = 0, xhi = 0, ylo = 0, yhi = 0, zlo = 0, zhi = 0] = header.sides;
  const [xy = 0, xz = 0, yz = 0] = header.tilts;
  atoms.sort((a, b) => a.id - b.id);
  const column = (values: readonly (number | readonly number[] | undefined)[], width: number) =>
    ({ kind: "real", width, values: Float64Array.from(values.flat() as number[]) }) as const;
  const integers = (values: readonly (number | readonly number[] | undefined)[], width: number) =>
    ({ kind: "integer", width, values: Int32Array.from(values.flat() as number[]) }) as const;
  const [first] = atoms;
  const arrays: Record<string, AtomColumn> = {
    ...(atoms.every(({ id }, k) => id === k + 1)
      ? {}
      : {
          id: integers(
            atoms.map(({ id }) => id),
            1,
          ),
        }),
    ...(first?.charge === undefined
      ? {}
      : {
          charge: column(
            atoms.map(({ charge }) => charge),
            1,
          ),
        }),
    ...(first?.image === undefined
      ? {}
      : {
          image: integers(
            atoms.map(({ image }) => image),
            3,
          ),
        }),
    ...(first?.velocity === undefined
      ? {}
      : {
          velocities: column(
            atoms.map(({ velocity }) => velocity),
            3,
          ),
        }),
  };
  const moved = xlo !== 0 || ylo !== 0 || zlo !== 0;
  const info = { ...(title === "" ? {} : { comment: title }), ...(moved ? { origin: [xlo, ylo, zlo] } : {}) };
  return checkedStructure(
    {
      cell: [xhi - xlo, 0, 0, xy, yhi - ylo, 0, xz, yz, zhi - zlo],
      numbers: atoms.map(({ type }) => elements[type - 1]!),
      positions: atoms.flatMap(({ position }) => position),
      ...(Object.keys(arrays).length === 0 ? {} : { arrays }),
      ...(Object.keys(info).length === 0 ? {} : { info }),
    },
    (value, expected) => lines.fail(value, expected),
  );
}
