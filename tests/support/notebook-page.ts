import { type BrowserContext, chromium, type Page } from "playwright-core";
import type { OpenPage } from "../../src/page/start.js";

export const CHROMIUM = "/usr/bin/chromium";

/** Names of other machines lead nowhere: a page that asks for one fails, and says so. */
const CUT = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"];
/** Chromium's own adapter in software. */
export const SOFTWARE_GPU = "--enable-unsafe-webgpu";

export const openBrowser = (flags: readonly string[] = [], profile = ""): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: [...CUT, ...flags],
    viewport: { width: 1280, height: 900 },
  });

/** What a reader or a network must not see. */
export interface Watched {
  readonly page: Page;
  /** Errors of the console and of scripts, answers that are errors, requests to other hosts. */
  readonly complaints: string[];
}

export async function openWatched(context: BrowserContext, url: string): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on(
    "response",
    (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`),
  );
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin)
      complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

type PhaseCellWindow = Window & { readonly phasecell: OpenPage };

/** Waits until every cell has run and is drawn; stages that wait for the reader are asked for. */
export async function settled(page: Page, timeout = 240_000): Promise<void> {
  await page.waitForFunction(() => "phasecell" in window, undefined, { timeout });
  await page.waitForFunction(
    () => {
      for (const button of document.querySelectorAll<HTMLElement>(".demand button")) button.click();
      return ["done", "failed"].includes(document.querySelector<HTMLElement>(".status")?.dataset.state ?? "");
    },
    undefined,
    { timeout },
  );
  await page.evaluate(() => (window as unknown as PhaseCellWindow).phasecell.settled());
}

/** Inputs and values of an open notebook, as JSON; typed arrays as arrays, as in results.json. */
export const resultsOf = async (
  page: Page,
): Promise<{ inputs: unknown; values: Record<string, unknown>; keys: string[] }> =>
  JSON.parse(
    await page.evaluate(async () => {
      const { graph, results } = (window as unknown as PhaseCellWindow).phasecell;
      const { inputs, values } = await results();
      const keys = [...graph.cells.values()].flatMap(({ stages }) => stages.map(({ provenance }) => provenance.key));
      return JSON.stringify({ inputs, values, keys }, (_, item) =>
        ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : (item as unknown),
      );
    }),
  ) as never;

/** Entries that the page keeps of stages, by key, as files of the cache on disk hold them. */
export async function entriesOf(page: Page): Promise<Map<string, Uint8Array>> {
  const entries = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("phasecell");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const table = database.transaction("stages").objectStore("stages");
    const all = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const [keys, values] = await Promise.all([
      all(table.getAllKeys()),
      all(table.getAll() as IDBRequest<Uint8Array[]>),
    ]);
    database.close();
    const toText = async (bytes: Uint8Array): Promise<string> => {
      const reader = new FileReader();
      reader.readAsDataURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      await new Promise((resolve) => (reader.onload = resolve));
      return String(reader.result).replace(/^[^,]*,/, "");
    };
    return Promise.all(keys.map(async (key, i) => [String(key), await toText(values[i]!)] as const));
  });
  return new Map(entries.map(([key, text]) => [key, new Uint8Array(Buffer.from(text, "base64"))]));
}
