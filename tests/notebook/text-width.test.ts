import { expect, test } from "vitest";
import { renderFigure } from "../../src/notebook/render-figure.js";
import { textWidth } from "../../src/notebook/text-width.js";

test("texts are as wide as Helvetica's, with an eighth to spare", () => {
  expect(textWidth("", 12)).toBe(0);
  // 722 + 556 + 222 + 556 thousandths.
  expect(textWidth("Cola", 10)).toBeCloseTo(1.12 * 20.56, 10);
  expect(textWidth("i", 10)).toBeLessThan(textWidth("W", 10) / 4);
  expect(textWidth("β", 10)).toBe(textWidth("0", 10));
});

test("legends of figures that are drawn without a screen lie close together", async () => {
  const values = ["iiiiiiiiiiiiiiiiiiii", "second"].map((series, x) => ({ series, x }));
  const encoding = { x: { field: "x", type: "quantitative" }, color: { field: "series", type: "nominal" } };
  const config = { legend: { orient: "top", columns: 2 } };
  const spec = { data: { values }, mark: "point", encoding, config };
  const svg = await renderFigure({ kind: "figure", name: "legend", caption: "", spec }, []);
  const places = [...svg.matchAll(/<g transform="translate\(([\d.]+),0\)">/g)].map(([, x]) => Number(x));
  // Twenty narrow letters take 50 pixels, where Vega alone makes room for 176.
  expect(Math.max(...places)).toBeLessThan(110);
  expect(Math.max(...places)).toBeGreaterThan(50);
});
