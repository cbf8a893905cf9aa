import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JupyterMessage } from "../../src/notebook/jupyter/message.node.js";
import { type Exchange, JupyterClient } from "../support/jupyter-client.js";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const types = ({ published }: Exchange): string[] => published.map(({ header }) => header.msg_type);
const displays = ({ published }: Exchange): JupyterMessage[] =>
  published.filter(({ header }) => header.msg_type.endsWith("display_data"));
const idOf = (message: JupyterMessage | undefined): string =>
  (message?.content.transient as { display_id: string } | undefined)?.display_id ?? "";
const textOf = (message: JupyterMessage | undefined): unknown =>
  (message?.content.data as Record<string, unknown> | undefined)?.["text/plain"];

let client: JupyterClient;
const startClient = (): void => {
  beforeAll(async () => {
    client = await (await JupyterClient.start()).ready();
  });
  afterAll(() => client.stop());
};

/** Text that the display of the cell that was run shows now; other cells are only updated. */
const shown = (exchange: Exchange): string => {
  const own = displays(exchange).find(({ header }) => header.msg_type === "display_data");
  return String(client.shown(idOf(own))?.["text/plain"]);
};

describe("messages of the kernel", () => {
  startClient();

  test("says what it is, and numbers executions", async () => {
    const info = await client.ask("kernel_info_request", {});
    expect(info.reply.content).toMatchObject({
      status: "ok",
      implementation: "phasecell",
      language_info: { name: "typescript", file_extension: ".ts", version: expect.stringMatching(/^5\./) },
    });
    const run = await client.run("1 + 1", "one");
    expect(types(run)).toEqual(["status", "execute_input", "display_data", "status"]);
    expect(run.reply.content).toMatchObject({ status: "ok", execution_count: 1 });
    expect(run.published[1]?.content).toMatchObject({ code: "1 + 1", execution_count: 1 });
    expect(textOf(run.published[2])).toBe("2");
  });

  test("dependents run again: in place, below a new id for each run, as a consequence of the request", async () => {
    await client.run("const T: number = 300;", "T");
    const dependent = await client.run('console.log("ran");\nT * 2', "twice");
    expect(shown(dependent)).toBe("ran\n600");
    const again = await client.run("const T: number = 350;", "T");
    // nbclient drops messages with another parent than the request in progress.
    expect(displays(again).map((message) => [message.header.msg_type, idOf(message)])).toEqual([
      ["update_display_data", idOf(displays(dependent)[0])],
    ]);
    expect(shown(dependent)).toBe("ran\n700");
    // nbclient fails on an id that it has seen in an earlier run of the cell.
    const rerun = await client.run('console.log("ran");\nT * 2', "twice");
    expect(idOf(displays(rerun)[0])).not.toBe(idOf(displays(dependent)[0]));
  });

  test("printed text, values and pictures of a cell are one bundle", async () => {
    const run = await client.run(
      'console.log("one");\ndisplay({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>two</b>", "text/plain": "two" }) });\nconsole.error("three");',
      "bundle",
    );
    expect(types(run)).not.toContain("stream");
    expect(displays(run).at(-1)?.content.data).toEqual({
      "text/plain": "one\ntwo\nthree\n",
      "text/html": expect.stringContaining("<b>two</b>"),
    });
  });

  test("deleted cells drop their names; what needed them says so", async () => {
    await client.run("const gone = 1;", "gone");
    const dependent = await client.run("gone + 1", "needs-gone");
    await client.run("0", "other", { deletedCells: ["gone"] });
    expect(shown(dependent)).toContain("gone is not defined");
    const healed = await client.run("const gone = 5;", "gone-again");
    expect(healed.reply.content.status).toBe("ok");
    expect(shown(dependent)).toBe("6");
  });

  test("front ends without cell ids: a cell is the one named, or the one that defines the same names", async () => {
    await client.run("// @cell speed\nconst speed = 1;");
    await client.run("const distance = 2 * speed;");
    const dependent = await client.run("distance");
    expect((await client.run("// @cell speed\nconst velocity = 3;")).reply.content.status).toBe("ok");
    expect(shown(dependent)).toContain("waits for distance");
    expect((await client.run("const distance = 2 * velocity;")).reply.content.status).toBe("ok");
    expect(shown(dependent)).toBe("6");
  });

  test("named errors: unknown, doubled, assigned and circular names, syntax, a loader cell", async () => {
    await client.run("const temperature = 1;", "temperature");
    const nameAndText = async (code: string, cell: string) => {
      const { reply, published } = await client.run(code, cell);
      expect(published.filter(({ header }) => header.msg_type === "error")).toHaveLength(1);
      return `${reply.content.ename}: ${reply.content.evalue}`;
    };
    expect(await nameAndText("temprature + 1", "e1")).toMatch(
      /^ReferenceError: .*temprature is not defined; try temperature/,
    );
    expect(await nameAndText("const temperature = 2;", "e2")).toMatch(
      /^DuplicateNameError: .*already defined by cell \[\d+\]/,
    );
    expect(await nameAndText("temperature = 3;", "e3")).toMatch(/^SyntaxError: .*Assignment to external variable/);
    expect(await nameAndText("const a = ;", "e4")).toMatch(/^SyntaxError: cell \[\d+\] line 1: Expression expected/);
    await client.run("const p = q;", "e5");
    expect(await nameAndText("const q = p;", "e6")).toMatch(
      /^CircularDefinitionError: circular definition: cell \[\d+\] needs/,
    );
    expect(await nameAndText("%%python\nprint(1)", "e7")).toMatch(/python; expected one of ts, js, md, html, tex/);
    expect((await client.run("temperature", "fine")).reply.content.status).toBe("ok");
  });

  test("a forward reference heals, in the area of the cell that had failed too", async () => {
    const early = await client.run("late + 1", "early");
    expect(early.reply.content.ename).toBe("ReferenceError");
    const before = client.heard.length;
    const late = await client.run("const late = 41;", "late");
    expect(late.reply.content.status).toBe("ok");
    const since = client.heard.slice(before).filter(({ header }) => /display|clear/.test(header.msg_type));
    expect(since.map(({ header }) => header.msg_type)).toEqual(["clear_output", "display_data", "update_display_data"]);
    // JupyterLab empties the old area on account of the old request; nbclient takes the update only.
    expect(since[0]?.parent).toMatchObject({ msg_id: (early.reply.parent as { msg_id: string }).msg_id });
    expect(since[2]?.parent).toMatchObject({ msg_id: (late.reply.parent as { msg_id: string }).msg_id });
    expect(textOf(since[2])).toBe("42");
  });

  test("an error of a cell is said by its own lines; dependents wait and keep what they showed", async () => {
    await client.run("const heat: number = 1;", "heat");
    const dependent = await client.run('display("heat " + heat);', "shows-heat");
    const failed = await client.run(
      'interface Unused {\n  readonly x: number;\n}\nfunction check(x: number): number {\n  if (x > 1) throw new RangeError("too hot");\n  return x;\n}\nconst heat: number = check(2);',
      "heat",
    );
    expect(failed.reply.content).toMatchObject({ status: "error", ename: "RangeError", evalue: "too hot" });
    const trace = (failed.reply.content.traceback as string[]).join("\n");
    expect(trace).toContain('---->   5   if (x > 1) throw new RangeError("too hot");');
    expect(trace).toContain("---->   8 const heat: number = check(2);");
    expect(shown(dependent)).toBe("heat 1\nwaits for heat, which has an error");
    await client.run("const heat: number = 3;", "heat");
    expect(shown(dependent)).toBe("heat 3");
  });

  test("types are checked across cells, and the cells that a change breaks say so", async () => {
    await client.run("const mass: number = 28;", "mass");
    const dependent = await client.run("// two lines\nconst heavy: number = mass * 2;\ndisplay(heavy);", "heavy");
    const changed = await client.run('const mass: string = "heavy";', "mass");
    expect(changed.reply.content.status).toBe("ok");
    expect(shown(dependent)).toMatch(/TypeCheckError: line 2:23: TS2362/);
    await client.run("const mass: number = 14;", "mass");
    expect(shown(dependent)).toBe("28");
    const own = await client.run("const light: string = mass;", "light");
    expect(own.reply.content).toMatchObject({ ename: "TypeCheckError", evalue: expect.stringContaining("TS2322") });
  });

  test("what a cell prints late is its own, and requests in line are given up after an error", async () => {
    const late = await client.run('setTimeout(() => console.log("later"), 150);\ndisplay("now");', "timer");
    const [failed, waiting] = [client.run('throw new Error("stop");', "fails"), client.run("1", "waits")];
    expect((await failed).reply.content.status).toBe("error");
    expect((await waiting).reply.content.status).toBe("aborted");
    await sleep(600);
    expect(shown(late)).toBe("now\nlater\n");
    expect((await client.run("2", "waits")).reply.content.status).toBe("ok");
  });

  test("cells that wait in line do not run twice", async () => {
    await client.run("const base = 1;", "base");
    const source =
      "(globalThis as { runs?: number }).runs = ((globalThis as { runs?: number }).runs ?? 0) + 1;\ndisplay(base);";
    await client.run(source, "counted");
    await Promise.all([client.run("const base = 2;", "base"), client.run(source, "counted")]);
    const runs = await client.run("(globalThis as { runs?: number }).runs", "runs");
    expect(shown(runs)).toBe("2");
  });

  test("completion and inspection know other cells and the library, with types and doc comments", async () => {
    await client.run('import { diamond } from "phasecell";\nconst crystal = diamond("Si", 5.43);', "library");
    const complete = async (code: string) =>
      (await client.ask("complete_request", { code, cursor_pos: [...code].length })).reply.content;
    expect((await complete("crys")).matches).toEqual(["crystal"]);
    // Cursors count code points.
    const members = await complete('const emoji = "🙂"; crystal.pos');
    expect(members).toMatchObject({ matches: ["positions"], cursor_start: 27, cursor_end: 30 });
    expect(members.metadata).toMatchObject({
      _jupyter_types_experimental: [
        { text: "positions", type: "property", signature: expect.stringContaining("Float64Array") },
      ],
    });
    const { content } = (await client.ask("inspect_request", { code: "diamond", cursor_pos: 4, detail_level: 0 }))
      .reply;
    expect(content).toMatchObject({ found: true });
    expect((content.data as Record<string, string>)["text/plain"]).toMatch(
      /diamond\(element: string[\s\S]*Diamond, 8 atoms/,
    );
    const is = async (code: string) => (await client.ask("is_complete_request", { code })).reply.content;
    expect(await is("const a = [1,")).toMatchObject({ status: "incomplete" });
    expect(await is("const a = 1;")).toMatchObject({ status: "complete" });
  });
});

describe("interrupts", () => {
  startClient();

  test.each([
    ["a loop without a pause, by a signal", "while (true) {}", "signal"],
    ["a loop without a pause, by a message", "while (true) {}", "message"],
    ["a loop without a pause after an await", "await null;\nfor (;;) {}", "message"],
    [
      "a loop that waits and prints",
      'for (;;) {\n  console.log("tick");\n  await new Promise((resolve) => setTimeout(resolve, 300));\n}',
      "signal",
    ],
    ["a promise that nobody keeps", "await new Promise(() => undefined);", "message"],
    ["a stage", 'await stage("long", {}, () => new Promise((resolve) => setTimeout(resolve, 1e6)));', "message"],
    [
      "work of an engine",
      'import { runDynamics, diamond, supercell, createPotential } from "phasecell";\nconst law = createPotential([{ kind: "lennard-jones", epsilon: 0.01, sigma: 2, cutoff: 5 }]);\nawait runDynamics({ structure: supercell(diamond("Si", 5.4), [4, 4, 4]), potential: law, ensemble: { kind: "nve" }, timestep: 1, steps: 1e8, seed: 1 }, { signal });',
      "message",
    ],
  ])("%s ends with an error, and nothing of it goes on", async (name, code, way) => {
    const run = client.run(code, name);
    await client.waitFor(({ header }) => header.msg_type === "execute_input");
    await sleep(900);
    const start = performance.now();
    if (way === "signal") client.kernel.kill("SIGINT");
    else void client.ask("interrupt_request", {}, { channel: "control" });
    const { reply } = await run;
    // Told, not asserted: how long it takes depends on what else the machine does.
    console.info(`${name}: interrupted after ${Math.round(performance.now() - start)} ms`);
    expect(reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    const before = client.heard.length;
    await sleep(400);
    expect(client.heard.slice(before).filter(({ content }) => JSON.stringify(content).includes("tick"))).toEqual([]);
    const alive = await client.run("40 + 2", "alive");
    expect(shown(alive)).toBe("42");
  });

  test("work that cannot be interrupted loses its thread, not the kernel", async () => {
    await client.run("const kept = 7;", "kept");
    const run = client.run(
      "const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));\nfibonacci(80);",
      "deep",
    );
    await client.waitFor(({ header }) => header.msg_type === "execute_input");
    await sleep(900);
    client.kernel.kill("SIGINT");
    expect((await run).reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    const after = await client.run("kept", "after");
    expect(after.reply.content).toMatchObject({ status: "ok" });
    expect(shown(after)).toBe("7");
  });

  test("a busy cell leaves the kernel responsive, and shows what it printed", async () => {
    const run = client.run(
      'const end = Date.now() + 2500;\nconsole.log("started");\nwhile (Date.now() < end) if (Date.now() % 500 === 0) console.log("still");',
      "busy",
    );
    await client.waitFor(({ content }) => JSON.stringify(content.data ?? "").includes("started"));
    const answered = await client.ask("complete_request", { code: "Math.co", cursor_pos: 7 });
    expect(answered.reply.content.matches).toContain("cos");
    await client.heartbeat();
    expect((await run).reply.content.status).toBe("ok");
  });
});

describe("inputs of the reader", () => {
  startClient();

  /** Models that the front end was told of. */
  const models = (): Map<string, Record<string, unknown>> => {
    const found = new Map<string, Record<string, unknown>>();
    for (const { header, content } of client.heard) {
      const id = String(content.comm_id);
      if (header.msg_type === "comm_open") found.set(id, (content.data as { state: Record<string, unknown> }).state);
      if (header.msg_type === "comm_close") found.delete(id);
    }
    return found;
  };
  const modelOf = (name: string): string => [...models()].find(([, state]) => state._model_name === name)![0];
  /** Sends a message that has no reply; resolves when the kernel is done with it. */
  const tell = (type: string, content: object): Promise<JupyterMessage> => {
    const { id } = client.send(type, content);
    return client.waitFor(
      (message) => (message.parent as { msg_id?: string }).msg_id === id && message.content.execution_state === "idle",
    );
  };
  const change = async (comm_id: string, data: object): Promise<void> => {
    await tell("comm_msg", { comm_id, data });
    await sleep(300);
  };

  test.each([
    [
      "range",
      "Inputs.range([0, 10], { value: 3, step: 1 })",
      "FloatSliderModel",
      "3",
      { value: 4.000000000000001 },
      "4",
    ],
    ["number", "Inputs.number([0, 10], { value: 3 })", "BoundedFloatTextModel", "3", { value: 4 }, "4"],
    ["select", 'Inputs.select(["x", "y"])', "DropdownModel", "x", { index: 1 }, "y"],
    ["radio", 'Inputs.radio(new Map([["one", 1], ["two", 2]]))', "RadioButtonsModel", "1", { index: 1 }, "2"],
    ["toggle", "Inputs.toggle()", "CheckboxModel", "false", { value: true }, "true"],
    ["text", "Inputs.text()", "TextModel", "", { value: "abc" }, "abc"],
    [
      "table",
      "Inputs.table([{ n: 1 }, { n: 2 }])",
      "SelectMultipleModel",
      "[ { n: 1 }, { n: 2 } ]",
      { index: [1] },
      "[ { n: 2 } ]",
    ],
    ["checkbox", 'Inputs.checkbox(["p", "q"])', "CheckboxModel", "[]", { value: true }, "[ 'p' ]"],
  ])("%s", async (kind, code, model, first, state, second) => {
    const input = await client.run(`const chosen = view(${code});`, "input");
    const view = displays(input).find(
      ({ content }) => "application/vnd.jupyter.widget-view+json" in (content.data as object),
    );
    expect(view?.content.data).toMatchObject({
      "application/vnd.jupyter.widget-view+json": { model_id: expect.any(String) },
      "text/plain": expect.stringContaining(kind === "checkbox" || kind === "table" ? "chosen" : "chosen: "),
    });
    const dependent = await client.run("chosen", "shows");
    expect(shown(dependent)).toBe(first);
    await change(modelOf(model), { method: "update", state, buffer_paths: [] });
    expect(shown(dependent)).toBe(second);
  });

  test("a button counts its clicks; a front end that was loaded anew is told all models", async () => {
    await client.run('const clicks = view(Inputs.button("again"));', "input");
    const dependent = await client.run("clicks", "shows");
    for (let k = 0; k < 2; k++) await change(modelOf("ButtonModel"), { method: "custom", content: { event: "click" } });
    expect(shown(dependent)).toBe("2");
    await tell("comm_open", { comm_id: "front", target_name: "jupyter.widget.control", data: {} });
    const before = client.heard.length;
    await tell("comm_msg", { comm_id: "front", data: { method: "request_states" } });
    const answer = client.heard.slice(before).find(({ header }) => header.msg_type === "comm_msg")!;
    const states = answer.content.data as { states: object };
    expect(Object.keys(states.states).sort()).toEqual([...models().keys()].sort());
    const info = await client.ask("comm_info_request", { target_name: "jupyter.widget" });
    expect(Object.keys(info.reply.content.comms as object).sort()).toEqual([...models().keys()].sort());
  });

  test("an expensive stage may wait for the reader, and says that it is stale", async () => {
    await client.run("const size = 1;", "size");
    const source =
      'const big = await stage("big", { size }, ({ size }) => 100 * size, { onDemand: true });\ndisplay(big);';
    const expensive = await client.run(source, "expensive");
    expect(shown(expensive)).toBe("100");
    await client.run("const size = 2;", "size");
    expect(shown(expensive)).toBe("stale: stage big computes when you run this cell\n100");
    const asked = await client.run(source, "expensive");
    expect(shown(asked)).toBe("200");
    // The cache has this one: nothing waits.
    const again = await client.run("const size = 1;", "size");
    expect(textOf(displays(again).at(-1))).toBe("100");
  });
});

describe("security", () => {
  test("a message with another key is not answered; the kernel goes on", async () => {
    client = await (await JupyterClient.start()).ready();
    const before = client.heard.length;
    client.send("execute_request", { code: "1" }, { key: "wrong" });
    client.send("shutdown_request", { restart: false }, { key: "wrong", channel: "control" });
    for (let waited = 0; client.stderr === "" && waited < 50; waited++) await sleep(100);
    await sleep(300);
    expect(client.heard.length).toBe(before);
    expect(client.stderr).toMatch(
      /^phasecell kernel: message with a wrong signature; try the key of the connection file\n$/,
    );
    expect((await client.run("1")).reply.content.status).toBe("ok");
    await client.stop();
  });

  test.each([
    [{ ip: "0.0.0.0" }, /^phasecell: kernel: address: 0\.0\.0\.0; expected this machine only, 127\.0\.0\.1\n$/],
    [{ key: "" }, /^phasecell: kernel: connection file; expected a key/],
  ])("a connection file with %j is refused", async (connection, message) => {
    client = await JupyterClient.start({ connection });
    const code = await new Promise((resolve) => client.kernel.once("exit", resolve));
    expect(code).toBe(1);
    expect(client.stderr).toMatch(message);
    await client.stop();
  });

  test("a kernel that is asked to shut down ends", async () => {
    client = await (await JupyterClient.start()).ready();
    const gone = new Promise((resolve) => client.kernel.once("exit", resolve));
    const { reply } = await client.ask("shutdown_request", { restart: true }, { channel: "control" });
    expect(reply.content).toMatchObject({ status: "ok", restart: true });
    expect(await gone).toBe(0);
    await client.stop();
  });
});
