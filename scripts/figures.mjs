// `npm run figures [NOTEBOOK...]`: runs the notebooks at their full length and puts the figures that README, docs and
// the index of the notebooks show where they belong. Finished stages come from the cache. The picture of notebook 08 is
// taken of the live page, where there is a Chromium.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");

/** Notebook -> figure -> files. */
const SHOWN = {
  "01-silicon": {
    boundary: ["docs/phase-diagram.svg", "notebooks/pictures/01-silicon.svg"],
    parity: ["docs/parity.svg"],
  },
  "02-structures": { crystals: ["notebooks/pictures/02-structures.svg"] },
  "03-descriptors": { fingerprints: ["docs/fingerprints.svg", "notebooks/pictures/03-descriptors.svg"] },
  "04-regression": { "learning-forces": ["docs/learning-curve.svg", "notebooks/pictures/04-regression.svg"] },
  "05-dynamics": { rdf: ["notebooks/pictures/05-dynamics.svg"], arrhenius: ["docs/diffusion.svg"] },
  "06-phases": { enthalpy: ["notebooks/pictures/06-phases.svg"], isobar: ["docs/isobar.svg"] },
  "07-titanium": { diagram: ["docs/titanium.svg", "notebooks/pictures/07-titanium.svg"] },
};

const wanted = process.argv.slice(2);
for (const [notebook, figures] of Object.entries(SHOWN)) {
  if (wanted.length && !wanted.some((name) => notebook.startsWith(name))) continue;
  const out = path.join("results", notebook);
  const { status } = spawnSync(
    process.execPath,
    ["dist/cli/main.js", "run", `notebooks/${notebook}.html`, "--out", out],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0) process.exit(status ?? 1);
  for (const [figure, places] of Object.entries(figures))
    for (const place of places) {
      fs.mkdirSync(path.join(root, path.dirname(place)), { recursive: true });
      fs.copyFileSync(path.join(root, out, "figures", `${figure}.svg`), path.join(root, place));
      console.log(place);
    }
}
if (wanted.length === 0 || wanted.some((name) => "08-live".startsWith(name))) {
  if (fs.existsSync("/usr/bin/chromium")) await import("./live-picture.mjs");
  else console.log("notebooks/pictures/08-live.png stays as it is: no Chromium here");
}
