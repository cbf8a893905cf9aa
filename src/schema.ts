import * as v from "valibot";
import { didYouMean, InputError } from "./errors.js";

/** Parses data from outside by a schema; the first complaint becomes one line that names the path, value and expectation. */
export function parseWith<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = innermost(result.issues[0]);
  const place = [what, ...(issue.path ?? []).map((item) => String(item.key))].join(".");
  const key = String(issue.path?.at(-1)?.key);
  const parent = issue.path?.at(-1)?.input;
  const siblings = (): string[] => knownKeys(schema, issue.path ?? []);
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = siblings();
    const meant = didYouMean(
      key,
      known.filter((name) => !(parent && typeof parent === "object" && name in parent)),
    );
    throw new InputError({
      what: `unknown key ${place}`,
      expected: known.length ? `one of ${known.join(", ")}` : "no such key",
      ...(meant === undefined ? {} : { attempt: meant }),
    });
  }
  if (issue.type.endsWith("object") && parent && typeof parent === "object" && issue.expected === JSON.stringify(key)) {
    const known = siblings();
    const given = didYouMean(
      key,
      Object.keys(parent).filter((name) => !known.includes(name)),
    );
    throw new InputError({
      what: place,
      value: given === undefined ? "missing" : `missing (there is ${given})`,
      expected: `the key ${key}`,
    });
  }
  throw new InputError({
    what: place,
    value: issue.input,
    expected: issue.message.startsWith("Invalid") && issue.expected ? issue.expected : issue.message,
  });
}

/** Of a union's complaint, that of the branch which looked inside the value: it is the one that was meant. */
function innermost(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const inner = issue.type === "union" ? issue.issues?.find(({ path }) => path !== undefined) : undefined;
  return inner ? innermost({ ...inner, path: [...(issue.path ?? []), ...inner.path!] } as typeof inner) : issue;
}

type Path = readonly { readonly key: unknown; readonly input: unknown }[];

/** Keys of the strict object that holds the end of a path, through wrappers (optional, arrays, unions); else none. */
function knownKeys(schema: unknown, path: Path): string[] {
  let node = schema as SchemaNode | undefined;
  for (const [depth, { key, input }] of path.entries()) {
    node = meant(node, input);
    if (depth === path.length - 1) return node?.entries ? Object.keys(node.entries) : [];
    node = (node?.entries?.[String(key)] ?? node?.item) as SchemaNode | undefined;
  }
  return [];
}

interface SchemaNode {
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
  readonly wrapped?: unknown;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

/** A schema without its wrappers; of a union the object (whose literals the input has) or array that the input is. */
function meant(schema: unknown, input: unknown): SchemaNode | undefined {
  let node = schema as SchemaNode | undefined;
  while (node && !node.entries && node.wrapped) node = node.wrapped as SchemaNode;
  if (!node?.options || node.entries) return node;
  const fits = (option: SchemaNode | undefined): boolean =>
    Array.isArray(input)
      ? option?.item !== undefined
      : option?.entries !== undefined &&
        Object.entries(option.entries).every(([key, entry]) => {
          const { literal } = entry as SchemaNode;
          return literal === undefined || literal === (input as Record<string, unknown>)[key];
        });
  return node.options.map((option) => meant(option, input)).find(fits);
}
