import { printable } from './printable.js';

/**
 * A measure as a cell. Mean squared errors are written with three significant digits: those of fitted shapes are about 1e-5.
 */
export const measureCell = (name: string, value: number | undefined): string | number | undefined =>
  value !== undefined && /mse/i.test(name) ? value.toExponential(2) : value;

/** Rows of text in aligned columns; numbers to the right, fractions with three digits. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(toText))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const isNumber = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}

const toText = (value: string | number | null | undefined): string =>
  value === null || value === undefined
    ? '–'
    : typeof value === 'string'
      ? oneLine(value)
      : Number.isInteger(value)
        ? String(value)
        : value.toFixed(3);

/** A name with a newline must not look like two rows. */
const oneLine = (text: string): string => printable(text.replaceAll('\n', '\\n').replaceAll('\t', '\\t'));
