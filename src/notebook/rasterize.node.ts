import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ComputationError } from "../errors.js";

/** Faces of Arimo, which has the metrics of Helvetica and Arial: figures look the same on every machine. */
const FACES = ["400Regular", "400Regular_Italic", "700Bold"].map(
  (face) => `@expo-google-fonts/arimo/${face}/Arimo_${face}.ttf`,
);

type Resvg = typeof import("@resvg/resvg-wasm");
let loading: Promise<{ resvg: Resvg; fonts: Uint8Array[] }> | undefined;

async function load(): Promise<{ resvg: Resvg; fonts: Uint8Array[] }> {
  const { resolve } = createRequire(import.meta.url);
  const resvg = await import("@resvg/resvg-wasm");
  const [module, ...fonts] = await Promise.all(
    ["@resvg/resvg-wasm/index_bg.wasm", ...FACES].map((name) => readFile(resolve(name))),
  );
  await resvg.initWasm(module!);
  return { resvg, fonts };
}

/** An SVG figure as PNG, `zoom` pixels to the unit, by resvg in WebAssembly: same figure, same bytes. */
export async function rasterize(svg: string, zoom = 2): Promise<Uint8Array> {
  loading ??= load();
  const { resvg, fonts } = await loading;
  try {
    const drawing = new resvg.Resvg(svg, {
      fitTo: { mode: "zoom", value: zoom },
      font: { fontBuffers: fonts, defaultFontFamily: "Arimo", sansSerifFamily: "Arimo" },
    });
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    drawing.free();
    return png;
  } catch (cause) {
    throw new ComputationError({ what: `PNG of a figure: ${String(cause)}` }, { cause });
  }
}
