import { ComputationError } from "../errors.js";
import type { Figure } from "../figures/figure.js";
import { escapeHtml } from "./markup.js";
import type { Provenance } from "./stage-cache.js";
import { textWidth } from "./text-width.js";

/** A figure as SVG with its provenance in `<metadata>`; Vega needs no browser for it. Same record, same bytes. */
export async function renderFigure(figure: Figure, provenance: readonly Provenance[]): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  vega.resetSVGDefIds();
  measureTexts((vega as unknown as { readonly textMetrics: TextMetrics }).textMetrics);
  const complaints: string[] = [];
  const logger = vega.logger(vega.Error);
  logger.warn = (...parts: unknown[]) => {
    complaints.push(parts.join(" "));
    return logger;
  };
  try {
    const { spec } = vegaLite.compile(figure.spec as never, { logger: logger as never });
    const view = new vega.View(vega.parse(spec), { renderer: "none", logger });
    const svg = await view.toSVG();
    view.finalize();
    if (complaints.length) throw new Error(complaints[0]);
    return withMetadata(scopeIds(svg, figure.name), provenance);
  } catch (error) {
    throw new ComputationError({ what: `figure ${figure.name}: ${(error as Error).message}` }, { cause: error });
  }
}

/** What Vega's typings leave out: how wide it takes texts to be. */
interface TextMetrics {
  readonly height: (item: { readonly limit?: number }) => number;
  readonly estimateWidth: unknown;
  width: (item: { readonly limit?: number }, text: unknown) => number;
}

/** Without a screen Vega takes every sign for 0.8 of the font's height, which tears legends apart. */
function measureTexts(metrics: TextMetrics): void {
  if (metrics.width !== metrics.estimateWidth) return;
  metrics.width = (item, text) =>
    Math.min(textWidth(String(text ?? ""), metrics.height(item)), item.limit || Number.POSITIVE_INFINITY);
}

/** Ids of clip paths and gradients are counted from zero in every figure; in one page they must differ. */
const scopeIds = (svg: string, name: string): string =>
  svg.replace(
    /(id="|url\(#)((?:clip|gradient|pattern)[\w-]*)/g,
    (_, before: string, id: string) => `${before}${name}-${id}`,
  );

const withMetadata = (svg: string, provenance: readonly Provenance[]): string =>
  svg.replace(/<svg[^>]*>/, (open) => `${open}<metadata>${escapeHtml(JSON.stringify(provenance))}</metadata>`);
