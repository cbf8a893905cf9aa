/**
 * A program of its own: `node bench-lammps-js.js BUILD.js [LAMMPS arguments]` runs `in` with `data` of the working
 * folder in lammps.js, twice, so that the second time V8's compilers are done; the last `Loop time` counts.
 * It cannot tell how busy its process was: printed here.
 */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

interface LammpsModule {
  readonly FS: { writeFile(name: string, bytes: Uint8Array): void };
  readonly LAMMPSWeb: new () => {
    start(): void;
    startWithArgs(args: readonly string[]): void;
    runScript(script: string): void;
  };
}

async function run([build = "", ...args]: readonly string[]): Promise<void> {
  const { default: create } = (await import(pathToFileURL(build).href)) as {
    default(options: object): Promise<LammpsModule>;
  };
  const print = (line: string): void => console.log(line);
  const { FS, LAMMPSWeb } = await create({ print, printErr: print });
  FS.writeFile("data", readFileSync("data"));
  // Potential files move into its file system.
  const script = readFileSync("in", "utf8").replace(/(?<=\s)\/\S*\/(\S+)/g, (file, name: string) => {
    FS.writeFile(name, readFileSync(file));
    return name;
  });
  const lammps = new LAMMPSWeb();
  if (args.length > 0) lammps.startWithArgs(args);
  else lammps.start();
  lammps.runScript(script);
  await setTimeout(500);
  const start = performance.now();
  const before = process.cpuUsage();
  lammps.runScript(`clear\n${script}`);
  const { user, system } = process.cpuUsage(before);
  print(`busy ${(user + system) / (performance.now() - start) / 10}%`);
}

run(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.log(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
