import { parameterCount, type ParameterSpec } from '@netspace/prep';
import { prepPicture } from '@netspace/report/pictures';

import type { Picture } from './messages/protocol.js';

/** Largest picture that is painted, in pixels along a side. */
const LARGEST = 4096;
/** Values that decide the strongest color; of more, evenly spread ones. */
const LOOKED_AT = 4096;

/** Paints a PRep `[H, W]` whose values are given row by row. */
export function paintPRep(
  values: Float32Array,
  [rows, columns]: readonly [number, number],
  parameters: readonly ParameterSpec[],
  size: { readonly width: number; readonly height: number },
): Picture {
  const [width, height] = [size.width, size.height].map((side) => Math.max(1, Math.min(LARGEST, Math.floor(side)))) as [number, number];
  const lines = Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
  const scale = strongest(values.subarray(0, parameterCount(parameters)));
  const { data } = prepPicture(lines, { parameters, width, height, scale });
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** The 99th percentile of the magnitudes, so that outliers do not bleach the rest. */
function strongest(values: Float32Array): number {
  const count = Math.min(values.length, LOOKED_AT);
  const magnitudes = Float32Array.from({ length: count }, (_, i) => Math.abs(values[Math.floor((i * values.length) / count)]!)).sort();
  const value = magnitudes[Math.min(count - 1, Math.floor(0.99 * count))] ?? 0;
  return Number.isFinite(value) && value > 0 ? value : 1;
}
