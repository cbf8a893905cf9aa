import { InputError } from "../errors.js";

/** An XML element: attributes, its own text, elements inside. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: XmlElement[];
  /** Line where it begins. */
  readonly line: number;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.includes("&") ? text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name]!) : text;

/**
 * Reads XML of the plain kind programs write (no CDATA, no own entities) and gives each child of the root to `onChild`
 * once it is complete, so that long files do not pile up. Elements named in `skip` are passed over.
 */
export function readXml(
  text: string,
  file: string,
  { root, skip, onChild }: { root: string; skip: ReadonlySet<string>; onChild: (child: XmlElement) => void },
): void {
  const stack: XmlElement[] = [];
  let [line, at, closed] = [1, 0, false];
  const fail = (value: string, expected: string): never => {
    throw new InputError({ what: `${file} line ${line}`, value, expected });
  };
  let newline = text.indexOf("\n");
  const advance = (to: number): void => {
    for (; newline >= 0 && newline < to; newline = text.indexOf("\n", newline + 1)) line++;
    at = to;
  };
  while (!closed) {
    const open = text.indexOf("<", at);
    const end = open < 0 ? -1 : text.indexOf(">", open);
    if (end < 0) {
      advance(text.length);
      fail("end of file", `</${stack.at(-1)?.name ?? root}>`);
    }
    const top = stack.at(-1);
    if (top) top.text += decode(text.slice(at, open));
    else if (text.slice(at, open).trim() !== "" && at > 0) fail(text.slice(at, open), `<${root}>`);
    advance(open);
    const tag = text.slice(open + 1, end);
    if (tag.startsWith("?") || tag.startsWith("!")) {
      const close = tag.startsWith("!--") ? text.indexOf("-->", open) : end;
      if (close < 0) fail("an open comment", "-->");
      advance(close + (tag.startsWith("!--") ? 3 : 1));
      continue;
    }
    if (tag.startsWith("/")) {
      const element = stack.pop();
      if (element?.name !== tag.slice(1).trim()) fail(`<${tag}>`, element ? `</${element.name}>` : `<${root}>`);
      if (stack.length === 1) onChild(element!);
      closed = stack.length === 0;
    } else {
      const element = openTag(tag, line, fail);
      if (stack.length === 0 && element.name !== root) fail(`<${tag}>`, `<${root}>`);
      const empty = tag.endsWith("/");
      if (skip.has(element.name) && !empty) {
        const close = text.indexOf(`</${element.name}>`, end);
        if (close < 0) fail(`<${element.name}>`, `</${element.name}>`);
        advance(close + element.name.length + 3);
        continue;
      }
      stack.at(-1)?.children.push(element);
      if (stack.length > 64) fail(`<${tag}>`, "fewer elements inside each other");
      if (!empty) stack.push(element);
      else if (stack.length === 1) onChild(element);
    }
    if (stack.length === 1) stack[0]!.children.length = 0;
    advance(end + 1);
  }
}

function openTag(tag: string, line: number, fail: (value: string, expected: string) => never): XmlElement {
  const match = /^([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?$/.exec(tag);
  if (match === null) fail(`<${tag}>`, "an element with quoted attributes");
  const [, name = "", list = ""] = match;
  const attributes: Record<string, string> = {};
  for (const [, key, double, single] of list.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[key!] = decode(double ?? single ?? "");
  return { name, attributes, text: "", children: [], line };
}

/** The first child of that element name, and `name` attribute where given. */
export const childOf = (element: XmlElement | undefined, tag: string, name?: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === tag && (name === undefined || child.attributes.name === name));
