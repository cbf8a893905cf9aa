import type { StageContext } from "../notebook/stage.js";
import type { ImportedName, PageModules } from "./page-notebook.js";

/** A stage's function as text, with what it may refer to: how it travels to a worker. */
export interface StageOrder {
  readonly text: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: Readonly<Record<string, ImportedName>>;
  /** Specifiers of `import()` -> key of the modules. */
  readonly modules: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly engine: string;
}

/** The value of an imported name. */
export async function resolveImport({ module, name }: ImportedName, modules: PageModules): Promise<unknown> {
  const namespace = (await modules[module]!()) as Record<string, unknown>;
  return name === "*" ? namespace : namespace[name];
}

/** Calls the function of a stage from its text: it sees its imports and its inputs, and nothing else of the page. */
export async function computeStage(
  { text, inputs, imports, modules: specifiers, seed, engine }: StageOrder,
  modules: PageModules,
  work: Pick<StageContext, "signal" | "onProgress" | "onUpdate" | "legs">,
): Promise<unknown> {
  const used = Object.entries(imports).filter(([name]) =>
    new RegExp(`(?<![\\w$])${inPattern(name)}(?![\\w$])`).test(text),
  );
  const scope = new Map<string, unknown>([
    ["__import", (specifier: string) => modules[specifiers[specifier]!]!()],
    ...(await Promise.all(
      used.map(async ([name, imported]) => [name, await resolveImport(imported, modules)] as const),
    )),
    ...Object.entries(inputs).filter(([name]) => /^[A-Za-z_$][\w$]*$/.test(name)),
  ]);
  const create = new Function(...scope.keys(), `return (${text}\n);`);
  const compute = create(...scope.values()) as (inputs: unknown, context: StageContext) => unknown;
  return compute(inputs, { ...work, seed, engine });
}

const inPattern = (name: string): string => name.replaceAll("$", "\\$");
