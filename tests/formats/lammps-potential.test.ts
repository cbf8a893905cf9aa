import { describe, expect, it } from "vitest";
import { formatLammpsPotential } from "../../src/formats/lammps-potential.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { lawCases } from "../potentials/law-cases.js";
import { bispectra, snapSpec } from "../support/snap-models.js";

const potential = (...terms: LawSpec[]) => ({ format: "phasecell-potential", version: 1, terms }) as const;

const endings: Readonly<Record<string, string>> = {
  snap: ".snapcoeff",
  "stillinger-weber": ".sw",
  tersoff: ".tersoff",
  "embedded-atom": ".eam.alloy",
  "spline-meam": ".meam.spline",
};

const endingOf = (law: LawSpec): string =>
  law.form === "finnis-sinclair" ? ".eam.fs" : law.threeBody ? ".meam.sw.spline" : endings[law.kind]!;

const written = [
  ...lawCases.map(({ name, spec }) => [name, spec as LawSpec] as const),
  ...Object.entries(bispectra).map(([name, model]) => [`SNAP, ${name}`, snapSpec(model) as LawSpec] as const),
].filter(([, spec]) => !Array.isArray(spec) && spec.kind in endings);

/** What defaults and comments a file spells out. */
function plain(law: LawSpec): LawSpec {
  const { comments: _, switchinnerflag, ...rest } = law as Record<string, unknown> & { kind: string };
  const inner = switchinnerflag ? { switchinnerflag: true } : {};
  if (law.kind === "snap" && !switchinnerflag) {
    const elements = law.elements as { element: string; radius: number; weight: number }[];
    return {
      ...rest,
      elements: elements.map(({ element, radius, weight }) => ({ element, radius, weight })),
    } as LawSpec;
  }
  if (law.kind !== "stillinger-weber") return { ...rest, ...inner } as LawSpec;
  const triplets = (law.triplets as object[]).map((triplet) => ({ tolerance: 0, ...triplet }));
  return { ...rest, triplets } as LawSpec;
}

describe("formatLammpsPotential", () => {
  it("covers every law that has a file format", () => {
    expect(new Set(written.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(endings)));
  });

  it.each(written)("%s reads back to the same numbers", (_, law) => {
    const file = `folder/Ti${endingOf(law)}`;
    const several = law.threeBody && (law.elements as string[]).length > 1;
    if (several) {
      expect(() => formatLammpsPotential(potential(law), file)).toThrow(/Cu, Ni; expected one element/);
      return;
    }
    const { files, commands } = formatLammpsPotential(potential(law), file);
    const read = (name: string): string => files.find((one) => one.name === name)!.text;
    const expression = law.threeBody ? `${file}(${(law.elements as string[])[0]})` : file;
    const [back] = parsePotentialExpression(expression, read).terms;
    expect(plain(back!)).toMatchObject(plain(law));
    expect(commands.length).toBe(2);
    expect(commands[1]).toContain(`pair_coeff * * ${files.map(({ name }) => name).join(" ")} `);
  });

  it("lays ZBL over it", () => {
    const law = written.find(([name]) => name === "Stillinger-Weber of two elements")![1];
    const zbl = { kind: "ziegler-biersack-littmark", inner: 1, outer: 2 };
    expect(formatLammpsPotential(potential(law, zbl), "a.sw").commands).toEqual([
      "pair_style hybrid/overlay sw zbl 1 2",
      "pair_coeff * * sw a.sw Si Ge",
      "pair_coeff 1 1 zbl 14 14",
      "pair_coeff 1 2 zbl 14 32",
      "pair_coeff 2 2 zbl 32 32",
    ]);
  });

  it("complains about other laws and endings", () => {
    const law = written.find(([name]) => name === "Stillinger-Weber")![1];
    expect(() => formatLammpsPotential(potential(law), "a.tersoff")).toThrow(
      /a\.tersoff; expected a name that ends in \.sw/,
    );
    expect(() => formatLammpsPotential(potential(law, law), "a.sw")).toThrow(
      /stillinger-weber \+ stillinger-weber; expected one of snap/,
    );
    const lennardJones = { kind: "lennard-jones", epsilon: 1, sigma: 1, cutoff: 2 };
    expect(() => formatLammpsPotential(potential(lennardJones), "a.sw")).toThrow(/lennard-jones; expected one of/);
  });
});
