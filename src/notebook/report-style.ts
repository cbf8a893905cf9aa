/** How a report looks: prose for reading, figures and tables as in a paper, on paper and on screen. */
export const REPORT_STYLE = `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --code: #f6f8fa; --accent: #0550ae; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 "Source Serif 4", Charter, "Bitstream Charter", Georgia, serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1, h2, h3, figcaption, table, .input, .provenance, details, footer { font-family: "Source Sans 3", "Helvetica Neue", Helvetica, Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; margin: 2.6rem 0 .6rem; padding-top: .4rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 1.8rem 0 .4rem; }
p, ul, ol { margin: .7rem 0; }
a { color: var(--accent); }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 3px solid var(--line); color: var(--soft); }
figure { margin: 1.8rem 0; }
figure svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
figcaption { font-size: .86rem; line-height: 1.45; color: var(--ink); margin-top: .6rem; }
figcaption b { font-weight: 600; }
.provenance { font-size: .68rem; color: var(--soft); margin-top: .25rem; overflow-wrap: anywhere; }
.table-scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .84rem; margin: .4rem auto 0; font-variant-numeric: tabular-nums; border-bottom: 1.5px solid var(--ink); }
thead { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
td:first-child { white-space: nowrap; }
th, td { padding: .25rem .8rem; text-align: left; vertical-align: baseline; }
th { font-weight: 600; line-height: 1.25; vertical-align: bottom; }
th.number, td.number { text-align: right; white-space: nowrap; }
.unit { font-weight: 400; color: var(--soft); white-space: nowrap; }
figure.table figcaption { margin: 0 0 .3rem; }
.input { font-size: .86rem; padding: .3rem .8rem; margin: .5rem 0; background: var(--code); border-radius: 4px; }
.input output { font-weight: 600; margin: 0 .6rem; }
.input .range, .input code { color: var(--soft); font-size: .78rem; margin-right: .6rem; }
details { margin: .6rem 0; font-size: .82rem; }
summary { cursor: pointer; color: var(--soft); font-size: .72rem; letter-spacing: .02em; }
pre { background: var(--code); padding: .7rem .9rem; border-radius: 4px; overflow-x: auto; font: .78rem/1.5 ui-monospace, "Spline Sans Mono", "DejaVu Sans Mono", Menlo, monospace; }
code { font-family: ui-monospace, "Spline Sans Mono", "DejaVu Sans Mono", Menlo, monospace; font-size: .88em; }
pre code { font-size: inherit; }
pre .keyword { color: #8250df; } pre .text { color: #0a3069; } pre .number { color: #0550ae; } pre .comment { color: #57606a; font-style: italic; }
.katex-display { margin: 1rem 0; overflow-x: auto; overflow-y: hidden; padding: .1rem 0; }
footer { margin-top: 4rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: .76rem; color: var(--soft); }
@media print { details { display: none; } main { padding: 0; max-width: none; } figure, table { break-inside: avoid; } }
`;
