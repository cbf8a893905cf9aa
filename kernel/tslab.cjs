// Starts the stock tslab kernel in the project's root: tslab compiles cells with rootDir = the working folder, so that
// a notebook in notebooks/ could not import anything from ../src or ../dist otherwise.
"use strict";
const path = require("node:path");

process.chdir(process.env.PHASECELL_PROJECT ?? path.join(__dirname, ".."));
const at = process.argv.indexOf("--config-path");
if (at < 0) {
  process.stderr.write("phasecell: tslab kernel; expected --config-path FILE, as Jupyter starts kernels\n");
  process.exit(2);
}
require("tslab/dist/main.js").startKernel({
  configPath: process.argv[at + 1],
  enableFindLocal: false,
  jsKernel: false,
});
