import { itRefusesMisspelt } from '@netspace/testing/option-refusals';
import { expect, it } from 'vitest';

import { chartSvgOptions } from './charts/chart-svg.js';
import { contactSheetOptions } from './figures/contact-sheet.js';
import { prepPictureOptions } from './figures/prep-picture.js';
import * as report from './index.js';
import { renderReportOptions } from './page/render-report.js';
import { reportData } from './page/report-data.js';

const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const axis = { label: 'x' };
const chart = { kind: 'chart', chart: 'line', x: axis, y: axis, series: [] } as const;
const data = { title: 'page', sections: [] };
const page = (figure: object) => report.renderReport({ title: 'page', sections: [{ title: 'section', figures: [figure as never] }] });
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);
const figure = ['title', 'caption', 'wide', 'kind'];

itRefusesMisspelt(
  report,
  {
    chartSvg: [keys(chartSvgOptions), (o) => report.chartSvg(chart, o)],
    'chartSvg: figure': [[...figure, 'chart', 'x', 'y', 'series', 'diagonal'], (o) => report.chartSvg({ ...chart, ...(o as object) })],
    'chartSvg: axis': [['label', 'format', 'scale', 'min', 'max'], (o) => report.chartSvg({ ...chart, x: { ...axis, ...(o as object) } })],
    contactSheet: [keys(contactSheetOptions), (o) => report.contactSheet([[picture]], o)],
    prepPicture: [keys(prepPictureOptions), (o) => report.prepPicture([[1]], o)],
    renderReport: [keys(renderReportOptions), (o) => report.renderReport(data, o)],
    'renderReport: data': [keys(reportData), (o) => report.renderReport({ ...data, ...(o as object) })],
    renderMarkdown: [keys(reportData), (o) => report.renderMarkdown({ ...data, ...(o as object) })],
    'renderReport: headline': [
      ['label', 'value', 'note', 'verdict'],
      (o) => report.renderReport({ ...data, headline: [{ label: 'a', value: '1', ...(o as object) }] }),
    ],
    'renderReport: section': [
      ['title', 'text', 'figures'],
      (o) => report.renderReport({ title: 'page', sections: [{ title: 'section', ...(o as object) }] }),
    ],
    'renderReport: bars': [
      [...figure, 'chart', 'categories', 'y', 'series'],
      (o) => page({ kind: 'chart', chart: 'bar', categories: [], y: axis, series: [], ...(o as object) }),
    ],
    'renderReport: heatmap': [
      [...figure, 'rows', 'columns', 'values', 'format'],
      (o) => page({ kind: 'heatmap', rows: { label: '', names: [] }, columns: { label: '', names: [] }, values: [], ...(o as object) }),
    ],
    'renderReport: table': [[...figure, 'columns', 'rows'], (o) => page({ kind: 'table', columns: [], rows: [], ...(o as object) })],
    'renderReport: pictures': [
      [...figure, 'layout', 'pictures', 'pixelated'],
      (o) => page({ kind: 'pictures', pictures: [], ...(o as object) }),
    ],
    'renderReport: meshes': [[...figure, 'meshes'], (o) => page({ kind: 'meshes', meshes: [], ...(o as object) })],
  },
  ['bandSeries', 'encodePng'],
);

it.each([
  [{ kind: 'cart' }, /expected sections\.0\.figures\.0\.kind to be one of 'chart', .* got 'cart'; did you mean 'chart'\?/],
  [{ ...chart, chart: 'bars' }, /figures\.0\.chart to be one of 'line', 'scatter', 'bar', got 'bars'; did you mean 'bar'\?/],
  [{ ...chart, series: [{ name: 'a', points: [1, 2] }] }, /series\.0\.points to be a list of \[x, y\], got \[1, 2\]/],
  [{ ...chart, y: undefined }, /figures\.0\.y to be an object, got nothing/],
  [{ kind: 'pictures', pictures: [{ title: 'a', picture: 7 }] }, /pictures\.0\.picture to be a picture, got 7/],
])('a figure that is %j is refused by name', (given, message) => {
  expect(() => page(given)).toThrow(message);
});
