import { escapeHtml } from "../notebook/markup.js";
import { DATA_ELEMENT, type PageNotebook } from "./page-notebook.js";

/** Where a page finds the rest of its site. */
export interface PagePlaces {
  /** Path back to the root: `../`, or `./` for a page at the root. */
  readonly home: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** Address that announces edits of the file, under the preview server. */
  readonly edits?: string;
}

/** Path from a page back to the root of its site. */
export const homeOf = (file: string): string => "../".repeat(file.split("/").length - 1) || "./";

/** Data inside a script element: nothing in it may end the element. */
const inScript = (data: unknown): string => JSON.stringify(data).replaceAll("<", "\\u003c");

const FROM_DISK = `if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => { document.querySelector("main").textContent = "Browsers run programs of a page only from a server: phasecell notebooks serve, or any static server in the folder of this site."; });`;

/** The document of one notebook. */
export function notebookDocument(notebook: PageNotebook, { home, script, styles, edits }: PagePlaces): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(notebook.title)}</title>
<link rel="icon" href="data:,">
${edits === undefined ? "" : `<meta name="edits" content="${escapeHtml(edits)}">\n`}${styles.map((file) => `<link rel="stylesheet" href="${home}app/${file}">`).join("\n")}
<script>${FROM_DISK}</script>
${edits === undefined ? `<script>${isolationScript(home)}</script>\n` : ""}<script type="module" src="${home}app/${script}"></script>
</head>
<body>
<main data-home="${home}">
<h1>${escapeHtml(notebook.title)}</h1>
<noscript>This page computes: it needs JavaScript.</noscript>
</main>
<script type="application/json" id="${DATA_ELEMENT}">${inScript(notebook)}</script>
</body>
</html>
`;
}

/** Name of the service worker, at the root of the site. */
export const ISOLATION_FILE = "isolation.js";

/**
 * Shared memory needs two response headers that many static hosts cannot set: a service worker adds them, once, by
 * loading the page again. `isolation` resolves when the page may start.
 */
const isolationScript = (home: string): string => `window.isolation = new Promise((start) => {
  const workers = navigator.serviceWorker, tried = sessionStorage.getItem("isolation");
  if (crossOriginIsolated || !isSecureContext || !workers || tried) start();
  else workers.register("${home}${ISOLATION_FILE}").then(() => workers.ready).then(() => {
    sessionStorage.setItem("isolation", "tried");
    location.reload();
  }).catch(start);
});`;

export const ISOLATION_WORKER = `// Adds the headers of cross-origin isolation where the host of this site cannot.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(
    fetch(event.request).then((response) => {
      if (response.status === 0) return response;
      const headers = new Headers(response.headers);
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cross-Origin-Embedder-Policy", "require-corp");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
    }),
  );
});
`;
