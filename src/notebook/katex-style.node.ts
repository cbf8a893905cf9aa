import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** The faces that physics needs; the others (Fraktur, script, typewriter) would double the size of a report. */
const FACES =
  /KaTeX_(Main-(Regular|Italic|Bold)|Math-Italic|AMS-Regular|Caligraphic-Regular|Size[1-4]-Regular)\.woff2$/;

/** KaTeX's style sheet with its fonts inside, so that a report needs no other file. */
export async function katexStyle(): Promise<string> {
  const file = createRequire(import.meta.url).resolve("katex/dist/katex.min.css");
  const css = await readFile(file, "utf8");
  const faces = css.match(/@font-face\{[^}]*\}/g) ?? [];
  const embedded = await Promise.all(faces.map((face) => embedFont(face, path.dirname(file))));
  return embedded.join("") + css.replace(/@font-face\{[^}]*\}/g, "");
}

async function embedFont(face: string, folder: string): Promise<string> {
  const font = /url\(([^)]+\.woff2)\)/.exec(face)?.[1];
  if (!font || !FACES.test(font)) return "";
  const bytes = await readFile(path.join(folder, font));
  return face.replace(/src:[^;}]+/, `src:url(data:font/woff2;base64,${bytes.toString("base64")}) format("woff2")`);
}
