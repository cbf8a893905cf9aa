import { REPORT_STYLE } from "../notebook/report-style.js";

/** How pages look: the report, alive. Fonts come with the site. */
export const PAGE_STYLE = `${REPORT_STYLE}
:root { --serif: "Source Serif 4 Variable", Charter, Georgia, serif; --sans-serif: "Inter Variable", "Helvetica Neue", Arial, sans-serif; --monospace: "Spline Sans Mono Variable", ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
body { font-family: var(--serif); }
h1, h2, h3, figcaption, table, details, footer, button, .provenance, .status, .work, .complaint { font-family: var(--sans-serif); }
pre, code { font-family: var(--monospace); }
main { padding-top: 2rem; }
.status { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; padding: .45rem 1rem; font-size: .78rem; color: var(--soft); background: rgb(255 255 255 / 94%); border-bottom: 1px solid var(--line); }
.status .home { font-weight: 600; color: var(--ink); text-decoration: none; }
.status .state { flex: 1; min-width: 8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.status[data-state=running] .state { color: var(--accent); }
.status[data-state=failed] .state { color: #b3261e; }
.status details { margin: 0; font-size: inherit; position: relative; }
.status summary { font-size: inherit; letter-spacing: 0; }
.status details[open] > ul { margin-top: .5rem; }
.status ul { padding-left: 1rem; margin: 0; max-width: 34rem; }
.status .kept { margin: .5rem 0; max-width: 34rem; }
.status .not-kept { flex-basis: 100%; margin: .2rem 0 0; }
button { font-size: .8rem; padding: .2rem .7rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
button:hover { background: var(--code); }
button:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.cell { margin: 0; }
.cell[data-state=running] > .shown { opacity: .5; transition: opacity .2s .3s; }
.cell.silent + .cell.silent > details { margin-top: -.3rem; }
details.code > summary { font-family: var(--monospace); width: fit-content; }
.progress { display: flex; gap: .8rem; align-items: center; font-size: .8rem; color: var(--soft); margin: .5rem 0; font-variant-numeric: tabular-nums; }
.progress progress { flex: 0 0 10rem; height: .5rem; accent-color: var(--accent); }
.progress span { min-width: 0; overflow-wrap: anywhere; }
.demand { font-size: .8rem; color: var(--soft); margin: .6rem 0; }
.complaint { font-size: .86rem; line-height: 1.45; color: #7a1c16; background: #fdf1f0; border-left: 3px solid #b3261e; border-radius: 2px; padding: .5rem .9rem; margin: .8rem 0; overflow-wrap: anywhere; }
.complaint p { margin: 0 0 .3rem; }
.complaint.banner { position: fixed; inset: auto 1rem 1rem; z-index: 3; margin: 0; box-shadow: 0 2px 12px rgb(0 0 0 / 18%); }
.shown > div > table { display: block; overflow-x: auto; width: fit-content; max-width: 100%; border-bottom: 0; }
.drawing { min-height: 3rem; }
.drawing svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
.provenance .save { color: inherit; margin-left: .4rem; }
.live .panels { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 20rem); gap: 1rem; width: min(64rem, calc(100vw - 3rem)); margin-left: 50%; transform: translateX(-50%); }
.live .scene { border: 1px solid var(--line); border-radius: 4px; background: linear-gradient(#fdfdfe, #eef1f4); min-height: 18rem; position: relative; }
.live .atoms { position: absolute; inset: 0; width: 100%; height: 100%; cursor: grab; touch-action: pan-y; }
.live .atoms:active { cursor: grabbing; }
.live .side { display: flex; flex-direction: column; gap: .6rem; }
.live .diagram { width: 100%; height: auto; font-family: var(--sans-serif); }
.live .stream { width: 100%; height: 17rem; display: block; }
.live .legend, .live .controls, .live .engine-line { font: .78rem/1.5 var(--sans-serif); color: var(--soft); margin-top: .5rem; display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; }
.live .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .3rem; vertical-align: -.08rem; }
.live .controls output { font-variant-numeric: tabular-nums; color: var(--ink); }
.live .controls select { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .15rem; }
@media (max-width: 760px) { .live .panels { grid-template-columns: minmax(0, 1fr); width: auto; margin: 0; transform: none; } .live .scene { min-height: 0; aspect-ratio: 1; } }
main { counter-reset: figure table; }
figure:not(.table) > figcaption > b::before { counter-increment: figure; content: "Figure " counter(figure) "."; }
figure.table > figcaption > b::before { counter-increment: table; content: "Table " counter(table) "."; }
.shown > form[class*="inputs-"] { --label-width: 16rem; --input-width: 20rem; font: .86rem/1.3 var(--sans-serif); background: var(--code); border-radius: 4px; padding: .3rem .8rem; margin: .5rem 0; width: auto; max-width: none; }
.shown > form[class*="inputs-"] > label { padding-right: 1rem; }
.shown > form[class*="inputs-"] > div { max-width: 20rem; }
@media (max-width: 480px) { main { padding: 1.2rem 1rem 3rem; } body { font-size: 16px; } h1 { font-size: 1.6rem; } .progress { flex-wrap: wrap; gap: .2rem .8rem; } }
`;
