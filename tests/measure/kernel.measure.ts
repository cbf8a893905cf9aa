import { expect, test } from "vitest";
import { JupyterClient } from "../support/jupyter-client.js";
import { tell, timed } from "../support/measure.js";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("kernel: start, a trivial cell among 50, completion, interrupts", async () => {
  const starts: number[] = [];
  let client!: JupyterClient;
  for (let k = 0; k < 3; k++) {
    await client?.stop();
    starts.push(await timed(async () => (client = await (await JupyterClient.start()).ready())));
  }
  tell("kernel: start until it answers (asked 2.5 s)", starts);
  const first = await client.run("1 + 1", "first");
  tell("kernel: its first cell", [first.milliseconds]);

  await client.run("const c0 = 0;", "c0");
  for (let k = 1; k < 50; k++) await client.run(`const c${k} = c${k - 1} + 1;`, `c${k}`);
  const trivial: number[] = [];
  for (let k = 0; k < 15; k++) {
    const { reply, milliseconds } = await client.run(`${k} + 1`, `trivial ${k}`);
    expect(reply.content.status).toBe("ok");
    trivial.push(milliseconds);
  }
  tell("kernel: a new trivial cell among 50 (asked 100 ms)", trivial);
  const dependent: number[] = [];
  for (let k = 0; k < 15; k++) dependent.push((await client.run(`c49 + ${k}`, `dependent ${k}`)).milliseconds);
  tell("kernel: a new cell that reads the last of 50", dependent);

  await client.run('import { createPotential, diamond } from "phasecell";', "library");
  await client.ask("complete_request", { code: "createP", cursor_pos: 7 });
  const keystrokes: number[] = [];
  const code = 'const crystal = diamond("Si", 5.43);\ncreatePotential';
  for (let end = code.length - 12; end <= code.length; end++) {
    const { reply, milliseconds } = await client.ask("complete_request", {
      code: code.slice(0, end),
      cursor_pos: end,
    });
    expect(reply.content.matches).toContain("createPotential");
    keystrokes.push(milliseconds);
  }
  tell("kernel: completion after a keystroke (asked 150 ms)", keystrokes);

  for (const [name, loop] of [
    ["a loop without a pause", "while (true) {}"],
    ["a loop that waits", "for (;;) await new Promise((resolve) => setTimeout(resolve, 20));"],
    ["a stage", 'await stage("long", {}, () => new Promise((resolve) => setTimeout(resolve, 1e6)));'],
  ] as const) {
    const interrupts: number[] = [];
    for (let k = 0; k < 5; k++) {
      const run = client.run(loop, "long");
      await client.waitFor(({ header }) => header.msg_type === "execute_input");
      await sleep(300);
      const start = performance.now();
      client.kernel.kill("SIGINT");
      expect((await run).reply.content.ename).toBe("Interrupted");
      interrupts.push(performance.now() - start);
    }
    tell(`kernel: interrupt of ${name} (asked 0.5 s)`, interrupts);
  }
  await client.stop();
});
