import { type GivenBy, objectOf, optional, parseOptions, text } from '@netspace/prep/internal';

import { chartFigure, chartValues } from '../figures/chart-figure.js';
import { heatmapFigure } from '../figures/heatmap-figure.js';
import { html, trusted, type Html } from './html.js';
import { meshesFigure } from '../figures/meshes-figure.js';
import { PAGE_STYLE } from './page-style.js';
import { picturesFigure } from '../figures/pictures-figure.js';
import { reportData, type Headline, type ReportData, type ReportFigure, type ReportSection } from './report-data.js';
import { tableFigure } from '../figures/table-figure.js';

/** See {@link RenderReportOptions}. */
export const renderReportOptions = objectOf({
  /**
   * The text of `@netspace/report/viewer`: makes shapes turn under the pointer.
   * @default shapes are still pictures
   */
  viewerScript: optional(text),
});

/** Options of {@link renderReport}. */
export interface RenderReportOptions extends GivenBy<typeof renderReportOptions> {}

/**
 * Writes measurements as one HTML page that needs no network and no other file. It reads well in light and dark, on a phone and on paper.
 *
 * Charts are SVG, pictures PNG, shapes PNG together with their meshes; all text is escaped, and the page's own content policy forbids every
 * connection. The same data gives the same page, byte for byte.
 *
 * @returns the text of the page, to be written as UTF-8
 * @throws NetSpaceError `SHAPE_MISMATCH` if a table's or chart's rows do not fit its columns or categories, or a picture its size;
 * `INVALID_OPTION` for options or parts of the data that are unknown, missing or wrong
 * @example
 * ```ts
 * import { renderReport } from '@netspace/report';
 *
 * const html = renderReport({ title: 'My space', sections: [{ title: 'Hello', text: 'Nothing measured yet.', figures: [] }] });
 * console.log(html.includes('<h1>My space</h1>')); // true
 * ```
 */
export function renderReport(data: ReportData, options: RenderReportOptions = {}): string {
  const { viewerScript } = parseOptions('renderReport', renderReportOptions, options);
  parseOptions('renderReport: data', reportData, data);
  const { title, subtitle, headline = [], sections, provenance = {} } = data;
  const interactive = viewerScript !== undefined && sections.some(({ figures = [] }) => figures.some(({ kind }) => kind === 'meshes'));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${subtitle !== undefined && html`<p class="subtitle">${subtitle}</p>`}
          ${headline.length > 0 && html`<dl class="headline">${headline.map(headlineItem)}</dl>`}
          ${
            sections.length > 2 &&
            html`<nav aria-label="Sections">
              <ol>
                ${sections.map(link)}
              </ol>
            </nav>`
          }
        </header>
        <main>${sections.map((section, i) => sectionMarkup(section, i, interactive))}</main>
        ${footer(Object.entries(provenance))}
        ${
          interactive &&
          html`<script>
            ${trusted(scriptText(viewerScript))};
          </script>`
        }
      </body>
    </html> `;
  return page.markup;
}

const CONTENT_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const headlineItem = ({ label, value, note, verdict }: Headline): Html =>
  html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
    ${verdict !== undefined && html`<dd class="verdict ${verdict}">${verdict}</dd>`}
    ${note !== undefined && html`<dd class="note">${note}</dd>`}
  </div>`;

const link = ({ title }: ReportSection, i: number): Html => html`<li><a href="#section-${i + 1}">${title}</a></li>`;

function sectionMarkup({ title, text = [], figures = [] }: ReportSection, index: number, interactive: boolean): Html {
  const paragraphs = typeof text === 'string' ? [text] : text;
  const markup = (figure: ReportFigure, i: number) =>
    figureMarkup(figure, { id: `figure-${index + 1}-${i + 1}`, wide: isWide(figures, i), interactive });
  return html`<section id="section-${index + 1}">
    <h2>${title}</h2>
    ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    ${figures.length > 0 && html`<div class="figures">${figures.map(markup)}</div>`}
  </section>`;
}

interface Place {
  /** Unique in the page. */
  readonly id: string;
  readonly wide: boolean;
  readonly interactive: boolean;
}

function figureMarkup(figure: ReportFigure, place: Place): Html {
  const { title, caption } = figure;
  return html`<figure id="${place.id}" ${place.wide && html` class="wide"`}>
    ${title !== undefined && html`<h3>${title}</h3>`} ${content(figure, place)}
    ${caption !== undefined && html`<figcaption>${caption}</figcaption>`} ${figure.kind === 'chart' && chartValues(figure)}
  </figure>`;
}

function content(figure: ReportFigure, place: Place): Html {
  switch (figure.kind) {
    case 'chart':
      return chartFigure(figure, place);
    case 'heatmap':
      return heatmapFigure(figure);
    case 'table':
      return tableFigure(figure);
    case 'pictures':
      return picturesFigure(figure);
    case 'meshes':
      return meshesFigure(figure, place);
  }
}

/** Charts and heatmaps are shown in pairs. The last of an odd number takes the whole width, as all other figures do. */
function isWide(figures: readonly ReportFigure[], index: number): boolean {
  const paired = ({ kind, wide }: ReportFigure) => wide !== true && (kind === 'chart' || kind === 'heatmap');
  const figure = figures[index]!;
  if (figure.wide !== undefined || !paired(figure)) return figure.wide ?? true;
  const start = figures.findLastIndex((other, i) => i < index && !paired(other)) + 1;
  const last = index + 1 === figures.length || !paired(figures[index + 1]!);
  return last && (index - start) % 2 === 0;
}

const footer = (entries: readonly (readonly [string, string | number])[]): Html | undefined =>
  entries.length === 0
    ? undefined
    : html`<footer>
        <h2>Where this comes from</h2>
        <dl>
          ${entries.map(
            ([key, value]) =>
              html`<div>
                <dt>${key}</dt>
                <dd>${value}</dd>
              </div>`,
          )}
        </dl>
      </footer>`;

/** The text of a script must not end its element or open a comment. Such text can only be inside strings and regular expressions. */
const scriptText = (script: string): string => script.replace(/<(?=\/script|!--|script)/gi, '\\x3C');
