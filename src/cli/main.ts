#!/usr/bin/env node

/** What scripts/build.mjs makes of main.node.ts and all that it imports: a few files, which load in a third of the time. */
const program = new URL("../../dist/programs/main.node.js", import.meta.url).href;

import(program)
  .then(({ main }: typeof import("./main.node.js")) => main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
