/** A start tag, and for elements whose content is text (`script`, `title`) that text. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where `<` stands. */
  readonly start: number;
  /** After the start tag, or after the end tag where `text` is given. */
  readonly end: number;
  readonly text?: string;
}

const TEXT_ELEMENTS: ReadonlySet<string> = new Set(["script", "style", "title", "textarea"]);
const TAG = /<!--|<(\/?)([a-z][^\s/>]*)/gi;
const ATTRIBUTE = /[\s/]*(?:([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?|(>))/y;

/**
 * The tags of an HTML text in order, end tags with a `/` before their name. It knows comments, quoted attributes and
 * elements that hold text, which is what a notebook file is made of, and keeps places, which a DOM does not.
 */
export function* scanHtml(html: string): Generator<HtmlElement> {
  const tag = new RegExp(TAG);
  for (let found = tag.exec(html); found; found = tag.exec(html)) {
    if (found[0] === "<!--") {
      const end = html.indexOf("-->", found.index + 2);
      if (end < 0) return;
      tag.lastIndex = end + 3;
      continue;
    }
    const name = found[2]!.toLowerCase();
    const { attributes, end } = scanAttributes(html, tag.lastIndex);
    tag.lastIndex = end;
    if (found[1] || !TEXT_ELEMENTS.has(name)) {
      yield { name: found[1]! + name, attributes, start: found.index, end };
      continue;
    }
    const close = name === "script" ? endOfScript(html, end) : endOfText(html, end, name);
    tag.lastIndex = scanAttributes(html, close).end;
    yield { name, attributes, start: found.index, end: tag.lastIndex, text: html.slice(end, close) };
  }
}

function scanAttributes(html: string, from: number): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>();
  const attribute = new RegExp(ATTRIBUTE);
  attribute.lastIndex = from;
  for (let found = attribute.exec(html); found; found = attribute.exec(html)) {
    if (found[5]) return { attributes, end: attribute.lastIndex };
    const name = found[1]!.toLowerCase();
    if (!attributes.has(name)) attributes.set(name, decodeEntities(found[2] ?? found[3] ?? found[4] ?? ""));
  }
  return { attributes, end: html.length };
}

function endOfText(html: string, from: number, name: string): number {
  const at = html.slice(from).search(new RegExp(`</${name}[\\s/>]`, "i"));
  return at < 0 ? html.length : from + at;
}

/** HTML's odd rule: after `<!--` a `<script` opens a level that needs an end tag of its own, until `-->`. */
function endOfScript(html: string, from: number): number {
  const mark = /<!--|-->|<(\/?)script[\s/>]/gi;
  mark.lastIndex = from;
  let escaped = false;
  let nested = false;
  for (let found = mark.exec(html); found; found = mark.exec(html)) {
    const [text, slash] = found;
    if (text === "<!--") {
      escaped = true;
      // `<!-->` is a comment that ends at once.
      mark.lastIndex -= 2;
    } else if (text === "-->") escaped = nested = false;
    else if (!slash) nested ||= escaped;
    else if (nested) nested = false;
    else return found.index;
  }
  return html.length;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Numbered entities and the six names that writers of HTML use. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot|apos|nbsp));/gi, (_, hex, decimal, name) =>
    name ? NAMED[name.toLowerCase()]! : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
