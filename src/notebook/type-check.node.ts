import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { CompiledCell } from "./cell.js";

/** One complaint of the TypeScript compiler about a cell. */
export interface CellDiagnostic {
  readonly cell: number;
  /** 1 is the first line of the cell. */
  readonly line: number;
  readonly column: number;
  /** TypeScript's number: 2322. */
  readonly code: number;
  readonly message: string;
}

const here = path.dirname(fileURLToPath(import.meta.url));
/** The types of a module of ours: in dist, also when this file is in one of its chunks, or the source when run from src. */
const ownTypes = (module: string): string => {
  const base = path.resolve(here, "../notebook", module);
  return existsSync(`${base}.d.ts`) ? `${base}.d.ts` : `${base}.ts`;
};
const typeOf = (module: string, name: string): string =>
  `typeof import(${JSON.stringify(ownTypes(module).replace(/(\.d)?\.ts$/, ".js"))}).${name}`;

const AMBIENT = `
type Observed<T> = T extends PromiseLike<infer U> ? Observed<U> : T extends AsyncGenerator<infer Y, any, any> ? Y
  : T extends Generator<infer Y, any, any> ? Y : T;
declare function display<T>(value: T): T;
declare function view<T>(control: { readonly value: T; readonly control: string }): T;
declare const invalidation: Promise<void>;
declare const signal: AbortSignal;
declare const stage: import(${JSON.stringify(ownTypes("stage").replace(/(\.d)?\.ts$/, ".js"))}).Stage;
declare const Inputs: ${typeOf("input-control", "Inputs")};
declare const md: ${typeOf("markup", "md")};
declare const tex: ${typeOf("markup", "tex")};
declare const html: ${typeOf("markup", "html")};
declare const htl: { readonly html: ${typeOf("markup", "html")} };
declare function FileAttachment(path: string): {
  text(): Promise<string>; json(): Promise<any>; arrayBuffer(): Promise<ArrayBuffer>; readonly name: string;
};
`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  types: [],
  paths: { phasecell: [ownTypes("../index")] },
};

interface CellFile {
  readonly text: string;
  readonly version: number;
}

/** Files of cells are made in advance, this many at a time: a program with another list of files is built anew. */
const SLOTS = 64;
const EMPTY = "export {};\n";
/** Installed packages and our own types do not change while a notebook is open; other modules may. */
const isInstalled = (file: string): boolean => file.includes("/node_modules/") || file.startsWith(path.dirname(here));

/** Type-checks cells together: each is a module that imports from the others what it reads, with its own line numbers. */
export class CellTypeChecker {
  readonly #cells = new Map<number, CompiledCell>();
  readonly #files = new Map<string, CellFile>();
  readonly #ambient: string;
  readonly #service: ts.LanguageService;

  /** `folder` is where the notebook lies: relative imports start there. */
  constructor(readonly folder: string) {
    this.#ambient = path.join(folder, "__cells.d.ts");
    this.#files.set(this.#ambient, { text: AMBIENT, version: 1 });
    const read = (file: string): string | undefined => this.#files.get(file)?.text ?? ts.sys.readFile(file);
    const modules = ts.createModuleResolutionCache(folder, (file) => file, OPTIONS);
    this.#service = ts.createLanguageService({
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const found = ts.resolveModuleName(text, from, OPTIONS, ts.sys, modules);
          // A notebook outside of any project still has the packages that PhaseCell brings.
          return found.resolvedModule || text.startsWith(".")
            ? (resolvedCell(this.#files, text, from) ?? found)
            : ts.resolveModuleName(text, path.join(here, "cell.ts"), OPTIONS, ts.sys, modules);
        }),
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [...this.#files.keys()],
      getScriptVersion: (file) => {
        const own = this.#files.get(file)?.version;
        return String(own ?? (isInstalled(file) ? 1 : (ts.sys.getModifiedTime?.(file)?.getTime() ?? 0)));
      },
      getScriptSnapshot: (file) => {
        const text = read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (file) => this.#files.has(file) || ts.sys.fileExists(file),
      readFile: read,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
    });
  }

