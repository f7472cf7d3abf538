import type { ValueFormat } from '../page/report-data.js';

/** Writes a number for a reader: percentages with one digit, other numbers with three significant ones. */
export function formatValue(value: number, format: ValueFormat = 'number'): string {
  if (!Number.isFinite(value)) return String(value);
  if (format === 'percent') return `${trim((100 * value).toFixed(1))}\u00a0%`;
  if (format === 'integer') return group(Math.round(value));
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return group(Math.round(value));
  return magnitude < 1e-3 ? value.toExponential(1).replace('.0e', 'e') : trim(value.toPrecision(3));
}

/** The same for the ticks of an axis, which have little room: 100,000 is `100k`. */
export function formatTick(value: number, format: ValueFormat = 'number'): string {
  if (format === 'percent' || Math.abs(value) < 10_000) return formatValue(value, format);
  return Math.abs(value) < 1e6 ? `${trim((value / 1e3).toPrecision(3))}k` : `${trim((value / 1e6).toPrecision(3))}M`;
}

const trim = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
const group = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
