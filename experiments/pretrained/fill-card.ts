/**
 * Fills `{{path.to.a.number}}` in a text with what stands there in some facts; `{{path|3}}` has three significant digits, `{{path|%}}`
 * is a percentage, `{{path|rows}}` a Markdown table of a list of records, `{{path|record}}` one of a single record.
 *
 * @throws Error if a path leads nowhere: a card must not have holes
 */
export const fillCard = (template: string, facts: object): string =>
  template.replace(/\{\{\s*([^|}]+?)\s*(?:\|\s*(\S+?)\s*)?\}\}/g, (_, path: string, format: string | undefined) => {
    const value = path.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), facts);
    if (value === undefined || value === null) throw new Error(`fillCard: expected ${path} in the facts, got nothing`);
    return formatted(value, format);
  });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function formatted(value: unknown, format: string | undefined): string {
  if (format === 'record') return table(Object.entries(value as object).map(([measure, result]) => ({ measure, result: result as unknown })));
  if (format === 'rows') return table(value as readonly Readonly<Record<string, unknown>>[]);
  if (typeof value !== 'number' || format === undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  return format === '%' ? `${(100 * value).toFixed(1)} %` : plainNumber(value, Number(format));
}

/** Whole numbers stay whole: a count of 4408 is not 4410. */
const plainNumber = (value: number, digits: number): string =>
  Number.isInteger(value) ? String(value) : Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(digits - 1) : `${Number(value.toPrecision(digits))}`;

function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => (typeof value === 'number' ? plainNumber(value, 3) : String(value));
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}
