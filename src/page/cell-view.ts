import { ComputationError, InputError } from "../errors.js";
import { isFigure, isTable } from "../figures/figure.js";
import { isLiveDynamics } from "../figures/live-dynamics.js";
import type { CellState, NotebookGraph } from "../notebook/graph.js";
import { isInputControl } from "../notebook/input-control.js";
import { provenanceOf } from "../notebook/lineage.js";
import { escapeHtml } from "../notebook/markup.js";
import { renderPlain } from "../notebook/render-value.js";
import type { Progress } from "../progress.js";
import { type LiveView, liveView } from "./live-view.js";
import { showFigure, showTable } from "./page-figure.js";
import type { PageCell } from "./page-notebook.js";
import { readerInput } from "./reader-input.js";

/** One cell of the page: what it shows, what it is doing, what went wrong, its code. */
export interface CellView {
  readonly element: HTMLElement;
  /** Draws the cell as it is now; drawing again while one is under way is put together. */
  update(state: CellState): Promise<void>;
  /** Ends what it shows that runs by itself. */
  dispose(): void;
}

/** What a view may ask of the notebook. */
export interface CellHost {
  readonly graph: () => NotebookGraph;
  readonly rerun: (cell: PageCell) => void;
  readonly startLiveWorker: () => Worker;
}

/** Something shown: kept on the page as long as the cell shows it. */
interface Shown {
  readonly node: Node;
  readonly ready: Promise<void>;
  readonly live?: LiveView;
}

export function cellView(cell: PageCell, host: CellHost): CellView {
  const element = document.createElement("section");
  element.className = "cell";
  element.dataset.cell = String(cell.cell.id);
  element.innerHTML = `<div class="shown"></div><div class="work" role="status"></div><div class="error" role="alert"></div>${codeOf(cell)}`;
  const [shown, work, failure] = [".shown", ".work", ".error"].map((part) => element.querySelector<HTMLElement>(part)!);
  /** Nodes of items that stay on the page are kept: a control must not be replaced while it is dragged. */
  let nodes = new Map<unknown, Shown>();
  let drawing: Promise<void> | undefined;
  let again: CellState | undefined;

  const draw = async (state: CellState): Promise<void> => {
    element.dataset.state = state.state;
    element.classList.toggle("waiting", state.demands.length > 0);
    showWork(work!, state, shown!.childNodes.length > 0);
    showFailure(failure!, state, () => host.rerun(cell));
    // What is being computed anew stays in sight, dimmed, until there is something to put in its place.
    if (state.state === "running" && state.items.length === 0) return;
    const items = state.state === "rejected" ? [] : [...state.items];
    const next = new Map<unknown, Shown>();
    const order = items.map((item, i) => {
      const key = keyOf(item, i);
      const old = nodes.get(key);
      const kept = old && (!isLiveDynamics(item) || old.live?.steer(item)) ? old : undefined;
      const entry = kept ?? showItem(item, state, host);
      next.set(key, entry);
      return entry;
    });
    await Promise.all(order.map(({ ready }) => ready));
    for (const [key, { live }] of nodes) if (next.get(key)?.live !== live) live?.dispose();
    nodes = next;
    const wanted = order.map(({ node }) => node);
    if (wanted.length !== shown!.childNodes.length || wanted.some((node, i) => shown!.childNodes[i] !== node))
      shown!.replaceChildren(...wanted);
    element.classList.toggle("silent", wanted.length === 0);
  };

  const update = (state: CellState): Promise<void> => {
    again = state;
    drawing ??= (async () => {
      try {
        while (again) {
          const next = again;
          again = undefined;
          await draw(next);
        }
      } finally {
        drawing = undefined;
      }
    })();
    return drawing;
  };
  const dispose = (): void => {
    for (const { live } of nodes.values()) live?.dispose();
  };
  return { element, update, dispose };
}

/** What the code of a cell is called: the names it gives to others. */
function codeOf({ code, cell, outputs, imported }: PageCell): string {
  if (!code) return "";
  const names = outputs.filter((name) => !imported.includes(name));
  const title = names.length ? names.join(", ") : imported.length ? "imports" : "code";
  return `<details class="code"${cell.pinned ? " open" : ""}><summary>${escapeHtml(title)}</summary><pre><code>${code}</code></pre></details>`;
}

