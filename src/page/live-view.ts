import type { LiveDynamics } from "../figures/live-dynamics.js";
import { PALETTE } from "../figures/theme.js";
import { fromFailure } from "../host/messages.js";
import { escapeHtml, renderInlineMarkdown } from "../notebook/markup.js";
import { atomsCanvas, COORDINATION_COLORS } from "./atoms-canvas.js";
import { diagramView } from "./diagram-view.js";
import type { LiveEngine, LiveFrame, LiveOrder, LiveReport } from "./live-messages.js";
import { streamPlot } from "./stream-plot.js";

/** A live run in the page. */
export interface LiveView {
  readonly element: HTMLElement;
  /** True where the new settings can be given to the run as it goes. */
  steer(live: LiveDynamics): boolean;
  dispose(): void;
}

/** ps that the traces show. */
const SPAN = 4;
/** ps, over which the place on the diagram is averaged: single moments of a small box jump by hundreds of kelvins. */
const MEMORY = 0.3;

export function liveView(given: LiveDynamics, startWorker: () => Worker): LiveView {
  let live = given;
  let worker: Worker | undefined;
  let latest: LiveFrame | undefined;
  let drawn: LiveFrame | undefined;
  let mean: { temperature: number; pressure: number; time: number } | undefined;
  let paused = false;
  let visible = true;
  const shownAt: number[] = [];

  const element = document.createElement("figure");
  element.className = "live";
  element.id = live.name;
  element.innerHTML = `<div class="panels"><div class="scene"></div><div class="side"></div></div>
<div class="legend">Neighbors within ${live.bond} Å: ${COORDINATION_COLORS.map(({ label, color }) => `<span><i style="background:${color}"></i>${label}</span>`).join("")}</div>
<div class="controls"><button class="pause">Pause</button> <button class="restart">Start over</button> <label>Engine <select><option value="automatic">automatic</option><option value="wasm">WebAssembly</option><option value="webgpu">WebGPU</option></select></label> <output></output></div>
<div class="engine-line"></div><div class="complaint warning" hidden>The run heats itself: these atoms are where the potential was never fitted, and what it says there is not physics. Start over with gentler settings.</div><div class="error"></div>
<figcaption><b></b> ${renderInlineMarkdown(live.caption)}</figcaption>`;
  const find = <T extends HTMLElement>(part: string): T => element.querySelector<T>(part)!;
  const atoms = atomsCanvas();
  const stream = streamPlot(
    [
      { title: "Temperature (K)", color: PALETTE[1], digits: 0 },
      { title: "Pressure (GPa)", color: PALETTE[0], digits: 1 },
      { title: "Volume (Å³/atom)", color: PALETTE[2], digits: 2 },
    ],
    SPAN,
  );
  const diagram = live.diagram && diagramView(live.diagram);
  find(".scene").append(atoms.element);
  find(".side").append(...(diagram ? [diagram.element] : []), stream.element);
  const select = find<HTMLSelectElement>("select");
  const wanted = new URLSearchParams(location.search).get("engine");
  if (wanted === "wasm" || wanted === "webgpu") select.value = wanted;

  const order = (message: LiveOrder): void => worker?.postMessage(message);
  const pause = (): void => order({ kind: "pause", paused: paused || !visible });
  const fail = (text: string): void => {
    find(".error").innerHTML = `<div class="complaint"><p>${escapeHtml(text)}</p></div>`;
    worker?.terminate();
  };
  const start = (): void => {
    worker?.terminate();
    stream.clear();
    mean = undefined;
    find(".error").replaceChildren();
    worker = startWorker();
    worker.addEventListener("error", (event) => fail(event.message || "the worker could not be started"));
    worker.addEventListener("message", ({ data }: MessageEvent<LiveReport>) => {
      if (data.kind === "frame") receive(data.frame);
      else if (data.kind === "engine") find(".engine-line").textContent = `Engine: ${data.text}.`;
      else fail(fromFailure(data.failure).message);
    });
    order({ kind: "start", live, engine: select.value as LiveEngine });
    pause();
  };
  const receive = (frame: LiveFrame): void => {
    latest = frame;
    stream.add(
      frame.time,
      [frame.temperature, frame.pressure, frame.volume],
      [live.temperature, live.pressure, undefined],
    );
    const { temperature, pressure, time } = mean ?? frame;
    const fresh = 1 - Math.exp(-Math.max(0, frame.time - time) / MEMORY);
    mean = {
      temperature: temperature + fresh * (frame.temperature - temperature),
      pressure: pressure + fresh * (frame.pressure - pressure),
      time: frame.time,
    };
  };
  const draw = (now: number): void => {
    request = requestAnimationFrame(draw);
    if (!latest || latest === drawn) return;
    drawn = latest;
    atoms.draw(latest);
    stream.draw();
    if (mean) {
      diagram?.move(live, mean);
      element.dataset.temperature = mean.temperature.toFixed(0);
      element.dataset.pressure = mean.pressure.toFixed(2);
    }
    // A thermostat holds any sound run: far beyond it the atoms fall into holes of the potential.
    find(".warning").hidden = !mean || mean.temperature < 2 * live.temperature + 300;
    shownAt.push(now);
    while (shownAt[0]! < now - 1000) shownAt.shift();
    element.dataset.frames = String(shownAt.length);
    const neighbors = latest.coordination.reduce((sum, n) => sum + n, 0) / latest.coordination.length;
    find("output").textContent =
      `${latest.coordination.length} atoms · ${latest.time.toFixed(1)} ps · ${neighbors.toFixed(1)} neighbors · ` +
      `${latest.stepsPerSecond.toFixed(0)} steps/s · ${shownAt.length} frames/s`;
  };
  let request = requestAnimationFrame(draw);

  find(".pause").addEventListener("click", ({ target }) => {
    paused = !paused;
    (target as HTMLElement).textContent = paused ? "Go on" : "Pause";
    pause();
  });
  find(".restart").addEventListener("click", start);
  select.addEventListener("change", start);
  // A run that nobody sees rests.
  const sight = new IntersectionObserver(([entry]) => {
    visible = entry!.isIntersecting;
    pause();
  });
  sight.observe(element);
  start();

  return {
    element,
    steer(next) {
      if (content(next) !== content(live)) return false;
      live = next;
      element.querySelector("figcaption")!.innerHTML = `<b></b> ${renderInlineMarkdown(next.caption)}`;
      order({ kind: "steer", temperature: next.temperature, pressure: next.pressure });
      return true;
    },
    dispose() {
      sight.disconnect();
      cancelAnimationFrame(request);
      worker?.terminate();
    },
  };
}

/** All of a run that cannot change while it goes. */
const content = ({ temperature: _, pressure: __, caption: ___, ...rest }: LiveDynamics): string =>
  JSON.stringify(rest, (____, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : (value as unknown),
  );
