import { concurrency } from "#host";
import { simulate } from "../dynamics/simulate.js";
import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { threadsProblem } from "../engine/threads.js";
import { initEngine } from "../engine/wasm-module.js";
import { probeWebGpu } from "../engine/webgpu/probe.js";
import { ComputationError, InputError } from "../errors.js";
import type { LiveDynamics } from "../figures/live-dynamics.js";
import { toFailure } from "../host/messages.js";
import { halfCellList } from "../neighbors/cell-list.js";
import { createPotential } from "../potentials/create-potential.js";
import { toCartesian, toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import type { LiveEngine, LiveFrame, LiveOrder, LiveReport } from "./live-messages.js";

/** Frames that the worker aims at in a second; a screen shows no more than it asks for. */
const FRAME_RATE = 40;
/** Frames of one piece of the run; settings that come meanwhile end it early. */
const PIECE = 400;

type Engine = "wasm" | "webgpu";
type Settings = Pick<LiveDynamics, "temperature" | "pressure">;

/** The whole of a live run's worker. */
export function serveLive(): void {
  const post = (report: LiveReport, transfer: Transferable[] = []): void => self.postMessage(report, { transfer });
  let settings: Settings = { temperature: 0, pressure: 0 };
  let wake: (() => void) | undefined;
  let paused = false;
  const asked = {
    settings: () => settings,
    resumed: () => (paused ? new Promise<void>((resolve) => (wake = resolve)) : undefined),
  };
  self.addEventListener("message", ({ data }: MessageEvent<LiveOrder>) => {
    if (data.kind === "steer") settings = { temperature: data.temperature, pressure: data.pressure };
    else if (data.kind === "pause") {
      paused = data.paused;
      if (!paused) wake?.();
    } else {
      settings = { temperature: data.live.temperature, pressure: data.live.pressure };
      runLive(data.live, data.engine, asked, post).catch((error: unknown) =>
        post({ kind: "failed", failure: toFailure(error) }),
      );
    }
  });
}

/** Runs for as long as the worker lives: pieces of dynamics, each from where the last one was left. */
async function runLive(
  live: LiveDynamics,
  wanted: LiveEngine,
  asked: { settings(): Settings; resumed(): Promise<void> | undefined },
  post: (report: LiveReport, transfer?: Transferable[]) => void,
): Promise<void> {
  await initEngine();
  const potential = createPotential(live.potential);
  let { engine, text } = await chooseEngine(wanted);
  post({ kind: "engine", text });
  let structure = live.structure;
  let velocities: Float64Array | undefined;
  let step = 0;
  let speed = FRAME_RATE;
  for (;;) {
    await asked.resumed();
    const { temperature, pressure } = asked.settings();
    const frameEvery = Math.max(1, Math.round(speed / FRAME_RATE));
    const spec = {
      ...{ structure, potential, engine, seed: live.seed, timestep: live.timestep },
      ensemble: { kind: "npt", temperature, pressure, cell: live.cell, barostatTime: 500 },
      ...{ steps: PIECE * frameEvery, firstStep: step, frameEvery, sampleEvery: frameEvery },
      ...(velocities ? { velocities } : {}),
    } as const;
    let begin = performance.now();
    const steps = simulate(spec);
    try {
      for (;;) {
        const next = await steps.next();
        if (next.done) break;
        const { state, thermodynamics } = next.value;
        if (!state || state.step === step) continue;
        const now = performance.now();
        // A mean over some frames: single ones are short against the clock of a page.
        speed += 0.2 * ((1000 * (state.step - step)) / Math.max(now - begin, 0.1) - speed);
        begin = now;
        ({ structure, velocities, step } = state);
        const frame = picture(structure, thermodynamics, live, speed);
        const { positions, bonds, coordination } = frame;
        post({ kind: "frame", frame }, [positions.buffer, bonds.buffer, coordination.buffer]);
        const set = asked.settings();
        const waits = asked.resumed();
        const ratio = speed / FRAME_RATE / frameEvery;
        if (waits || set.temperature !== temperature || set.pressure !== pressure || ratio > 2 || ratio < 0.4) {
          await steps.return(undefined as never);
          break;
        }
      }
    } catch (error) {
      if (engine !== "webgpu" || !wasmCanGoOn(error)) throw error;
      engine = "wasm";
      const { what, value } = error.complaint;
      const reason = what === "webgpu" ? `of the GPU: ${value}` : `of ${what}: ${value ?? error.message}`;
      post({ kind: "engine", text: `${wasmText()}, because ${reason}` });
    }
  }
}

/** What a GPU cannot do, or a device that was lost: the run goes on from the last frame in the other engine. */
const wasmCanGoOn = (error: unknown): error is InputError | ComputationError =>
  (error instanceof InputError || error instanceof ComputationError) &&
  (error.complaint.attempt?.includes("engine wasm") ?? false);

function wasmText(): string {
  const threads = threadsProblem() === undefined ? concurrency() : 1;
  return `WebAssembly, ${threads === 1 ? "one thread" : `${threads} threads`}`;
}

async function chooseEngine(wanted: LiveEngine): Promise<{ engine: Engine; text: string }> {
  const problem = threadsProblem();
  const plain = `${wasmText()}${problem === undefined ? "" : ` (${problem})`}`;
  if (wanted === "wasm") return { engine: "wasm", text: plain };
  const { adapter, software, reason } = await probeWebGpu();
  if (adapter === undefined) return { engine: "wasm", text: `${plain}; no WebGPU: ${reason ?? "no adapter"}` };
  if (software && wanted === "automatic")
    return {
      engine: "wasm",
      text: `${plain}; the WebGPU adapter, ${adapter}, is software on the same processor and slower`,
    };
  return { engine: "webgpu", text: `WebGPU, ${adapter}${software ? ", software, as asked for" : ""}` };
}

/** What the page draws of one moment. */
function picture(given: Structure, row: Thermodynamics, live: LiveDynamics, stepsPerSecond: number): LiveFrame {
  const fractions = toFractional(given.cell, given.positions).map((x) => x - Math.floor(x));
  const positions = toCartesian(given.cell, fractions);
  const list = halfCellList({ ...given, positions }, live.bond);
  const count = given.numbers.length;
  const coordination = new Uint8Array(count);
  const bonds: number[] = [];
  for (let i = 0; i < count; i++)
    for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
      const j = list.neighbors[k]!;
      coordination[i]!++;
      coordination[j]!++;
      if (!list.shifts[3 * k] && !list.shifts[3 * k + 1] && !list.shifts[3 * k + 2]) bonds.push(i, j);
    }
  return {
    positions: Float32Array.from(positions),
    cell: row.cell.slice(),
    bonds: Uint32Array.from(bonds),
    coordination,
    time: row.time / 1000,
    temperature: row.temperature,
    pressure: row.pressure,
    energy: row.potentialEnergy / count,
    volume: row.volume / count,
    stepsPerSecond,
  };
}