/** A live run goes on under its name, other things are the same only when they are. */
function keyOf(item: unknown, index: number): unknown {
  if (isLiveDynamics(item)) return `live ${item.name}`;
  return typeof item === "object" && item !== null ? item : `${index} ${String(item)}`;
}

function showItem(item: unknown, state: CellState, { graph: find, startLiveWorker }: CellHost): Shown {
  const graph = find();
  const done = Promise.resolve();
  const provenance = () => provenanceOf(graph, state.compiled.cell.id);
  if (item instanceof Node) return { node: item, ready: done };
  if (isFigure(item)) {
    const { element, ready } = showFigure(item, provenance());
    return { node: element, ready: ready.catch((error: unknown) => void element.replaceChildren(errorBlock(error))) };
  }
  if (isLiveDynamics(item)) {
    const live = liveView(item, startLiveWorker);
    return { node: live.element, ready: done, live };
  }
  if (isTable(item)) return { node: showTable(item, provenance()), ready: done };
  if (isInputControl(item)) {
    const [name] = [...graph.controls].find(([, { control }]) => control === item) ?? [];
    const element = readerInput(item, (value) => name !== undefined && graph.setInput(name, value));
    if (name !== undefined) element.dataset.input = name;
    return { node: element, ready: done };
  }
  const element = document.createElement("div");
  element.innerHTML = renderPlain(item);
  return { node: element, ready: done };
}

/** Progress bars with time left, and buttons for stages that wait for the reader. */
function showWork(place: HTMLElement, state: CellState, stale: boolean): void {
  const running = [...state.progress.values()];
  const known = new Map([...place.querySelectorAll<HTMLElement>("[data-task]")].map((bar) => [bar.dataset.task, bar]));
  const bars = running.map((progress) => progressBar(known.get(progress.task), progress));
  const buttons = state.demands.map(({ stage, run }) => {
    const button = document.createElement("button");
    button.textContent = `Run ${stage}`;
    button.addEventListener("click", run);
    const note = document.createElement("div");
    note.className = "demand";
    note.append(button, stale ? " What is shown above is from earlier settings." : " Not computed yet.");
    return note;
  });
  place.replaceChildren(...bars, ...buttons);
}

function progressBar(old: HTMLElement | undefined, { task, done, total, note }: Progress): HTMLElement {
  const bar = old ?? document.createElement("div");
  if (!old) {
    bar.dataset.task = task;
    bar.className = "progress";
    bar.innerHTML = `<progress></progress> <span></span>`;
    bar.dataset.begin = String(performance.now());
  }
  const meter = bar.querySelector("progress")!;
  const fraction = total > 0 ? done / total : 0;
  if (fraction > 0) meter.value = fraction;
  const spent = (performance.now() - Number(bar.dataset.begin)) / 1000;
  const left = fraction > 0.02 && spent > 1 ? ` · ${duration((spent * (1 - fraction)) / fraction)} left` : "";
  bar.querySelector("span")!.textContent = `${task}${note ? `: ${note}` : ""}${left}`;
  return bar;
}

const duration = (seconds: number): string =>
  seconds < 60
    ? `${Math.max(1, Math.round(seconds))} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

function showFailure(place: HTMLElement, { state, error, compiled }: CellState, rerun: () => void): void {
  if (state !== "rejected") {
    place.replaceChildren();
    return;
  }
  const block = errorBlock(error, `cell ${compiled.cell.id}`);
  if ((error as Error | undefined)?.name !== "RuntimeError") {
    const button = document.createElement("button");
    button.textContent = "Run again";
    button.addEventListener("click", rerun);
    block.append(button);
  }
  place.replaceChildren(block);
}

/** One readable block: what failed, and where in the cell for errors that nobody foresaw. */
function errorBlock(error: unknown, place?: string): HTMLElement {
  const block = document.createElement("div");
  block.className = "complaint";
  const text = document.createElement("p");
  const { name, message, stack = "", input } = error as Error & { readonly input?: string };
  if (name === "RuntimeError" && input !== undefined) text.textContent = `waits for ${input}, which failed`;
  else {
    const foreseen = error instanceof InputError || error instanceof ComputationError;
    const line = /cell-\d+\.js:(\d+)/.exec(stack)?.[1];
    const where = foreseen || line === undefined ? "" : ` (near line ${Math.max(1, Number(line) - 2)})`;
    text.textContent = `${place ? `${place}${where}: ` : ""}${error instanceof Error ? message : String(error)}`;
  }
  block.append(text);
  return block;
}
