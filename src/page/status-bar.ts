import type { NotebookGraph } from "../notebook/graph.js";
import { type EngineReport, reportEngines } from "./engine-report.js";
import type { IndexedStore } from "./indexed-store.js";

/** The line at the top: what runs, with which engine and why, what is kept. */
export interface StatusBar {
  readonly element: HTMLElement;
  update(graph: NotebookGraph): void;
  /** Results are computed, but this browser does not keep them. */
  notKept(problem: Error): void;
}

export function statusBar(store: IndexedStore, home: string, stop: () => void): StatusBar {
  const element = document.createElement("header");
  element.className = "status";
  element.innerHTML = `<a class="home" href="${home}">PhaseCell</a> <span class="state"></span> <button class="stop" hidden>Stop</button>
<details class="engine"><summary>Engine</summary><ul></ul><p class="kept"></p><button class="forget">Forget stored results</button></details><div class="complaint not-kept" role="status" hidden></div>`;
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
    const { entries, bytes, limit } = await store.size();
    find(".kept").textContent =
      `${entries} ${entries === 1 ? "result is" : "results are"} kept in this browser, ${(bytes / 1e6).toFixed(1)} of at most ${(limit / 1e6).toFixed(0)} MB; ` +
      "beyond that, those not wanted for the longest time go.";
  };
  const noteNotKept = (problem: Error): void => {
    const note = find(".not-kept");
    note.textContent = `Results are not kept in this browser, so the next visit computes them again: ${problem.message}`;
    note.hidden = false;
  };
  find(".engine").addEventListener("toggle", () => void showKept().catch(noteNotKept));
  find(".forget").addEventListener("click", () => void store.clear().then(showKept).catch(noteNotKept));
  return {
    element,
    notKept: noteNotKept,
    update(graph) {
      const cells = [...graph.cells.values()];
      const running = cells.filter(({ state }) => state === "running");
      const failed = cells.filter(({ state }) => state === "rejected").length;
      const busy = running.filter(({ progress }) => progress.size).flatMap(({ progress }) => [...progress.keys()]);
      const waiting = running.some(({ demands }) => demands.length);
      const stages = cells.flatMap((cell) => cell.stages);
      const cached = stages.filter((stage) => stage.cached).length;
      const failures = failed ? `${failed} ${failed === 1 ? "cell" : "cells"} failed` : "";
      const computed = stages.length - cached;
      const served = stages.length
        ? `${computed} ${computed === 1 ? "stage" : "stages"} computed, ${cached} from the cache`
        : "ready";
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
