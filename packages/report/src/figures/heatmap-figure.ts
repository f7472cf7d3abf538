import { NetSpaceError } from '@netspace/prep';

import { formatValue } from '../charts/format-value.js';
import { html, trusted, type Html } from '../page/html.js';
import type { HeatmapFigure } from '../page/report-data.js';

/** A matrix as a table. The larger a value, the darker is its cell. */
export function heatmapFigure({ title, rows, columns, values, format }: HeatmapFigure): Html {
  if (values.length !== rows.names.length || values.some((row) => row.length !== columns.names.length)) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `renderReport: heatmap "${title ?? rows.label}" expected ${rows.names.length} rows of ${columns.names.length} values, got rows of ` +
        `[${values.map((row) => row.length).join(', ')}]`,
    );
  }
  const largest = values.flat().reduce((a, b) => Math.max(a, b), 0) || 1;
  const cell = (value: number): Html => {
    const share = Math.max(0, value) / largest;
    const style = trusted(`--share: ${Math.round(8 + 92 * share)}%; color: var(${share > 0.5 ? '--on-series' : '--text'})`);
    return html`<td style="${style}">${formatValue(value, format)}</td>`;
  };
  const row = (name: string, i: number): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      ${values[i]!.map(cell)}
    </tr>`;
  const count = columns.names.length;
  const narrowest = trusted(`min-width: ${(count + 2) * 26}px`);
  return html`<div class="scroll" tabindex="0">
    <table class="heatmap" style="${narrowest}">
      <thead>
        <tr>
          <td style="${trusted(`width: ${Math.round(160 / (count + 1.6))}%`)}"></td>
          <th scope="colgroup" colspan="${count}">${columns.label}</th>
        </tr>
        <tr>
          <th>${rows.label}</th>
          ${columns.names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.names.map(row)}
      </tbody>
    </table>
  </div>`;
}
