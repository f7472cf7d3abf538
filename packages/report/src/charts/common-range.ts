import type { ChartAxis } from '../page/report-data.js';

export interface AxisRange {
  readonly min: number;
  readonly max: number;
  /** Between two ticks; none on a logarithmic axis. */
  readonly interval?: number;
}

interface Plane {
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/**
 * One range for both axes, so that the line y = x leads from corner to corner and the distance of a point to it is visible. It holds every
 * point and the limits of the axes. Undefined if there is no point, or if only one axis is logarithmic.
 */
export function commonRange({ x, y, points }: Plane): AxisRange | undefined {
  const values = [...points.flat(), ...[x.min, x.max, y.min, y.max].filter((limit) => limit !== undefined)];
  if (points.length === 0 || (x.scale ?? 'linear') !== (y.scale ?? 'linear')) return undefined;
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  if (x.scale === 'log') return { min: 10 ** Math.floor(Math.log10(least)), max: 10 ** Math.ceil(Math.log10(most)) };
  const size = Math.max(Math.abs(least), Math.abs(most), TINY);
  const spread = most - least > 1e-9 * size ? most - least : size > TINY ? size : 1; // values that differ by rounding alone are one value
  const interval = niceStep(spread / 5);
  const tick = (value: number, round: (ratio: number) => number): number => Number((round(value / interval) * interval).toPrecision(12));
  const [min, max] = [tick(least, Math.floor), tick(most, Math.ceil)];
  return min < max ? { min, max, interval } : { min: min - interval, max: max + interval, interval };
}

/** Values no larger than this are 0 to a chart. */
const TINY = 1e-300;

/** The smallest of 1, 2, 5 times a power of ten that is not below a number. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}
