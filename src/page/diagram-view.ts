import type { LiveDiagram } from "../figures/live-dynamics.js";
import { PALETTE } from "../figures/theme.js";

/** A phase diagram with the place of a run on it. */
export interface DiagramView {
  readonly element: SVGSVGElement;
  /** Where the reader set the run, and where it is on average [K, GPa]. */
  move(target: Place, now: Place): void;
}

export interface Place {
  readonly temperature: number;
  readonly pressure: number;
}

const NAMESPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [340, 250];
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 20, 12, 40];
const TRAIL = 240;

export function diagramView({ boundary, phases, temperatures, pressures }: LiveDiagram): DiagramView {
  const ends = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const [cold, hot] = temperatures ?? [0, 1.15 * ends(boundary.map((point) => point.temperature))[1]];
  const found = ends(boundary.map((point) => point.pressure));
  const [low, high] = pressures ?? [Math.min(0, found[0]), 1.5 * found[1]];
  const x = (temperature: number): number => LEFT + ((temperature - cold) / (hot - cold)) * (WIDTH - LEFT - RIGHT);
  const y = (pressure: number): number => HEIGHT - BOTTOM - ((pressure - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const path = (points: readonly Place[]): string =>
    points
      .map(({ temperature, pressure }, i) => `${i ? "L" : "M"}${x(temperature).toFixed(1)} ${y(pressure).toFixed(1)}`)
      .join("");

  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "diagram", role: "img" });
  const clip = `clip-${Math.random().toString(36).slice(2)}`;
  svg.innerHTML = `<clipPath id="${clip}"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>`;
  svg.setAttribute("aria-label", "Phase diagram with the place of the run");
  const frame = { x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
  svg.append(make("rect", { ...frame, fill: "none", stroke: "#1b1f24", "stroke-width": 0.8 }));
  for (const mark of marks(cold, hot)) {
    svg.append(make("path", { d: `M${x(mark)} ${HEIGHT - BOTTOM}v4`, stroke: "#1b1f24" }));
    svg.append(label(String(mark), x(mark), HEIGHT - BOTTOM + 16, "middle"));
  }
  for (const mark of marks(low, high)) {
    svg.append(make("path", { d: `M${LEFT} ${y(mark)}h-4`, stroke: "#1b1f24" }));
    svg.append(label(String(mark), LEFT - 7, y(mark) + 4, "end"));
  }
  svg.append(label("Temperature (K)", LEFT + frame.width / 2, HEIGHT - 6, "middle"));
  const title = label("Pressure (GPa)", 0, 0, "middle");
  title.setAttribute("transform", `translate(13 ${TOP + frame.height / 2}) rotate(-90)`);
  svg.append(title);
  const inside = make("g", { "clip-path": `url(#${clip})` });
  svg.append(inside);
  const line = [...boundary].sort((a, b) => a.temperature - b.temperature);
  inside.append(make("path", { d: path(line), fill: "none", stroke: PALETTE[0], "stroke-width": 2 }));
  // Beyond what was computed the line is only a guess.
  const beyond = extended(line, cold, hot);
  for (const part of beyond)
    inside.append(
      make("path", { d: path(part), fill: "none", stroke: PALETTE[0], "stroke-width": 1.2, "stroke-dasharray": "3 4" }),
    );
  if (phases) {
    inside.append(italic(phases.below, WIDTH - RIGHT - 12, HEIGHT - BOTTOM - 12));
    inside.append(italic(phases.above, WIDTH - RIGHT - 12, TOP + 22));
  }
  const trail = make("path", { fill: "none", stroke: PALETTE[1], "stroke-width": 1, opacity: 0.45 });
  const aim = make("path", { fill: "none", stroke: "#1b1f24", "stroke-width": 1.2 });
  const point = make("circle", { r: 4.5, fill: PALETTE[1], stroke: "#fff" });
  inside.append(trail, aim, point);
  const past: Place[] = [];
  return {
    element: svg,
    move(target, now) {
      past.push(now);
      if (past.length > TRAIL) past.shift();
      trail.setAttribute("d", path(past));
      aim.setAttribute("d", `M${x(target.temperature) - 8} ${y(target.pressure)}h16m-8 -8v16`);
      point.setAttribute("cx", x(now.temperature).toFixed(1));
      point.setAttribute("cy", y(now.pressure).toFixed(1));
    },
  };
}

/** The end pieces of the line continued straight to the edges. */
function extended(line: readonly Place[], cold: number, hot: number): Place[][] {
  const reach = (from: Place | undefined, to: Place | undefined, temperature: number): Place[] => {
    if (!from || !to || from.temperature === to.temperature) return [];
    const slope = (to.pressure - from.pressure) / (to.temperature - from.temperature);
    return [to, { temperature, pressure: to.pressure + slope * (temperature - to.temperature) }];
  };
  return [reach(line[1], line[0], cold), reach(line.at(-2), line.at(-1), hot)].filter((part) => part.length);
}

function marks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) =>
    Number((first + i * step).toPrecision(6)),
  );
}

function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function label(text: string, x: number, y: number, anchor: string): SVGTextElement {
  const element = make("text", { x, y, "text-anchor": anchor, fill: "#1b1f24", "font-size": 12 });
  element.textContent = text;
  return element;
}

function italic(text: string, x: number, y: number): SVGTextElement {
  const element = label(text, x, y, "end");
  element.setAttribute("font-style", "italic");
  element.setAttribute("font-size", "15");
  return element;
}
