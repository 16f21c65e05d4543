/**
 * The style of the HTML report: plain, light or dark as the reader's system is, one column on a
 * phone, everything open on paper. Colours hold 4.5:1 against their ground; none of them says
 * anything that a word or a mark does not say, too.
 */
export const reportStyle = `
:root { color-scheme: light dark; --ground: #fff; --text: #1c2127; --quiet: #57606a; --line: #d0d5db; --soft: #f4f5f7; --pass: #17693a; --fail: #b3201c; --skip: #57606a; --bar: #4a7ab5; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181c; --text: #e3e6ea; --quiet: #a3abb5; --line: #3a414a; --soft: #1e2227; --pass: #6ccb8f; --fail: #ff8d84; --skip: #a3abb5; --bar: #7fa8db; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; padding: 1.5rem 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; background: var(--ground); color: var(--text); }
main, header, footer { max-width: 60rem; margin: 0 auto; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.3; font-weight: 600; }
h2 { margin: 0; font-size: 1.15rem; line-height: 1.4; font-weight: 600; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; font-weight: 600; }
p { margin: .25rem 0 .75rem; }
code, pre, .id { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85em; }
a { color: inherit; text-underline-offset: .15em; }
.quiet, footer { color: var(--quiet); }
.quiet, footer, .note { font-size: .875rem; }
.note { margin: 1rem 0; padding: .5rem .75rem; border-left: 3px solid var(--line); background: var(--soft); }
.pass { color: var(--pass); } .fail { color: var(--fail); } .skip { color: var(--skip); }
.verdict { font-weight: 600; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th[scope=row] { min-width: 6.5rem; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { color: var(--quiet); white-space: nowrap; }
td.number, th.number { text-align: right; padding-right: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
.failed { display: block; overflow-wrap: anywhere; }
.flows { margin: 1.5rem 0; }
.flow { margin: 1.5rem 0 0; padding: 1rem 0 0; border-top: 2px solid var(--line); }
.repeat { margin: .75rem 0 0; padding: .5rem 0 0 .75rem; border-left: 2px solid var(--line); }
summary { cursor: pointer; }
summary h2 { display: inline; }
summary:focus-visible, .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
dl { margin: .75rem 0; font-size: .875rem; }
dl div { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0 .75rem; padding: .1rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
ol, ul { margin: 0; padding: 0; list-style: none; }
.checks > li, .requests > li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
.checks > li { display: grid; grid-template-columns: 6rem minmax(0, 1fr) auto; gap: 0 .75rem; align-items: baseline; }
.checks .id { color: var(--quiet); display: block; }
.checks dl, .causes { grid-column: 2 / -1; }
.checks dl { margin: .25rem 0 0; }
.checks dl div { grid-template-columns: 4.5rem minmax(0, 1fr); }
.checks dd { white-space: pre-line; }
.line { display: inline-flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; width: calc(100% - 1.25rem); vertical-align: top; }
.line > .what { flex: 1 1 12rem; min-width: 0; }
.time { margin-left: auto; color: var(--quiet); font-size: .875rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.causes { margin: .5rem 0 .25rem; padding: .25rem 0 .25rem .75rem; border-left: 3px solid var(--fail); font-size: .875rem; }
.causes > li + li { margin-top: .5rem; }
.causes ul { padding-left: 1.25rem; list-style: disc; }
.scopes { font-size: .875rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .25rem; }
.bar { display: block; width: 100%; height: .3rem; margin-top: .3rem; background: var(--soft); }
.bar rect { fill: var(--bar); } .bar .fail { fill: var(--fail); }
pre { margin: .25rem 0 .75rem; padding: .5rem .75rem; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
h4 { margin: .5rem 0 0; font-size: .8rem; font-weight: 600; color: var(--quiet); }
.sequence { display: block; margin: 0 auto; font: 12px system-ui, sans-serif; }
.sequence text { fill: var(--text); stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.sequence .quiet, .sequence .quiet text { fill: var(--quiet); font-size: 11px; }
.sequence .head { font-weight: 600; text-anchor: middle; }
.sequence .lane { stroke: var(--line); } .sequence .box { fill: var(--soft); stroke: var(--line); }
.sequence .arrow { stroke: var(--text); fill: none; } .sequence .back { stroke-dasharray: 4 3; }
.sequence .tip { fill: var(--text); stroke: none; }
.sequence .bad .arrow { stroke: var(--fail); stroke-width: 1.5; } .sequence .bad .tip, .sequence .bad text { fill: var(--fail); }
footer { margin-top: 2.5rem; }
@media (min-width: 52rem) {
  .checks > li { grid-template-columns: 6rem minmax(0, 2fr) minmax(0, 3fr) 4.5rem; }
  .checks dl { grid-column: 3; grid-row: 1; margin: 0; }
  .checks .time { grid-column: 4; grid-row: 1; }
}
@media (max-width: 40rem) {
  .flows thead { position: absolute; clip-path: inset(50%); }
  .flows tbody, .flows table { display: block; }
  .flows tr { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 .75rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .flows th, .flows td { padding: 0; border: 0; }
  .flows th[scope=row] { grid-column: 1 / -1; grid-row: 2; }
}
@media (max-width: 30rem) {
  .checks dl, .causes { grid-column: 1 / -1; }
  .line > .what { flex-basis: 100%; }
  .facts div { grid-template-columns: minmax(0, 1fr); padding: .2rem 0; }
  th, td { padding-right: .5rem; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --text: #000; --quiet: #444; --line: #bbb; --soft: #f4f4f4; --pass: #17693a; --fail: #b3201c; --skip: #444; --bar: #4a7ab5; }
  body { padding: 0; font-size: 10pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .scroll { overflow: visible; border: 0; }
  .sequence { max-width: 100%; height: auto; }
  .checks > li, .requests > li, h2, h3 { break-inside: avoid; break-after: auto; }
  h2, h3 { break-after: avoid; }
}
`;
