import type { PageNotebook } from "./page-notebook.js";

/** What the preview server says when the file of a notebook changes. */
export type EditNews =
  | { readonly kind: "notebook"; readonly notebook: PageNotebook }
  /** It no longer compiles: the page goes on with what it has. */
  | { readonly kind: "complaint"; readonly text: string }
  /** It needs modules that the page was not built with. */
  | { readonly kind: "reload" };

/** Follows edits of the notebook's file where a preview server announces them: cells that changed run again. */
export function followEdits({ file }: PageNotebook, apply: (notebook: PageNotebook) => void): void {
  const events = document.querySelector<HTMLMetaElement>("meta[name=edits]")?.content;
  if (!events) return;
  const banner = document.createElement("div");
  banner.className = "complaint banner";
  banner.hidden = true;
  document.body.append(banner);
  const source = new EventSource(`${events}?file=${encodeURIComponent(file)}`);
  source.addEventListener("message", (event: MessageEvent<string>) => {
    const news = JSON.parse(event.data) as EditNews;
    banner.hidden = news.kind !== "complaint";
    if (news.kind === "reload") location.reload();
    else if (news.kind === "complaint") banner.textContent = news.text;
    else apply(news.notebook);
  });
}
