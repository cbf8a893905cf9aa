import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import {
  describeWith,
  LAMMPS_POTENTIALS,
  requireLammpsPotentials,
  requireShared,
  shared,
} from "../support/requirements.js";
import * as samples from "./sample-files.js";

const files: Record<string, string> = {
  "a/X.snapcoeff": "# a comment\n\n2 3\nTa 0.5 1 \n1.5 # B[0]\n2\n3\nW 0.6 -0.9\n4\n5D-1\n6\n",
  "a/X.snapparam": "rcutfac 4.5 # A\ntwojmax 2\nrfac0 0.9\nbzeroflag 0\ndiagonalstyle 3\nsinner 1 2\ndinner 0.1 0.2\n",
  "one.json": '{"format":"phasecell-potential","version":1,"terms":[{"kind":"morse"}],"training":{"seed":1}}',
  "b/SiC.tersoff": samples.TERSOFF,
  "c/Ti_1.meam.spline": samples.SPLINE_MEAM,
  "c/mine.meam.sw.spline": samples.SPLINE_MEAM_THREE_BODY,
  "c/x.meam.spline": samples.SPLINE_MEAM_OF_TWO,
  "si.sw": "# Si\nSi Si Si 2.1683 2.0951 1.80 21.0 1.20\n  -0.333333333333 7.049556277 0.6022245584 4.0 0.0 0.0\n",
};
const read = (name: string): string => {
  const text = files[name];
  if (text === undefined) throw new Error(`no ${name}`);
  return text;
};

describe("parsePotentialExpression", () => {
  it("sums files and laws", () => {
    expect(parsePotentialExpression("a/X.snapcoeff + zbl(4.0, 4.8)+lj(1e+2,3,9)", read)).toEqual({
      format: "phasecell-potential",
      version: 1,
      terms: [
        {
          kind: "snap",
          rcutfac: 4.5,
          twojmax: 2,
          rfac0: 0.9,
          bzeroflag: false,
          elements: [
            { element: "Ta", radius: 0.5, weight: 1, sinner: 1, dinner: 0.1 },
            { element: "W", radius: 0.6, weight: -0.9, sinner: 2, dinner: 0.2 },
          ],
          coefficients: [
            [1.5, 2, 3],
            [4, 0.5, 6],
          ],
        },
        { kind: "ziegler-biersack-littmark", inner: 4, outer: 4.8 },
        { kind: "lennard-jones", epsilon: 100, sigma: 3, cutoff: 9 },
      ],
    });
  });

  it("keeps the training record of the only potential of ours", () => {
    expect(parsePotentialExpression("one.json+si.sw", read)).toMatchObject({
      training: { seed: 1 },
      terms: [{ kind: "morse" }, { kind: "stillinger-weber", triplets: [{ elements: ["Si", "Si", "Si"], a: 1.8 }] }],
    });
  });

  it("takes the variants of elements that are named", () => {
    const { terms } = parsePotentialExpression("b/SiC.tersoff(Si(D), C)+zbl(1,2)", read);
    expect(terms).toMatchObject([
      {
        kind: "tersoff",
        triplets: [
          { elements: ["Si", "Si", "Si"], m: 3, D: 0.15 },
          { elements: ["C", "Si", "C"], n: 0 },
        ],
      },
      { kind: "ziegler-biersack-littmark" },
    ]);
  });

  it("finds the element of a spline MEAM in the file, its name or behind it", () => {
    const elementsOf = (expression: string) => parsePotentialExpression(expression, read).terms[0]!.elements;
    expect(elementsOf("c/Ti_1.meam.spline")).toEqual(["Ti"]);
    expect(elementsOf("c/mine.meam.sw.spline(Zr)")).toEqual(["Zr"]);
    expect(elementsOf("c/x.meam.spline")).toEqual(["Ti", "O"]);
    expect(parsePotentialExpression("c/mine.meam.sw.spline(Zr)", read).terms[0]).toMatchObject({
      kind: "spline-meam",
      pair: [{ knots: [1.5, 2], values: [0, 0.1], slopes: [-10, 0] }],
      threeBody: { bond: [{ values: [1, 1.1, 1.2] }], angle: [{ values: [2, 2.1, 2.2, 2.3] }] },
      density: [{ values: [3, 3.1] }],
    });
  });

  it.each([
    ["", /potential/],
    ["c/mine.meam.sw.spline", /mine; expected the symbol of its one element, .*; try c\/mine\.meam\.sw\.spline\(Ti\)/],
    ["c/Ti_1.meam.spline(Ti,O)", /Ti, O; expected the symbol of its one element/],
    ["c/x.meam.spline(O)", /O; expected Ti, O/],
    ["b/SiC.tersoff", /Si\(D\), Si\(B\); expected one variant of each element; try b\/SiC\.tersoff\(Si\(D\),C\)/],
    ["b/SiC.tersoff(Ge)", /Ge; expected of Si\(D\), Si\(B\), C/],
    ["si.sw(Si)", /si\.sw\(Si\); expected X\.json/],
    ["a/X.snapcoeff+", /expected X\.json/],
    ["zbl(4)", /zbl\(4\); expected zbl\(inner,outer\) in A/],
    ["zbl(4,x)", /expected zbl/],
    ["Ta06A.snap", /try Ta06A\.snapcoeff/],
    ["foo(1)", /foo\(1\)/],
    ["X.pot", /X\.pot; expected X\.json/],
  ])("complains about %j", (expression, message) => {
    expect(() => parsePotentialExpression(expression, read)).toThrow(message);
  });
});