  set(compiled: CompiledCell): void {
    this.#cells.set(compiled.cell.id, compiled);
    const { id } = compiled.cell;
    if (this.#files.has(this.#fileOf(id))) return;
    for (let slot = id; slot < id + SLOTS; slot++)
      if (!this.#files.has(this.#fileOf(slot))) this.#replace(this.#fileOf(slot), EMPTY);
  }

  remove(id: number): void {
    this.#cells.delete(id);
    this.#replace(this.#fileOf(id), EMPTY);
  }

  /** Complaints about these cells, or all; only modules whose text changed are checked anew. */
  diagnostics(ids: Iterable<number> = this.#cells.keys()): CellDiagnostic[] {
    for (const compiled of this.#cells.values()) this.#write(compiled);
    return [...ids].flatMap((id) => {
      const file = this.#fileOf(id);
      const found = [...this.#service.getSyntacticDiagnostics(file), ...this.#service.getSemanticDiagnostics(file)];
      return found.map(({ file: source, start = 0, code, messageText }) => {
        const { line, character } = source ? source.getLineAndCharacterOfPosition(start) : { line: 1, character: 0 };
        return {
          cell: id,
          line,
          column: character + 1,
          code,
          message: ts.flattenDiagnosticMessageText(messageText, " "),
        };
      });
    });
  }

  /** Asks the language service about a cell that is being written: all that the others define is known to it. */
  ask<T>(code: string, question: (service: ts.LanguageService, file: string, offset: number) => T): T {
    for (const compiled of this.#cells.values()) this.#write(compiled);
    const header = this.#draftHeader(code);
    const file = path.join(this.folder, "__cell_draft.ts");
    this.#replace(file, `${header}\n${code}\nexport {};\n`);
    return question(this.#service, file, header.length + 1);
  }

  #draftHeader(code: string): string {
    const own = declaredNames(code);
    const parts: string[] = [];
    for (const compiled of this.#cells.values()) {
      const from = `from "./__cell_${compiled.cell.id}";`;
      for (const name of compiled.outputs.filter((one) => !own.has(one))) parts.push(importOf(name, compiled, from));
      for (const name of typeNames(compiled))
        if (!own.has(name) && !compiled.outputs.includes(name)) parts.push(`import type { ${name} } ${from}`);
    }
    return parts.join(" ");
  }

  #fileOf(id: number): string {
    return path.join(this.folder, `__cell_${id}.ts`);
  }

  #write(compiled: CompiledCell): void {
    const file = this.#fileOf(compiled.cell.id);
    this.#replace(file, `${this.#header(compiled)}\n${moduleBody(compiled)}\n`);
  }

  #replace(file: string, text: string): void {
    const old = this.#files.get(file);
    if (old?.text !== text) this.#files.set(file, { text, version: (old?.version ?? 0) + 1 });
  }

  /** One line that brings in what the cell reads from others, values as the runtime hands them over: awaited. */
  #header(compiled: CompiledCell): string {
    const { cell, inputs, outputs } = compiled;
    const parts: string[] = [];
    for (const other of this.#cells.values()) {
      if (other.cell.id === cell.id) continue;
      const from = `from "./__cell_${other.cell.id}"`;
      for (const name of other.outputs) {
        if (inputs.includes(name)) parts.push(importOf(name, other, `${from};`));
      }
      for (const name of typeNames(other))
        if (!inputs.includes(name) && !outputs.includes(name) && wordsOf(compiled).has(name))
          parts.push(`import type { ${name} } ${from};`);
    }
    return parts.join(" ");
  }
}

/** Brings in what another cell defines. */
const importOf = (name: string, { imported }: CompiledCell, from: string): string =>
  imported.includes(name)
    ? `import { ${name} } ${from}`
    : `import { ${name} as __${name} } ${from} declare const ${name}: Observed<typeof __${name}>;`;

/** Names that the statements of a cell declare, as far as they can be read. */
function declaredNames(code: string): Set<string> {
  const names = new Set<string>();
  const declare = (name: ts.BindingName | undefined): void => {
    if (!name) return;
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) declare(element.name);
  };
  for (const statement of ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext).statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) declare(name);
    else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      declare(clause?.name);
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) declare(bindings.name);
      else for (const { name } of bindings?.elements ?? []) declare(name);
    } else if ("name" in statement) declare(statement.name as ts.Identifier);
  }
  return names;
}

/** The source of the cell as a module: an expression cell and the templates of Markdown become a default export. */
function moduleBody(compiled: CompiledCell): string {
  const { cell, outputs, body } = compiled;
  if (cell.mode !== "ts" && cell.mode !== "js")
    return `export async function cell() ${body.slice(body.indexOf("=>") + 2, -1).replace(/^\s*\{\s*return \(\s*/, "{ return (")}`;
  if (outputs.length === 0 && isExpression(cell.value)) return `export default (${cell.value.replace(/;\s*$/, "")}\n);`;
  return `${cell.value}\nexport { ${[...new Set([...outputs, ...typeNames(compiled)])].join(", ")} };`;
}

function isExpression(code: string): boolean {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext);
  return source.statements.length === 1 && ts.isExpressionStatement(source.statements[0]!);
}

/** Cells are files that only the language service has. */
function resolvedCell(
  files: ReadonlyMap<string, unknown>,
  text: string,
  from: string,
): ts.ResolvedModuleWithFailedLookupLocations | undefined {
  const file = path.resolve(path.dirname(from), `${text}.ts`);
  if (!files.has(file)) return undefined;
  return { resolvedModule: { resolvedFileName: file, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
}

/** A function of a cell that is asked often. */
function remembered<T>(compute: (compiled: CompiledCell) => T): (compiled: CompiledCell) => T {
  const known = new WeakMap<CompiledCell, { readonly value: T }>();
  return (compiled) => {
    const entry = known.get(compiled) ?? { value: compute(compiled) };
    known.set(compiled, entry);
    return entry.value;
  };
}

/** Types that a cell declares or imports, which other cells may name. */
export const typeNames = remembered(({ cell, imported }): readonly string[] => {
  if (cell.mode !== "ts") return [];
  const source = ts.createSourceFile("cell.ts", cell.value, ts.ScriptTarget.ESNext);
  const declared = source.statements.flatMap((statement) =>
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? [statement.name.text] : [],
  );
  return [...declared, ...imported];
});

/** Every name in the text of a cell. */
export const wordsOf = remembered(
  ({ cell }): ReadonlySet<string> => new Set(cell.value.match(/[\p{L}_$][\p{L}\d_$]*/gu)),
);
