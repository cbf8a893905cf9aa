import type { NotebookGraph } from "../notebook/graph.js";
import { type EngineReport, reportEngines } from "./engine-report.js";
import type { IndexedStore } from "./indexed-store.js";

/** The line at the top: what runs, with which engine and why, what is kept. */
export interface StatusBar {
  readonly element: HTMLElement;
  update(graph: NotebookGraph): void;
}

export function statusBar(store: IndexedStore, home: string, stop: () => void): StatusBar {
  const element = document.createElement("header");
  element.className = "status";
  element.innerHTML = `<a class="home" href="${home}">PhaseCell</a> <span class="state"></span> <button class="stop" hidden>Stop</button>
<details class="engine"><summary>Engine</summary><ul></ul><p class="kept"></p><button class="forget">Forget stored results</button></details>`;
  const find = <T extends HTMLElement>(part: string): T => element.querySelector<T>(part)!;
  find(".stop").addEventListener("click", stop);
  void reportEngines().then((report: EngineReport) => {
    const summary = report.sharedMemory ? "threads" : "one thread per run";
    find("summary").textContent = `WebAssembly, ${summary}${report.adapter ? " · WebGPU" : ""}`;
    find("ul").replaceChildren(
      ...report.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
  });
  const showKept = async (): Promise<void> => {
    const { entries, bytes } = await store.size();
    find(".kept").textContent = `${entries} results are kept in this browser, ${(bytes / 1e6).toFixed(1)} MB.`;
  };
  find(".engine").addEventListener("toggle", () => void showKept());
  find(".forget").addEventListener("click", () => void store.clear().then(showKept));
  return {
    element,
    update(graph) {
      const cells = [...graph.cells.values()];
      const running = cells.filter(({ state }) => state === "running");
      const failed = cells.filter(({ state }) => state === "rejected").length;
      const busy = running.filter(({ progress }) => progress.size).flatMap(({ progress }) => [...progress.keys()]);
      const waiting = running.some(({ demands }) => demands.length);
      const stages = cells.flatMap((cell) => cell.stages);
      const cached = stages.filter((stage) => stage.cached).length;
      const failures = failed ? `${failed} ${failed === 1 ? "cell" : "cells"} failed` : "";
      const served = stages.length ? `${stages.length - cached} stages computed, ${cached} from the cache` : "ready";
      find(".state").textContent = running.length
        ? busy.length
          ? `computing ${busy.join(", ")}`
          : waiting
            ? "waiting for you"
            : "running"
        : failures || served;
      find(".stop").hidden = busy.length === 0;
      element.dataset.state = running.length
        ? waiting && !busy.length
          ? "waiting"
          : "running"
        : failed
          ? "failed"
          : "done";
    },
  };
}