const published = ["fitsnap_Ta", "fitsnap_InP", "maml_MoNbTaW", "mlearn_Mo", "mlearn_Si"];

describeWith(
  published.map((name) => requireShared(name)),
  "potential expressions of published files",
  () => {
    it.each([
      "fitsnap_Ta/reference/Ta06A.snapcoeff+zbl(4.0,4.8)",
      "fitsnap_Ta/reference/Ta_pot.snapcoeff",
      "fitsnap_InP/reference/InP_pot.snapcoeff+zbl(4,4.2)",
      "maml_MoNbTaW/snap.2020.06/Ta-W-Nb-Mo.snapcoeff",
      "mlearn_Mo/reference/Mo_Zuo_JPCA2020.snapcoeff",
      "mlearn_Mo/reference/Mo_Zuo_JPCA2020.quadratic.snapcoeff",
      "mlearn_Si/reference/Si_Zuo_JPCA2020.quadratic.snapcoeff",
      "mlearn_Si/reference/mvl_snap/SNAPotential.snapcoeff",
    ])("makes a potential of %s", (expression) => {
      const spec = parsePotentialExpression(shared("data", expression), readText);
      expect(createPotential(spec).spec).toEqual(spec);
    });
  },
);

describeWith([requireLammpsPotentials()], "potential expressions of LAMMPS's files", () => {
  it("makes potentials of all setfl, sw, tersoff, spline MEAM and SNAP files", () => {
    const names = fs
      .readdirSync(LAMMPS_POTENTIALS)
      .filter((name) => /\.(eam\.alloy|eam\.fs|sw|tersoff|spline|snapcoeff)$/.test(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const file = path.join(LAMMPS_POTENTIALS, name);
      // An exponent without its letter, where LAMMPS takes the number to end.
      if (name === "Si.b.meam.sw.spline") {
        expect(() => parsePotentialExpression(file, readText)).toThrow(/line 3: -5\.511362311759948\+02; expected/);
        continue;
      }
      // Three parametrizations of silicon stand in one file.
      const variant = name === "SiCGe.tersoff" ? "(Si(D),C,Ge)" : "";
      const spec = parsePotentialExpression(file + variant, readText);
      expect(createPotential(spec).terms.length, name).toBe(1);
    }
  });
});
