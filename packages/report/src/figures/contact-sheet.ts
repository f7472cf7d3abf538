import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions, whole, withDefault } from '@netspace/prep/internal';
import type { Picture } from '@netspace/shapes';
import { rgb } from '@netspace/shapes/internal';

/** See {@link ContactSheetOptions}. */
export const contactSheetOptions = objectOf({
  /**
   * Pixels around each picture.
   * @default 6
   */
  gap: withDefault(whole, 6),
  /**
   * The color behind the pictures.
   * @default [255, 255, 255], white
   */
  ground: withDefault(rgb, [255, 255, 255]),
});

/** Options of {@link contactSheet}. */
export interface ContactSheetOptions extends GivenBy<typeof contactSheetOptions> {}

/**
 * Many pictures as one, in rows. The ground is opaque, so that the color of a page does not matter. A missing picture leaves a gap.
 *
 * @param rows pictures of one size; cells are as large as the largest
 * @throws NetSpaceError `INVALID_OPTION` if there is no picture at all, or for options that are unknown or wrong
 * @example
 * ```ts
 * import { contactSheet } from '@netspace/report/pictures';
 *
 * const gray = { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(128) };
 * const { width, height } = contactSheet([[gray, gray], [undefined, gray]], { gap: 1 });
 * console.log(width, height); // 7 7
 * ```
 */
export function contactSheet(rows: readonly (readonly (Picture | undefined)[])[], options: ContactSheetOptions = {}): Picture {
  const { gap, ground } = parseOptions('contactSheet', contactSheetOptions, options);
  const pictures = rows.flat().filter((picture) => picture !== undefined);
  if (pictures.length === 0) throw new NetSpaceError('INVALID_OPTION', 'contactSheet: expected at least one picture, got none');
  const [cellWidth, cellHeight] = [Math.max(...pictures.map(({ width }) => width)), Math.max(...pictures.map(({ height }) => height))];
  const columns = Math.max(...rows.map((row) => row.length));
  const [width, height] = [columns * (cellWidth + gap) + gap, rows.length * (cellHeight + gap) + gap];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set([...ground, 255], i);
  rows.forEach((row, y) =>
    row.forEach((picture, x) => {
      if (picture !== undefined) lay(picture, { width, data, left: gap + x * (cellWidth + gap), top: gap + y * (cellHeight + gap) });
    }),
  );
  return { width, height, data };
}

/** Draws a translucent picture over the pixels that are there. */
function lay(
  picture: Picture,
  { width, data, left, top }: { readonly width: number; readonly data: Uint8ClampedArray; readonly left: number; readonly top: number },
): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = (y * picture.width + x) * 4;
      const to = ((top + y) * width + left + x) * 4;
      const alpha = picture.data[from + 3]! / 255;
      for (let c = 0; c < 3; c++) data[to + c] = alpha * picture.data[from + c]! + (1 - alpha) * data[to + c]!;
    }
  }
}
