import { describe, expect, test } from "vitest";
import { table } from "../../src/figures/figure.js";
import { parityFigure } from "../../src/figures/parity.js";
import { renderFigure } from "../../src/notebook/render-figure.js";
import { formatNumber, formatScientific, renderTable } from "../../src/notebook/render-value.js";
import { exampleFigures } from "./examples.js";

const titles: Readonly<Record<string, readonly string[]>> = {
  "growth-rate": ["Temperature (K)", "Crystal growth rate (1/ns)", "1322 ± 6 K"],
  parity: ["DFT (eV/atom)", "Potential (eV/Å)", "Energy: RMSE"],
  "equation-of-state": ["Volume (Å³/atom)", "Energy (eV/atom)", "beta-tin"],
  thermo: ["Time (ps)", "Temperature (K)"],
  rdf: ["r (Å)", "g(r)"],
  gibbs: ["Pressure (GPa)", "G(β-tin) − G(diamond) (meV/atom)"],
  work: ["Work minus free-energy difference (meV/atom)", "minus backward"],
  boundary: ["Temperature (K)", "Pressure (GPa)", "Clausius-Clapeyron", "crossing of G", "diamond"],
  diagram: ["Temperature (K)", "omega", "metastable", "did not last", "teacher", "experiment"],
  series: ["Structures", "Force error (eV/Å)", "training"],
  "heat-map": ["Change (standard deviations)", "Strain", "B13"],
  phonons: ["Frequency (THz)", "States (1/THz/atom)", "Γ", "U|K", "W"],
  structures: ["Diamond", "Rock salt", "Na"],
};

describe("figures", () => {
  test.each(exampleFigures().map((figure) => [figure.name, figure] as const))(
    "%s draws without a warning, with units on its axes, the same bytes twice",
    async (name, figure) => {
      const svg = await renderFigure(figure, []);
      for (const title of titles[name]!) expect(svg).toContain(title);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(await renderFigure(figure, [])).toBe(svg);
    },
  );

  test("provenance travels in the metadata", async () => {
    const provenance = { stage: "fit <1>", key: "ab".repeat(32), inputs: {}, seed: 3, engine: "wasm", versions: {} };
    const svg = await renderFigure(exampleFigures()[0]!, [provenance]);
    expect(svg).toContain("<metadata>[{&quot;stage&quot;:&quot;fit &lt;1&gt;&quot;");
  });

  test("ids inside two figures of one page differ", async () => {
    const ids = async (name: string) =>
      [...(await renderFigure({ ...exampleFigures()[0]!, name }, [])).matchAll(/id="([^"]+)"/g)].map(([, id]) => id);
    const [first, second] = [await ids("a"), await ids("b")];
    expect(first.length).toBeGreaterThan(0);
    expect(first.filter((id) => second.includes(id))).toEqual([]);
  });

  test("parity draws points that fall on one dot once, and the RMSE counts them all", () => {
    const points = Array.from({ length: 1000 }, (_, i) => ({ reference: i % 2, predicted: (i % 2) + 0.1, group: "a" }));
    const { spec } = parityFigure({ name: "p", caption: "", panels: [{ quantity: "Energy", unit: "eV", points }] });
    const text = JSON.stringify(spec);
    expect(text).toContain("RMSE 0.100 eV");
    expect(text.match(/"predicted":[\d.]+/g)).toHaveLength(2);
  });

  test("tables print digits, units and true minus signs", () => {
    const html = renderTable(
      table([{ phase: "<a>", energy: -1.23456 }], {
        name: "t",
        caption: "",
        columns: ["phase", { key: "energy", unit: "eV", digits: 2 }],
      }),
    );
    expect([formatNumber(-0.00001, 2), formatNumber(-0.4, 1), formatNumber(Number.NEGATIVE_INFINITY)]).toEqual([
      "0.00",
      "\u22120.4",
      "\u2212Infinity",
    ]);
    expect([formatScientific(-1.26e-15, 1), formatScientific(3e5), formatScientific(0)]).toEqual([
      "\u22121.3 × 10⁻¹⁵",
      "3 × 10⁵",
      "0",
    ]);
    expect(html).toContain("&lt;a&gt;");
    expect(html).toContain("\u22121.23");
    expect(formatNumber(0.1 + 0.2)).toBe("0.3");
  });
});
