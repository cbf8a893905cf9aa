import * as v from "valibot";
import { didYouMean, InputError } from "./errors.js";

/** Parses data from outside by a schema; the first complaint becomes one line that names the path, value and expectation. */
export function parseWith<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const place = [what, ...(issue.path ?? []).map((item) => String(item.key))].join(".");
  const key = String(issue.path?.at(-1)?.key);
  const parent = issue.path?.at(-1)?.input;
  const siblings = (): string[] =>
    knownKeys(
      schema,
      (issue.path ?? []).slice(0, -1).map((item) => item.key as PropertyKey),
    );
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

/** Keys of the strict object at a path inside a schema, through wrappers (optional, arrays); empty where unknown. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  let node = unwrap(schema);
  for (const key of path) {
    if (node?.entries && key in node.entries) node = unwrap(node.entries[key as string]);
    else if (node?.item) node = unwrap(node.item);
    else return [];
  }
  return node?.entries ? Object.keys(node.entries) : [];
}

interface SchemaNode {
  readonly entries?: Record<string, unknown>;
  readonly item?: unknown;
  readonly wrapped?: unknown;
  readonly pipe?: readonly unknown[];
}

function unwrap(schema: unknown): SchemaNode | undefined {
  let node = schema as SchemaNode | undefined;
  while (node && !node.entries && node.wrapped) node = node.wrapped as SchemaNode;
  return node;
}
