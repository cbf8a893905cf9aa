/** A quantity that streams. */
export interface StreamTrace {
  /** With its unit: `Temperature (K)`. */
  readonly title: string;
  readonly color: string;
  readonly digits: number;
}

/** Lines that grow to the right, the last `span` ps of a run. */
export interface StreamPlot {
  readonly element: HTMLCanvasElement;
  /** One moment [ps]: a value per trace, and where the reader set it, if it can be set. */
  add(time: number, values: readonly number[], targets: readonly (number | undefined)[]): void;
  draw(): void;
  clear(): void;
}

const INK = "#1b1f24";
const SOFT = "#57606a";
const GUIDE = "#8c959f";
const FONT = '"Inter Variable", "Helvetica Neue", Arial, sans-serif';
const MOST_POINTS = 2000;

export function streamPlot(traces: readonly StreamTrace[], span: number): StreamPlot {
  const element = document.createElement("canvas");
  element.className = "stream";
  const context = element.getContext("2d")!;
  let points: { time: number; values: readonly number[]; targets: readonly (number | undefined)[] }[] = [];
  return {
    element,
    add(time, values, targets) {
      points.push({ time, values, targets });
      const old = points.findIndex((point) => point.time >= time - span);
      if (old > 200 || points.length > MOST_POINTS) points = points.slice(Math.max(old, points.length - MOST_POINTS));
    },
    clear() {
      points = [];
    },
    draw() {
      const ratio = Math.min(devicePixelRatio || 1, 2);
      const [width, height] = [element.clientWidth, element.clientHeight];
      if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio))
        [element.width, element.height] = [Math.round(width * ratio), Math.round(height * ratio)];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const now = points.at(-1)?.time ?? 0;
      const first = Math.max(0, now - span);
      const shown = points.filter(({ time }) => time >= first);
      const x = (time: number): number => 46 + ((time - first) / span) * (width - 54);
      const band = (height - 18) / traces.length;
      for (const [k, trace] of traces.entries()) {
        const top = k * band + 20;
        const bottom = (k + 1) * band - 6;
        const values = shown.map((point) => point.values[k]!);
        const targets = shown.flatMap((point) => point.targets[k] ?? []);
        const [low, high] = roundedRange([...values, ...targets]);
        const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
        context.fillStyle = INK;
        context.font = `12px ${FONT}`;
        context.textAlign = "left";
        context.fillText(trace.title, 46, top - 7);
        context.textAlign = "right";
        if (values.length) context.fillText(minus(values.at(-1)!.toFixed(trace.digits)), width - 8, top - 7);
        context.fillStyle = SOFT;
        context.font = `11px ${FONT}`;
        for (const mark of [low, high]) context.fillText(minus(String(Number(mark.toPrecision(4)))), 40, y(mark) + 4);
        context.strokeStyle = "#d0d7de";
        context.lineWidth = 1;
        context.strokeRect(46, top, width - 54, bottom - top);
        line(
          context,
          shown.flatMap(({ time, targets: set }) => (set[k] === undefined ? [] : [[x(time), y(set[k]!)] as const])),
          GUIDE,
          [4, 3],
        );
        line(
          context,
          shown.map(({ time }, i) => [x(time), y(values[i]!)] as const),
          trace.color,
          [],
        );
      }
      context.fillStyle = SOFT;
      context.font = `11px ${FONT}`;
      context.textAlign = "left";
      context.fillText(`${first.toFixed(1)} ps`, 46, height - 3);
      context.textAlign = "right";
      context.fillText(`${(first + span).toFixed(1)} ps`, width - 8, height - 3);
    },
  };
}

const minus = (text: string): string => text.replace(/^-/, "\u2212");

/** A range that changes seldom: its ends are round numbers. */
function roundedRange(values: readonly number[]): [number, number] {
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spread = Math.max(high - low, Math.abs(high) * 1e-3, 1e-6);
  const step = 10 ** Math.floor(Math.log10(spread)) * (spread / 10 ** Math.floor(Math.log10(spread)) > 4 ? 1 : 0.5);
  return [Math.floor(low / step) * step, Math.max(Math.ceil(high / step), Math.floor(low / step) + 1) * step];
}

function line(
  context: CanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  color: string,
  dash: number[],
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.3;
  context.setLineDash(dash);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}
