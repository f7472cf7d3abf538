import { NetSpaceError } from '@netspace/prep';

import { formatValue } from '../charts/format-value.js';
import { html, type Html } from '../page/html.js';
import type { TableFigure, ValueFormat } from '../page/report-data.js';

export function tableFigure(figure: TableFigure): Html {
  checkTable(figure);
  return tableMarkup(figure);
}

/** Throws if a row does not have one cell for each column. */
export function checkTable(figure: TableFigure): void {
  const wrong = figure.rows.findIndex((row) => row.length !== figure.columns.length);
  if (wrong >= 0) {
    const name = figure.title ?? figure.columns.map(({ label }) => label).join(', ');
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `renderReport: table "${name}" expected ${figure.columns.length} cells a row, got ${figure.rows[wrong]!.length} in row ${wrong}`,
    );
  }
}

/** Most columns that a phone shows side by side. */
const NARROW_COLUMNS = 3;

/**
 * A table; columns of numbers are aligned right. On a narrow page each row of a table with many columns becomes a block: its first cell is
 * the title, and the others are below it with the names of their columns. The roles keep it a table for screen readers.
 */
export function tableMarkup({ columns, rows }: TableFigure): Html {
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const alignment = (i: number) => numeric[i] && html` class="number"`;
  const cell = (value: string | number | null, i: number): Html =>
    html`<td role="cell" data-label="${columns[i]!.label}" ${alignment(i)}>${cellText(value, columns[i]!.format)}</td>`;
  return html`<div class="scroll" tabindex="0">
    <table role="table" ${columns.length > NARROW_COLUMNS && html` class="blocks"`}>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map(({ label }, i) => html`<th role="columnheader" scope="col" ${alignment(i)}>${label}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr role="row">
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The text of a cell of a table. */
export const cellText = (value: string | number | null, format: ValueFormat | undefined): string =>
  value === null ? '–' : typeof value === 'number' ? formatValue(value, format) : value;
