import type { Sample } from '../worker/messages/protocol.js';

/** Height, width and channels of an image. */
export type ImageSize = Pick<Sample, 'height' | 'width' | 'channels'>;

/** Width of a pen's stroke as a share of the image's: about that of MNIST's digits. */
const STROKE = 0.04;

export const blank = ({ height, width, channels }: ImageSize): Uint8Array<ArrayBuffer> => new Uint8Array(height * width * channels);

/** The image with a line drawn from one point to another, in pixels: white, soft at its edges. */
export function drawnLine(
  image: Uint8Array<ArrayBuffer>,
  { height, width, channels }: ImageSize,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
): Uint8Array<ArrayBuffer> {
  const next = image.slice();
  const radius = Math.max(0.6, STROKE * width);
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
      const off = Math.hypot(ax + along * (bx - ax) - px, ay + along * (by - ay) - py);
      const value = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - off)));
      for (let c = 0; c < channels; c++) {
        const i = (y * width + x) * channels + c;
        if (value > next[i]!) next[i] = value;
      }
    }
  }
  return next;
}

/** The image moved by whole pixels so that its center of mass is in the middle, as MNIST's digits are. */
export function centered(image: Uint8Array<ArrayBuffer>, { height, width, channels }: ImageSize): Uint8Array<ArrayBuffer> {
  const known = CENTERED.get(image);
  if (known !== undefined) return known;
  let [mass, mx, my] = [0, 0, 0];
  for (let i = 0; i < image.length; i++) {
    const at = Math.floor(i / channels);
    mass += image[i]!;
    mx += image[i]! * (at % width);
    my += image[i]! * Math.floor(at / width);
  }
  const moved = mass === 0 ? image : blank({ height, width, channels });
  if (mass > 0) {
    const [dx, dy] = [Math.round((width - 1) / 2 - mx / mass), Math.round((height - 1) / 2 - my / mass)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [fx, fy] = [x - dx, y - dy];
        if (fx < 0 || fy < 0 || fx >= width || fy >= height) continue;
        const from = (fy * width + fx) * channels;
        moved.set(image.subarray(from, from + channels), (y * width + x) * channels);
      }
    }
  }
  CENTERED.set(image, moved);
  return moved;
}

const CENTERED = new WeakMap<Uint8Array, Uint8Array<ArrayBuffer>>();

/** An image file in the sample's size. A dark figure on a light ground is inverted where the sample's images are gray. */
export async function imageFromFile(file: Blob, size: ImageSize): Promise<Uint8Array<ArrayBuffer>> {
  const { height, width, channels } = size;
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  // The middle square: a stretched digit is another digit.
  const side = Math.min(bitmap.width, bitmap.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const image = blank(size);
  const ground = groundOf(data);
  for (let i = 0; i < height * width; i++) {
    const alpha = data[4 * i + 3]! / 255;
    const [r, g, b] = [0, 1, 2].map((c) => alpha * data[4 * i + c]! + (1 - alpha) * ground) as [number, number, number];
    if (channels === 1) image[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else for (let c = 0; c < channels; c++) image[i * channels + c] = Math.round([r, g, b][c % 3]!);
  }
  if (channels > 1) return image;
  const edge = image.filter((_, i) => i < width || i >= width * (height - 1) || i % width === 0 || i % width === width - 1);
  const isLight = edge.reduce((sum, value) => sum + value, 0) / edge.length > 127;
  return isLight ? image.map((value) => 255 - value) : image;
}

/** What lies behind a picture that is clear in places: white behind a dark figure, black behind a light one. */
function groundOf(data: Uint8ClampedArray): number {
  let [light, opaque] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    light += data[i + 3]! * (0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!);
    opaque += data[i + 3]!;
  }
  return light > 127 * opaque ? 0 : 255;
}

/** An image as RGBA, for a canvas. */
export function rgba(image: Uint8Array, { height, width, channels }: ImageSize): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(4 * height * width);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = image[i * channels + (channels === 1 ? 0 : c)] ?? 0;
    data[4 * i + 3] = 255;
  }
  return data;
}
