import { decode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ballMesh, cubeMesh } from '../../../shapes/src/testing/meshes.js';
import { fromBase64 } from '../figures/base64.js';
import type { ReportData, ReportFigure } from './report-data.js';
import { renderReport } from './render-report.js';

const picture = { width: 2, height: 1, data: Uint8ClampedArray.from([255, 0, 0, 255, 0, 0, 255, 128]) };
const axis = (label: string) => ({ label });
const line: ReportFigure = {
  kind: 'chart',
  chart: 'line',
  title: 'Training',
  x: { label: 'step', format: 'integer' },
  y: { label: 'loss', scale: 'log' },
  series: [
    { name: 'total', points: Array.from({ length: 500 }, (_, i) => [i, 1 / (i + 1)] as const) },
    { name: 'other', points: [[0, 1]], dashed: true },
  ],
};
const scatter: ReportFigure = {
  kind: 'chart',
  chart: 'scatter',
  x: axis('x'),
  y: axis('y'),
  series: [{ name: 'a', points: [[0.25, 0.5]] }],
  diagonal: true,
};
const bar: ReportFigure = {
  kind: 'chart',
  chart: 'bar',
  categories: ['before', 'after'],
  y: { label: 'accuracy', format: 'percent' },
  series: [{ name: 'a', values: [0.5, null] }],
};
const heatmap: ReportFigure = {
  kind: 'heatmap',
  rows: { label: 'target', names: ['a', 'b'] },
  columns: { label: 'predicted', names: ['a', 'b'] },
  values: [
    [7, 0],
    [1, 9],
  ],
};
const table: ReportFigure = {
  kind: 'table',
  columns: [{ label: 'net' }, { label: 'acc', format: 'percent' }],
  rows: [
    ['n', null],
    ['m', 0.5],
  ],
};
const pictures: ReportFigure = { kind: 'pictures', pictures: [{ picture, title: 'P' }], caption: 'a caption' };
const meshes: ReportFigure = {
  kind: 'meshes',
  meshes: [
    { mesh: ballMesh({ rings: 6 }), title: 'ball' },
    { mesh: cubeMesh(), title: 'cube', note: 'n' },
  ],
};
const everything: ReportData = {
  title: 'T',
  subtitle: 'S',
  headline: [{ label: 'L', value: '91 %', note: 'N' }],
  sections: [
    { title: 'one', text: ['p', 'q'], figures: [line, scatter, bar, heatmap] },
    { title: 'two', text: 'r', figures: [table, pictures, meshes] },
    { title: 'three' },
  ],
  provenance: { seed: 7 },
};
// What the viewer's bundle might hold: an end of script in a string.
const viewerScript = 'console.log("</script><img src=http://example.org/x>")';

/** Every element of a page with its attributes; fails on markup that does not nest. */
function parse(page: string): { readonly tag: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const elements: { tag: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|<!doctype html>|[^<]+/giy;
  while (token.lastIndex < page.length) {
    const at = token.lastIndex;
    const match = token.exec(page);
    if (match === null) throw new Error(`not markup: ${page.slice(at, at + 80)}`);
    const [, end, tag, attributes = '', self] = match;
    if (tag === undefined) continue;
    if (end) {
      expect(tag).toBe(open.pop());
      continue;
    }
    elements.push({
      tag,
      attributes: Object.fromEntries([...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key, value])),
    });
    if (!self && !['meta', 'img', 'br'].includes(tag)) open.push(tag);
    if (tag === 'script' || tag === 'style') token.lastIndex = page.indexOf(`</${tag}>`, token.lastIndex);
  }
  expect(open).toEqual([]);
  return elements;
}

