import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { escapeHtml, md } from "../notebook/markup.js";
import type { PageNotebook } from "./page-notebook.js";

export interface IndexOptions {
  readonly root: string;
  readonly styles: readonly string[];
}

const STYLE = `
main { max-width: 64rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1.4rem; margin: 2rem 0; padding: 0; list-style: none; }
.cards a { display: flex; flex-direction: column; height: 100%; color: inherit; text-decoration: none; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.cards a:hover { border-color: var(--accent); }
.cards .picture { height: 11rem; padding: .8rem; display: flex; align-items: center; justify-content: center; border-bottom: 1px solid var(--line); background: var(--paper); }
.cards .picture img { max-width: 100%; max-height: 100%; }
.cards .picture.none { background: var(--code); color: var(--soft); font: 600 2.6rem/1 var(--sans-serif); }
.cards h2 { font-size: 1.02rem; line-height: 1.3; margin: .9rem 1rem .3rem; padding: 0; border: 0; }
.cards p { font-size: .86rem; line-height: 1.5; margin: 0 1rem 1rem; color: var(--soft); }
`;

/** The first page of a site: every notebook with its picture and its first words. */
export async function indexDocument(notebooks: readonly PageNotebook[], options: IndexOptions): Promise<string> {
  const cards = await Promise.all(notebooks.map((notebook) => card(notebook, options.root)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PhaseCell notebooks</title>
<link rel="icon" href="data:,">
${options.styles.map((file) => `<link rel="stylesheet" href="app/${file}">`).join("\n")}
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>PhaseCell notebooks</h1>
<p>From first-principles data to a phase diagram. Each page computes what it shows, here, in your browser: change a setting
and what depends on it is computed anew.</p>
<ul class="cards">
${cards.join("\n")}
</ul>
</main>
</body>
</html>
`;
}

async function card(notebook: PageNotebook, root: string): Promise<string> {
  const picture = await pictureOf(notebook, root);
  const number = /^\d+/.exec(path.basename(notebook.file))?.[0] ?? "";
  const shown = picture
    ? `<div class="picture"><img alt="" src="${picture}"></div>`
    : `<div class="picture none">${escapeHtml(number)}</div>`;
  return `<li><a href="${escapeHtml(encodeURI(notebook.file))}">${shown}<h2>${escapeHtml(notebook.title)}</h2><p>${firstWords(notebook)}</p></a></li>`;
}

/** A picture lies in the folder `pictures` beside the notebook, under its name. */
async function pictureOf({ file }: PageNotebook, root: string): Promise<string | undefined> {
  const name = path.basename(file, path.extname(file));
  const place = path.join(root, path.dirname(file), "pictures", name);
  if (existsSync(`${place}.svg`)) return dataAddress("image/svg+xml", await readFile(`${place}.svg`));
  if (existsSync(`${place}.png`)) return dataAddress("image/png", await readFile(`${place}.png`));
  return undefined;
}

const dataAddress = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString("base64")}`;

/** The first paragraph of prose, up to two sentences, without its links and equations. */
function firstWords({ cells }: PageNotebook): string {
  const prose = cells.find(({ cell }) => cell.mode === "md" && /^[^#\s|>-]/m.test(cell.value));
  const paragraph = prose?.cell.value.split(/\n\s*\n/).find((part) => /^\s*[^#\s|>-]/.test(part)) ?? "";
  const plain = paragraph
    .replace(/\$\{[^}]*\}/g, "")
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,;:])/g, "")
    .trim();
  const sentences =
    plain
      .match(/.*?[.!?](?=\s|$)/g)
      ?.slice(0, 2)
      .join("") ?? plain;
  return md([sentences] as unknown as TemplateStringsArray).html.replace(/<[^>]*>/g, "");
}
