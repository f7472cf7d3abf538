import { NetSpaceError, parameterCount, type ParameterSpec } from '@netspace/prep';
import {
  count,
  flag,
  type GivenBy,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  positive,
  valueOf,
  withDefault,
} from '@netspace/prep/internal';

import { divergingColor } from './diverging-color.js';
import type { Picture } from '@netspace/shapes';

const isSpec = (value: unknown): boolean => typeof value === 'object' && value !== null && 'name' in value && 'shape' in value;

/** See {@link PRepPictureOptions}. */
export const prepPictureOptions = objectOf({
  /**
   * The parameters that the PRep holds. They tell where parameters end and padding begins.
   * @default everything after the last non-zero is padding
   */
  parameters: optional(
    valueOf<readonly ParameterSpec[]>('the parameters of an architecture', (value) => Array.isArray(value) && value.every(isSpec)),
  ),
  /**
   * In pixels; a PRep of more columns is reduced, one of fewer is enlarged.
   * @default 960
   */
  width: withDefault(count, 960),
  /**
   * In pixels; the same for rows.
   * @default 96
   */
  height: withDefault(count, 96),
  /**
   * The value with the strongest color.
   * @default the 99th percentile of the magnitudes, so that outliers do not bleach the rest
   */
  scale: optional(positive),
  /**
   * The value that a pixel shows: the one of the largest magnitude in its block, or the mean of the block.
   * @default 'max'
   */
  reduce: withDefault(oneOf(['max', 'mean']), 'max'),
  /**
   * Draws a line where each parameter begins; needs `parameters`.
   * @default false
   */
  boundaries: withDefault(flag, false),
});

/** Options of {@link prepPicture}. */
export interface PRepPictureOptions extends GivenBy<typeof prepPictureOptions> {}

/**
 * Paints a PRep: parameters blue below zero, white at zero and red above; padding is translucent gray.
 *
 * Pixel (x, y) shows the block of values in columns [xW/w, (x+1)W/w) and rows [yH/h, (y+1)H/h).
 *
 * @param rows of a PRep `[H, W]`; `await prep.array()` reads them off a tensor
 * @returns RGBA, `width` × `height` pixels
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PRep is empty, ragged or too small for `parameters`, `INVALID_OPTION` for
 * options that are unknown or wrong, or if boundaries are asked for without `parameters`
 * @example
 * ```ts
 * import { prepPicture } from '@netspace/report/pictures';
 *
 * const { width, height, data } = prepPicture([[0, 1], [-1, 0]], { width: 2, height: 2 });
 * console.log(width, height, data.length); // 2 2 16
 * ```
 */
export function prepPicture(rows: readonly ArrayLike<number>[], options: PRepPictureOptions = {}): Picture {
  const { parameters, width, height, scale, reduce, boundaries } = parseOptions('prepPicture', prepPictureOptions, options);
  const { values, columns } = flatten(rows);
  if (boundaries && parameters === undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'prepPicture: boundaries need the parameters of the architecture; pass its `parameters`');
  }
  const used = parameters ? parameterCount(parameters) : values.findLastIndex((value) => value !== 0) + 1;
  if (used > values.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `prepPicture: expected a PRep of at least ${used} values for the given parameters, got ${rows.length}×${columns}`,
    );
  }
  const strongest = scale ?? percentile(values.subarray(0, used), 0.99);
  const data = new Uint8ClampedArray(width * height * 4);
  const pixels = new Uint32Array(data.buffer); // a page paints such pictures during a drag
  const grid = { width, height, columns, rows: rows.length };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = blockValue({ values, columns, used }, grid, x, y, reduce);
      pixels[i] = value === undefined ? PADDING : SHADES[Math.round((Math.min(1, Math.max(-1, value / strongest)) + 1) * MIDDLE)]!;
    }
  }
  if (boundaries && parameters) drawBoundaries(data, parameters, grid);
  return { width, height, data };
}

/** Four bytes as the pixels of a picture have them, whatever the machine's order of bytes. */
const packed = (...rgba: readonly number[]): number => new Uint32Array(Uint8Array.from(rgba).buffer)[0]!;

const PADDING = packed(128, 128, 128, 56);
/** The place of white among the shades. There are more shades than 8 bits of a color can distinguish. */
const MIDDLE = 1024;
const SHADES = Uint32Array.from({ length: 2 * MIDDLE + 1 }, (_, i) => packed(...divergingColor(i / MIDDLE - 1), 255));
const BOUNDARY = [
  [-1, [255, 255, 255, 255]],
  [1, [255, 255, 255, 255]],
  [0, [0, 0, 0, 255]],
] as const;

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

function flatten(rows: readonly ArrayLike<number>[]): { readonly values: Float32Array; readonly columns: number } {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0 || rows.some((row) => row.length !== columns)) {
    const lengths = rows.map((row) => row.length).join(', ');
    throw new NetSpaceError('SHAPE_MISMATCH', `prepPicture: expected a PRep [H, W] of equally long rows, got rows of [${lengths}] values`);
  }
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, y) => values.set(row, y * columns));
  return { values, columns };
}

/**
 * The value that pixel (x, y) shows for the parameters in its block; undefined if the block holds only padding. A block is never empty. The
 * code makes no lists, because it runs for each pixel.
 */
function blockValue(
  { values, columns, used }: { readonly values: Float32Array; readonly columns: number; readonly used: number },
  { width, height, rows }: Grid,
  x: number,
  y: number,
  reduce: 'max' | 'mean',
): number | undefined {
  const [top, left] = [Math.floor((y * rows) / height), Math.floor((x * columns) / width)];
  const bottom = Math.max(top + 1, Math.floor(((y + 1) * rows) / height));
  const right = Math.max(left + 1, Math.floor(((x + 1) * columns) / width));
  let [count, sum, largest] = [0, 0, 0];
  for (let row = top; row < bottom; row++) {
    const end = Math.min(row * columns + right, used);
    for (let i = row * columns + left; i < end; i++) {
      const value = values[i]!;
      count += 1;
      sum += value;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
  }
  if (count === 0) return undefined;
  return reduce === 'max' ? largest : sum / count;
}

function percentile(values: Float32Array, fraction: number): number {
  const magnitudes = values.map(Math.abs).sort();
  return magnitudes[Math.min(magnitudes.length - 1, Math.floor(fraction * magnitudes.length))] || 1; // all zero: any scale will do
}

/** A black line on white, as high as a row of the PRep, at the left of each parameter but the first. */
function drawBoundaries(data: Uint8ClampedArray, parameters: readonly ParameterSpec[], { width, height, columns, rows }: Grid): void {
  let start = 0;
  for (const spec of parameters.slice(0, -1)) {
    start += parameterCount([spec]);
    const row = Math.floor(start / columns);
    const x = Math.floor(((start % columns) * width) / columns);
    const top = Math.floor((row * height) / rows);
    for (let y = top; y < Math.max(top + 1, Math.floor(((row + 1) * height) / rows)); y++) {
      for (const [beside, color] of BOUNDARY) {
        if (x + beside >= 0 && x + beside < width) data.set(color, (y * width + x + beside) * 4);
      }
    }
  }
}
