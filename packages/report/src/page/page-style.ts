import { customProperties, DARK, LIGHT } from './page-colors.js';

/** The look of a report; colors are custom properties, which charts and the viewer use too. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  ${customProperties(LIGHT)}
}
@media (prefers-color-scheme: dark) {
  :root {
    ${customProperties(DARK)}
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1140px; padding: 40px 20px 64px; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word;
}
h1 { font-size: clamp(1.7rem, 1.2rem + 2.2vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .5rem; }
h3 { font-size: 1rem; line-height: 1.35; margin: 0 0 .6rem; }
p { margin: 0 0 .8rem; max-width: 72ch; }
.subtitle { font-size: 1.08rem; color: var(--muted); margin: .6rem 0 0; }
.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; margin: 28px 0 0; }
.headline > div { background: var(--surface); border: 1px solid var(--border); border-radius: 12px; padding: 14px 16px; }
.headline dt { color: var(--muted); font-size: .86rem; line-height: 1.35; }
.headline dd { margin: 4px 0 0; font-size: 1.7rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.headline dd.verdict { display: inline-block; margin-top: 6px; padding: 1px 8px; border-radius: 99px; font-size: .78rem; font-weight: 600; letter-spacing: 0; border: 1px solid currentcolor; }
.headline .good { color: var(--good); }
.headline .fair { color: var(--fair); }
.headline .poor { color: var(--poor); }
.hint { color: var(--muted); font-size: .86rem; margin: 0 0 .6rem; }
.headline dd.note { font-size: .82rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
nav { margin-top: 26px; font-size: .94rem; }
nav ol { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; list-style: none; }
nav a { color: var(--accent); text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 52px; scroll-margin-top: 16px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 16px; margin-top: 16px; align-items: start; }
figure { margin: 0; min-width: 0; background: var(--surface); border: 1px solid var(--border); border-radius: 12px; padding: 16px 18px; }
figure.wide { grid-column: 1 / -1; }
figcaption { color: var(--muted); font-size: .88rem; line-height: 1.45; margin-top: .7rem; max-width: 80ch; }
.chart svg { display: block; width: 100%; height: auto; }
.chart.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 6px; padding: 0; list-style: none; font-size: .86rem; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend svg { width: 12px; height: 12px; flex: none; }
details { margin-top: .4rem; font-size: .86rem; }
summary { color: var(--muted); cursor: pointer; width: fit-content; }
details[open] summary { margin-bottom: .5rem; }
details .scroll { max-height: 320px; overflow-y: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--border); vertical-align: top; }
th { color: var(--muted); font-weight: 600; font-size: .84rem; vertical-align: bottom; }
tbody tr:last-child td { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; padding-left: 12px; }
th:last-child, td:last-child { padding-right: 0; }
.heatmap { border-collapse: separate; border-spacing: 3px; table-layout: fixed; max-width: 640px; }
.heatmap th, .heatmap td { border: 0; padding: 6px 8px; text-align: center; vertical-align: middle; font-weight: 500; overflow-wrap: anywhere; }
.heatmap tbody th { text-align: right; color: var(--text); }
.heatmap thead th:first-child { text-align: right; }
.heatmap tbody td { white-space: nowrap; border-radius: 6px; padding: 14px 8px; background: color-mix(in srgb, var(--series-1) var(--share), var(--surface)); }
.picture { min-width: 0; }
.picture img, .picture canvas { display: block; max-width: 100%; height: auto; border-radius: 6px; }
.pixelated img { image-rendering: pixelated; }
.label { margin-top: 6px; font-size: .86rem; line-height: 1.35; }
.label b { font-weight: 600; }
.label span { display: block; color: var(--muted); font-variant-numeric: tabular-nums; }
.pictures.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 16px; }
.pictures.grid img { width: 100%; }
.pictures.strip { display: flex; gap: 14px; overflow-x: auto; padding-bottom: 6px; scroll-snap-type: x proximity; }
.pictures.strip .picture { flex: 1 0 104px; max-width: 200px; scroll-snap-align: start; }
.pictures.strip img { width: 100%; }
.pictures.rows { display: grid; gap: 16px; }
.pictures.rows img { width: 100%; border-radius: 3px; }
.pictures.rows .picture { display: flex; flex-direction: column-reverse; gap: 5px; }
.pictures.rows .label { margin: 0; display: flex; flex-wrap: wrap; gap: 0 12px; }
.shapes { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; }
@media (min-width: 800px) { .shapes:has(> :last-child:nth-child(5)) { grid-template-columns: repeat(5, minmax(0, 1fr)); } }
.shape { aspect-ratio: 1; border-radius: 8px; background: var(--page); }
.shape img, .shape canvas { width: 100%; height: 100%; }
.shape canvas { cursor: grab; }
.shape canvas:active { cursor: grabbing; }
.shape canvas:focus-visible, .scroll:focus-visible, .strip:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.shapes .label, .strip .label, .grid .label { text-align: center; }
footer { margin-top: 60px; padding-top: 20px; border-top: 1px solid var(--border); }
footer h2 { font-size: 1rem; }
footer dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 6px 24px; margin: 0; font-size: .86rem; }
footer dt { color: var(--muted); }
footer dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
footer dl > div { display: flex; gap: 8px; }
@media (max-width: 560px) {
  body { padding: 24px 14px 48px; }
  section { margin-top: 40px; }
  figure { padding: 14px; }
  .headline { grid-template-columns: 1fr; gap: 8px; }
  .headline > div { padding: 11px 12px; }
  .headline dd { font-size: 1.35rem; }
  table { font-size: .84rem; }
  th, td { padding-right: 8px; }
  .number { padding-left: 6px; }
  .heatmap { font-size: .78rem; }
  .heatmap th, .heatmap td { padding-left: 3px; padding-right: 3px; }
  .blocks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .blocks tbody { display: block; }
  .blocks tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 6px 10px; padding: 10px 0; border-bottom: 1px solid var(--border); }
  .blocks tr:last-child { border-bottom: 0; }
  .blocks td { display: block; border: 0; padding: 0; text-align: left; overflow-wrap: anywhere; }
  .blocks td:first-child { grid-column: 1 / -1; font-weight: 600; }
  .blocks td:not(:first-child)::before { content: attr(data-label); display: block; color: var(--muted); font-size: .78rem; line-height: 1.3; }
  .pictures.rows img { min-height: 72px; }
  .shapes { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .chart.large { display: none; }
  .chart.narrow { display: block; }
}
@media print {
  :root {
    --page: #fff; --surface: #fff; --text: #000; --muted: #444; --border: #ccc; --grid: #e4e4e4; --axis: #888; --on-series: #fff;
    --good: #1d7a35; --fair: #8a6100; --poor: #c2340a; --series-1: #2b6cdf; --series-2: #d9480f; --series-3: #23863c; --series-4: #9036ad; --series-5: #a97900; --series-6: #0b7c8e;
  }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .figures { grid-template-columns: 1fr 1fr; }
  .headline { grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); }
  section { margin-top: 32px; }
  nav, details { display: none; }
  .heatmap td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure, .headline > div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll, .pictures.strip { overflow: visible; }
  .pictures.strip { flex-wrap: wrap; }
  .shape canvas { display: none; }
  .shape img { display: block !important; }
}
`;
