import { NetSpaceError } from '@netspace/prep';

import { formatValue } from '../charts/format-value.js';
import { html, type Html } from '../page/html.js';
import type { TableFigure } from '../page/report-data.js';

export function tableFigure(figure: TableFigure): Html {
  const wrong = figure.rows.findIndex((row) => row.length !== figure.columns.length);
  if (wrong >= 0) {
    const name = figure.title ?? figure.columns.map(({ label }) => label).join(', ');
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `renderReport: table "${name}" expected ${figure.columns.length} cells a row, got ${figure.rows[wrong]!.length} in row ${wrong}`,
    );
  }
  return tableMarkup(figure);
}

/** A table that scrolls sideways if need be; columns of numbers are aligned right. */
export function tableMarkup({ columns, rows }: TableFigure): Html {
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const alignment = (i: number) => numeric[i] && html` class="number"`;
  const cell = (value: string | number | null, i: number): Html =>
    html`<td${alignment(i)}>${value === null ? '–' : typeof value === 'number' ? formatValue(value, columns[i]?.format) : value}</td>`;
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map(({ label }, i) => html`<th scope="col" ${alignment(i)}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
