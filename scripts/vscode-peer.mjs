// `node scripts/vscode-peer.mjs [--jupyter REPOSITORY] [--renderers REPOSITORY]`: VS Code with Microsoft's Jupyter
// extension, for `npx vitest run --project vscode`. code-server comes from npm; the extensions are built from their source (git
// repositories, by default GitHub's), as they are in no registry. Takes a few minutes and 1.5 GB while it builds.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const CODE_SERVER = "4.96.4";
/** The last states of both that run in that VS Code (1.96). */
const JUPYTER = { commit: "778c18c6b", name: "ms-toolsai.jupyter-2025.1.0" };
const RENDERERS = { commit: "91bc310", name: "ms-toolsai.jupyter-renderers-1.0.23" };

const { values } = parseArgs({
  options: {
    jupyter: { type: "string", default: "https://github.com/microsoft/vscode-jupyter" },
    renderers: { type: "string", default: "https://github.com/microsoft/vscode-notebook-renderers" },
  },
});
const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache");
const place = path.join(cache, "phasecell", "vscode");
const making = `${place}.part`;
const inMaking = (...names) => path.join(making, ...names);

function run(folder, program, ...args) {
  console.log(`${program} ${args.join(" ")}`);
  const { status } = spawnSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed in ${folder}`);
}
const npmInstall = (folder, ...more) =>
  run(folder, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...more);
function editJson(file, change) {
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  change(document);
  fs.writeFileSync(file, JSON.stringify(document, null, 2));
}

function installCodeServer() {
  run(making, "npm", "pack", "--silent", `code-server@${CODE_SERVER}`);
  run(making, "tar", "xzf", `code-server-${CODE_SERVER}.tgz`);
  fs.renameSync(inMaking("package"), inMaking("code-server"));
  const server = inMaking("code-server");
  npmInstall(server, "--omit=dev");
  // Passwords are not asked for on this machine's own address, and argon2 would have to be compiled.
  fs.writeFileSync(path.join(server, "node_modules/argon2/argon2.js"), "module.exports = {};\n");
  const code = path.join(server, "lib/vscode");
  const proxyAgent = (dependencies) => {
    dependencies["@vscode/proxy-agent"] = "0.27.0";
  };
  // The release of the registry in place of one of git.
  editJson(path.join(code, "package.json"), (document) => proxyAgent(document.dependencies));
  editJson(path.join(code, "npm-shrinkwrap.json"), ({ packages }) => {
    proxyAgent(packages[""].dependencies);
    delete packages["node_modules/@vscode/proxy-agent"];
  });
  npmInstall(code, "--omit=dev");
  npmInstall(path.join(code, "extensions"), "--omit=dev");
  fs.symlinkSync("node_modules", path.join(code, "node_modules.asar"));
}

/** A folder with the source of an extension at one commit. */
function checkOut(repository, { commit, name }) {
  const source = inMaking(`source-${name}`);
  run(making, "git", "clone", "--quiet", "--no-checkout", "--filter=blob:none", repository, source);
  run(source, "git", "sparse-checkout", "set", "--no-cone", "/*", "!/src/test/");
  run(source, "git", "checkout", "--quiet", commit);
  return source;
}

function install(source, { name }, parts) {
  const target = inMaking("extensions", name);
  for (const part of ["package.json", "LICENSE", ...parts])
    if (fs.existsSync(path.join(source, part)))
      fs.cpSync(path.join(source, part), path.join(target, part), { recursive: true });
  editJson(path.join(target, "package.json"), (document) => {
    for (const key of ["extensionPack", "scripts", "dependencies", "devDependencies"]) delete document[key];
  });
  const {
    publisher,
    name: id,
    enabledApiProposals,
  } = JSON.parse(fs.readFileSync(path.join(target, "package.json"), "utf8"));
  editJson(inMaking("code-server/lib/vscode/product.json"), (product) => {
    product.extensionEnabledApiProposals = {
      ...product.extensionEnabledApiProposals,
      [`${publisher}.${id}`]: enabledApiProposals,
    };
  });
}

function buildJupyter() {
  const source = checkOut(values.jupyter, JUPYTER);
  const needed = ["@types/node", "buffer", "bufferutil", "colors", "css-loader", "dedent", "del", "esbuild"].concat(
    ["esbuild-plugin-less", "fs-extra", "glob", "less", "less-loader", "less-plugin-inline-urls", "node-html-parser"],
    ["rimraf", "source-map", "tsx", "typescript", "utf-8-validate", "util"],
  );
  const onlyNeeded = ({ devDependencies }) => {
    for (const name of Object.keys(devDependencies)) if (!needed.includes(name)) delete devDependencies[name];
  };
  editJson(path.join(source, "package.json"), onlyNeeded);
  editJson(path.join(source, "package-lock.json"), ({ packages }) => onlyNeeded(packages[""]));
  npmInstall(source);
  // Its changes to packages, without the download of ZeroMQ: npm's has binaries for this machine.
  const changes = fs.readFileSync(path.join(source, "build/ci/postInstall.js"), "utf8");
  const before = changes.slice(0, changes.search(/^downloadZmqBinaries\(\)/m)).replace(/.*@vscode\/zeromq.*/, "");
  fs.writeFileSync(path.join(source, "build/ci/change-packages.js"), before);
  run(source, process.execPath, "build/ci/change-packages.js");
  run(source, "node_modules/.bin/tsx", "build/esbuild/build.ts", "--production");
  install(source, JUPYTER, ["dist", "resources", "package.nls.json", "pythonFiles", "data", "icon.png"]);
}

function buildRenderers() {
  const source = checkOut(values.renderers, RENDERERS);
  npmInstall(source, "--legacy-peer-deps");
  run(source, process.execPath, "build/postInstall.js");
  const settings = ["--config=build/webpack/webpack.client.config.js", "--mode=development"];
  run(source, "node_modules/.bin/webpack", ...settings);
  install(source, RENDERERS, ["out", "icon.png"]);
}

if (fs.existsSync(place)) console.log(`${place} is there already`);
else {
  fs.rmSync(making, { recursive: true, force: true });
  fs.mkdirSync(inMaking("extensions"), { recursive: true });
  installCodeServer();
  buildJupyter();
  buildRenderers();
  for (const name of fs.readdirSync(making))
    if (!["code-server", "extensions"].includes(name)) fs.rmSync(inMaking(name), { recursive: true, force: true });
  fs.renameSync(making, place);
  console.log(`VS Code is in ${place}`);
}
