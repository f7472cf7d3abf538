import pixelmatch from 'pixelmatch';

/** RGBA. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How two pictures differ. */
export interface PictureDifference {
  /** Pixels that differ, as a share of all. */
  readonly share: number;
  /** Pixels that differ in the square of 30 pixels where most do: a part that vanished is small beside the whole. */
  readonly worst: number;
  /** Where they differ, in red, to look at. */
  readonly shown: Pixels;
}

const windowSize = 30;
/** Of a color's distance, from 0 to 1: smaller ones nobody sees. */
const threshold = 0.04;

/** Undefined if their sizes differ. */
export function pictureDifference(a: Pixels, b: Pixels): PictureDifference | undefined {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) return undefined;
  const shown = new Uint8Array(4 * width * height);
  const count = pixelmatch(a.data, b.data, shown, width, height, { threshold });
  const most = count === 0 ? 0 : pixelmatch(a.data, b.data, undefined, width, height, { threshold, windowSize });
  return { share: count / (width * height), worst: most, shown: { width, height, data: shown } };
}
