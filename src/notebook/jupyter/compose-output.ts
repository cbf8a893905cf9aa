import type { MimeBundle } from "../jupyter-notebook.js";
import { escapeHtml } from "../markup.js";
import type { CellFailure, OutputPart, ShownProgress } from "./executor-protocol.js";

/** What a cell shows, as one bundle: only a whole bundle can be replaced from another cell. */
export interface ShownOutput {
  readonly parts: readonly OutputPart[];
  readonly progress?: readonly ShownProgress[];
  /** Stages that wait for the reader. */
  readonly waiting?: readonly string[];
  readonly failure?: CellFailure;
  /** The parts are of an earlier run. */
  readonly stale?: boolean;
}

/** One bundle; empty where nothing is shown. Inputs of the reader are shown apart. */
export function composeOutput({ parts, progress = [], waiting = [], failure, stale = false }: ShownOutput): MimeBundle {
  const shown = parts.filter((part) => part.kind !== "control").map(bundleOf);
  const above = [...progress.map(progressBundle), ...waiting.map(waitingBundle)];
  const below = failure ? [failureBundle(failure)] : [];
  if (shown.length === 1 && above.length + below.length === 0 && !stale) return shown[0]!;
  return joined([...above, ...(stale && shown.length ? [dimmed(joined(shown))] : shown), ...below]);
}

function joined(bundles: readonly MimeBundle[]): MimeBundle {
  if (bundles.length === 0) return {};
  if (bundles.length === 1) return bundles[0]!;
  const lines = bundles.map((bundle) => String(bundle["text/plain"] ?? ""));
  const text = lines.reduce(
    (before, line) => `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${line}`,
    "",
  );
  return { "text/html": bundles.map(htmlOf).join("\n"), "text/plain": text };
}

const bundleOf = (part: OutputPart): MimeBundle => {
  if (part.kind === "bundle") return part.data;
  if (part.kind === "control") return {};
  return part.stream === "stdout"
    ? { "text/plain": part.text }
    : { "text/plain": part.text, "text/html": preformatted(part.text, "color:#b35900") };
};

const dimmed = (bundle: MimeBundle): MimeBundle => ({
  "text/html": `<div style="opacity:.45">${htmlOf(bundle)}</div>`,
  "text/plain": bundle["text/plain"] ?? "",
});

function htmlOf(bundle: MimeBundle): string {
  const html = bundle["text/html"] ?? bundle["image/svg+xml"];
  if (html !== undefined) return `<div>${String(html)}</div>`;
  const png = bundle["image/png"];
  if (typeof png === "string") return `<img src="data:image/png;base64,${png}" alt="">`;
  return preformatted(String(bundle["text/plain"] ?? ""));
}

const preformatted = (text: string, style = ""): string =>
  `<pre style="margin:0;white-space:pre-wrap;${style}">${ansiToHtml(escapeHtml(text))}</pre>`;

const ANSI_COLORS = ["#000", "#b31d28", "#22863a", "#b08800", "#0366d6", "#6f42c1", "#1b7c83", "#6a737d"];

/** The colors that console text may hold; other escape sequences vanish. */
function ansiToHtml(text: string): string {
  let open = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const html = text.replace(/\u001b\[([\d;]*)([A-Za-z])/g, (_, codes: string, command: string) => {
    if (command !== "m") return "";
    const styles = codes.split(";").flatMap((code) => {
      const number = Number(code);
      if (number === 1) return ["font-weight:bold"];
      const color = ANSI_COLORS[number >= 90 ? number - 90 : number - 30];
      return color && number < 98 ? [`color:${color}`] : [];
    });
    const closing = styles.length === 0 ? open : 0;
    open += styles.length === 0 ? -open : 1;
    if (styles.length === 0) return "</span>".repeat(closing);
    return `<span style="${styles.join(";")}">`;
  });
  return html + "</span>".repeat(open);
}

function progressBundle({ task, done, total, note }: ShownProgress): MimeBundle {
  const percent = Math.floor((100 * done) / Math.max(total, 1e-300));
  const text = `${task} ${percent}%${note ? `, ${note}` : ""}`;
  const bar = `<progress max="100" value="${percent}" style="width:16em;vertical-align:middle"></progress>`;
  return { "text/plain": text, "text/html": `${bar} <span style="font-size:.85em">${escapeHtml(text)}</span>` };
}

function waitingBundle(stage: string): MimeBundle {
  const text = `stale: stage ${stage} computes when you run this cell`;
  return { "text/plain": text, "text/html": notice(escapeHtml(text), "#b08800") };
}

function failureBundle({ name, message, input }: CellFailure): MimeBundle {
  const text = input === undefined ? `${name}: ${message}` : `waits for ${input}, which has an error`;
  return { "text/plain": text, "text/html": notice(escapeHtml(text), input === undefined ? "#b31d28" : "#6a737d") };
}

const notice = (html: string, color: string): string =>
  `<div style="border-left:3px solid ${color};padding:.2em .7em;white-space:pre-wrap;font-family:monospace">${html}</div>`;
