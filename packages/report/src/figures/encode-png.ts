import { NetSpaceError } from '@netspace/prep';
import { encode } from 'fast-png';

import type { Picture } from '@netspace/shapes';

/**
 * Encodes a picture as a PNG file.
 *
 * @returns the bytes of the file
 * @throws NetSpaceError `SHAPE_MISMATCH` if the data is not 4 bytes a pixel
 * @example
 * ```ts
 * import { encodePng } from '@netspace/report/pictures';
 *
 * const png = encodePng({ width: 1, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255) });
 * console.log(String.fromCharCode(...png.subarray(1, 4))); // PNG
 * ```
 */
export function encodePng({ width, height, data }: Picture): Uint8Array {
  if (data.length !== width * height * 4) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `encodePng: expected ${width}×${height}×4 = ${width * height * 4} bytes of RGBA, got ${data.length}`,
    );
  }
  return encode({ width, height, data, channels: 4, depth: 8 });
}