describe('renderReport', () => {
  const whole = renderReport(everything, { viewerScript });

  it('is one page of well-formed markup', () => {
    const elements = parse(whole);
    const count = (tag: string) => elements.filter((element) => element.tag === tag).length;
    expect([count('section'), count('figure'), count('script'), count('title')]).toEqual([3, 7, 1, 1]);
    const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('refers to nothing outside itself', () => {
    const page = renderReport(everything, { viewerScript: 'void 0' });
    for (const { tag, attributes } of parse(page)) {
      for (const [key, value] of Object.entries(attributes)) {
        if (/^(src|srcset|href|xlink:href|action|poster|data|background|formaction)$/.test(key))
          expect(value, tag).toMatch(/^(data:image\/png;base64,|#)/);
        else expect(value, `${tag} ${key}`).not.toMatch(/https?:/);
        expect(key).not.toMatch(/^on/);
      }
      expect(['link', 'iframe', 'object', 'embed', 'base', 'form', 'audio', 'video']).not.toContain(tag);
    }
    expect([...page.matchAll(/url\(([^)]*)\)/g)].map(([, target]) => target).every((target) => target?.startsWith('#'))).toBe(true);
    expect(page).not.toMatch(/@import|https?:/);
    expect(page).toContain('default-src &#39;none&#39;');
  });
  it('resolves every reference to a part of itself', () => {
    const targets = [...whole.matchAll(/(?:href="#|url\(#)([\w-]+)/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(3);
    for (const id of targets) expect(whole).toContain(`id="${id}"`);
  });
  it('escapes every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', ' ', 'a', '-', '!') }), (text) => {
        const figures: ReportFigure[] = [
          { kind: 'table', title: text, caption: text, columns: [{ label: text }], rows: [[text]] },
          { kind: 'pictures', pictures: [{ picture, title: text, note: text }] },
          { kind: 'heatmap', rows: { label: text, names: [text] }, columns: { label: text, names: [text] }, values: [[1]] },
        ];
        const headline = [{ label: text, value: text, note: text }];
        const page = (value: string) =>
          renderReport({
            title: value,
            subtitle: value,
            headline,
            sections: [{ title: value, text: value, figures }],
            provenance: { [value]: value },
          });
        expect(parse(page(text)).map(({ tag }) => tag)).toEqual(parse(page('x')).map(({ tag }) => tag));
      }),
      { numRuns: 30 },
    );
    const chart: ReportFigure = { ...bar, categories: ['<i>', '&'], y: axis('</svg>'), series: [{ name: '"<b>', values: [1, 2] }] };
    parse(renderReport({ title: '', sections: [{ title: '', figures: [chart] }] }));
  });
  it('keeps the text of the script from ending its element', () => {
    expect(whole).toContain(String.raw`console.log("\x3C/script><img`);
    expect(whole.match(/<\/script/g)).toHaveLength(1);
  });
  it('holds the script once, and not at all without shapes', () => {
    const marked = { viewerScript: '"the viewer"' };
    expect(renderReport(everything, marked).match(/"the viewer"/g)).toHaveLength(1);
    expect(renderReport({ title: '', sections: [{ title: '', figures: [table] }] }, marked)).not.toContain('"the viewer"');
  });
  it('shows shapes as pictures where there is no script', () => {
    const page = renderReport({ title: '', sections: [{ title: '', figures: [meshes] }] });
    expect(page).not.toContain('data-vertices');
    expect(page.match(/<img src="data:image\/png/g)).toHaveLength(2);
  });
  it('holds pictures pixel for pixel', () => {
    const [, png] = /<img src="data:image\/png;base64,([^"]*)"/.exec(
      renderReport({ title: '', sections: [{ title: '', figures: [pictures] }] }),
    )!;
    expect([...decode(fromBase64(png!)).data]).toEqual([...picture.data]);
  });
  it('is the same page for the same data', () => {
    expect(renderReport(everything, { viewerScript })).toBe(whole);
  });
  it('writes the values of charts beside them, thinned but for both ends', () => {
    const page = renderReport({ title: '', sections: [{ title: '', figures: [line] }] });
    const rows = [...page.matchAll(/>total<\/td>\s*<td role="cell" data-label="step" {2}class="number">([^<]*)<\/td>/g)].map(
      ([, step]) => step,
    );
    expect([rows[0], rows.at(-1), rows.length]).toEqual(['0', '499', 30]);
  });
  it('gives a lone chart the whole width and pairs the others', () => {
    const wide = (figures: ReportFigure[]) => {
      const elements = parse(renderReport({ title: '', sections: [{ title: '', figures }] }));
      return elements.filter(({ tag }) => tag === 'figure').map(({ attributes }) => attributes['class'] === 'wide');
    };
    expect(wide([bar])).toEqual([true]);
    expect(wide([bar, scatter, bar])).toEqual([false, false, true]);
    expect(wide([bar, table, bar, heatmap])).toEqual([true, true, false, false]);
    expect(
      wide([
        { ...bar, wide: false },
        { ...bar, wide: true },
        { ...table, wide: false },
      ]),
    ).toEqual([false, true, false]);
  });
  it('leaves out points that cannot be drawn', () => {
    const points = [
      [0, 0],
      [1, Number.NaN],
      [2, 4],
      [3, Infinity],
    ] as const;
    const log: ReportFigure = { ...line, series: [{ name: 'a', points }] };
    const none: ReportFigure = { ...scatter, series: [{ name: 'a', points: [] }] };
    expect(renderReport({ title: '', sections: [{ title: '', figures: [log, none] }] })).not.toMatch(/d="[^"]*(NaN|Infinity)/);
  });
  it('refuses tables, charts and matrices whose parts do not fit', () => {
    const page = (figure: ReportFigure) => () => renderReport({ title: '', sections: [{ title: '', figures: [figure] }] });
    expect(page({ ...table, title: 'A', rows: [['n', 1], ['m']] })).toThrow(/table "A" expected 2 cells a row, got 1 in row 1/);
    expect(page({ ...bar, series: [{ name: 's', values: [1] }] })).toThrow(/expected 2 values \(one a category\) in series "s", got 1/);
    expect(page({ ...heatmap, values: [[1, 2], [3]] })).toThrow(/expected 2 rows of 2 values, got rows of \[2, 1\]/);
    expect(page({ kind: 'pictures', pictures: [{ picture: { ...picture, width: 3 }, title: '' }] })).toThrow(/3×1×4 = 12 bytes/);
  });
});
