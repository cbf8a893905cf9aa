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
/** The types of a module of ours: beside this file in dist, the source when run from src. */
const ownTypes = (module: string): string => {
  const base = path.resolve(here, module);
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
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [...this.#files.keys()],
      getScriptVersion: (file) =>
        String(this.#files.get(file)?.version ?? ts.sys.getModifiedTime?.(file)?.getTime() ?? 0),
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
  }

  remove(id: number): void {
    this.#cells.delete(id);
    this.#files.delete(this.#fileOf(id));
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

  #fileOf(id: number): string {
    return path.join(this.folder, `__cell_${id}.ts`);
  }

  #write(compiled: CompiledCell): void {
    const file = this.#fileOf(compiled.cell.id);
    const text = `${this.#header(compiled)}\n${moduleBody(compiled)}\n`;
    const old = this.#files.get(file);
    if (old?.text !== text) this.#files.set(file, { text, version: (old?.version ?? 0) + 1 });
  }

  /** One line that brings in what the cell reads from others, values as the runtime hands them over: awaited. */
  #header({ cell, inputs, outputs }: CompiledCell): string {
    const parts: string[] = [];
    for (const other of this.#cells.values()) {
      if (other.cell.id === cell.id) continue;
      const from = `from "./__cell_${other.cell.id}"`;
      for (const name of other.outputs) {
        if (!inputs.includes(name)) continue;
        if (other.imported.includes(name)) parts.push(`import { ${name} } ${from};`);
        else parts.push(`import { ${name} as __${name} } ${from}; declare const ${name}: Observed<typeof __${name}>;`);
      }
      for (const name of typeNames(other))
        if (!inputs.includes(name) && !outputs.includes(name) && new RegExp(`\\b${name}\\b`).test(cell.value))
          parts.push(`import type { ${name} } ${from};`);
    }
    return parts.join(" ");
  }
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

/** Types and classes that other cells may name. */
function typeNames({ cell, imported }: CompiledCell): string[] {
  if (cell.mode !== "ts") return [];
  const source = ts.createSourceFile("cell.ts", cell.value, ts.ScriptTarget.ESNext);
  const declared = source.statements.flatMap((statement) =>
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? [statement.name.text] : [],
  );
  return [...declared, ...imported];
}
