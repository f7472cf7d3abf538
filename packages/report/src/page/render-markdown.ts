import { parseOptions } from '@netspace/prep/internal';
import { meshFrame, type Picture, renderMesh } from '@netspace/shapes';

import { chartSvg } from '../charts/chart-svg.js';
import { formatValue } from '../charts/format-value.js';
import { chartTable, chartText } from '../figures/chart-figure.js';
import { encodePng } from '../figures/encode-png.js';
import { alternative } from '../figures/pictures-figure.js';
import { cellText, checkTable } from '../figures/table-figure.js';
import { reportData, type ReportData, type ReportFigure, type ReportSection, type TableFigure } from './report-data.js';

/** A report as Markdown, and the pictures that it names. */
export interface MarkdownReport {
  readonly text: string;
  /** The pictures, to be written at the paths that the text names. */
  readonly files: ReadonlyMap<string, MarkdownPicture>;
}

/** A picture of a report in Markdown: a chart as SVG, anything else as PNG. */
export type MarkdownPicture = { readonly svg: string } | { readonly png: Uint8Array };

const PIXELS = 360;

/**
 * Writes measurements as Markdown with picture files, for a README, an issue or a wiki. It has the content that {@link renderReport} shows
 * as a page.
 *
 * @returns the text, and the pictures under `pictures/`; charts are SVG with the ending `.svg`
 * @throws NetSpaceError as {@link renderReport}
 * @example
 * ```ts
 * import { renderMarkdown } from '@netspace/report';
 *
 * const { text, files } = renderMarkdown({ title: 'My space', sections: [{ title: 'Hello', text: 'Nothing measured yet.' }] });
 * console.log(text.split('\n')[0], files.size); // # My space 0
 * ```
 */
export function renderMarkdown(data: ReportData): MarkdownReport {
  parseOptions('renderMarkdown', reportData, data);
  const { title, subtitle, headline = [], sections, provenance = {} } = data;
  const files = new Map<string, MarkdownPicture>();
  const headlines: TableFigure = {
    kind: 'table',
    columns: ['', 'value', 'verdict', 'what it means'].map((label) => ({ label })),
    rows: headline.map(({ label, value, verdict = '', note = '' }) => [label, value, verdict, note]),
  };
  const origin: TableFigure = {
    kind: 'table',
    columns: [{ label: 'where this comes from' }, { label: '' }],
    rows: Object.entries(provenance).map(([key, value]) => [key, String(value)]),
  };
  const blocks = [
    `# ${escape(title)}`,
    ...(subtitle === undefined ? [] : [escape(subtitle)]),
    ...(headline.length === 0 ? [] : [table(headlines)]),
    ...sections.flatMap((section, i) => sectionText(section, i + 1, files)),
    ...(origin.rows.length === 0 ? [] : [table(origin)]),
  ];
  return { text: `${blocks.join('\n\n')}\n`, files };
}

function sectionText({ title, text = [], figures = [] }: ReportSection, number: number, files: Map<string, MarkdownPicture>): string[] {
  const paragraphs = typeof text === 'string' ? [text] : text;
  return [
    `## ${escape(title)}`,
    ...paragraphs.map(escape),
    ...figures.flatMap((figure, i) => figureText(figure, `${number}-${i + 1}`, files)),
  ];
}

function figureText(figure: ReportFigure, id: string, files: Map<string, MarkdownPicture>): string[] {
  return [
    ...(figure.title === undefined ? [] : [`### ${escape(figure.title)}`]),
    ...content(figure, id, files),
    ...(figure.caption === undefined ? [] : [escape(figure.caption)]),
  ];
}

function content(figure: ReportFigure, id: string, files: Map<string, MarkdownPicture>): string[] {
  const image = (path: string, picture: MarkdownPicture, text: string): string => {
    files.set(path, picture);
    return `![${escape(text)}](${path})`;
  };
  const png = (picture: Picture, at: number, title: string, note: string | undefined): string =>
    `${escape(alternative(title, note))}\n\n${image(`pictures/${id}-${at + 1}.png`, { png: encodePng(picture) }, alternative(title, note))}`;
  switch (figure.kind) {
    case 'chart': {
      const drawn = image(`pictures/${id}.svg`, { svg: chartSvg(figure) }, chartText(figure));
      return [drawn, `<details><summary>Values</summary>\n\n${table(chartTable(figure))}\n\n</details>`];
    }
    case 'table':
      return [table(figure)];
    case 'heatmap': {
      const { rows, columns, values, format } = figure;
      const cells = rows.names.map((name, i) => [name, ...(values[i] ?? []).map((value) => formatValue(value, format))]);
      return [
        table({ kind: 'table', columns: [`${rows.label} \\ ${columns.label}`, ...columns.names].map((label) => ({ label })), rows: cells }),
      ];
    }
    case 'pictures':
      return figure.pictures.map(({ picture, title, note }, i) => png(picture, i, title, note));
    case 'meshes': {
      const frame = meshFrame(figure.meshes.map(({ mesh }) => mesh));
      return figure.meshes.map(({ mesh, title, note }, i) =>
        png(renderMesh(mesh, { width: PIXELS, height: PIXELS, frame }), i, title, note),
      );
    }
  }
}

function table(figure: TableFigure): string {
  checkTable(figure);
  const { columns, rows } = figure;
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ label }) => escape(label))),
    line(numeric.map((isNumber) => (isNumber ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((value, i) => escape(cellText(value, columns[i]!.format))))),
  ].join('\n');
}

/** Plain text as Markdown: names of networks are untrusted, and must be neither markup nor HTML. */
const escape = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&]/g, (character) => `\\${character}`);
