import { describe, expect, it } from 'vitest';

import { pictureDifference, type Pixels } from './picture-difference.js';

const plain = (width: number, height: number, gray: number): Pixels => ({
  ...{ width, height },
  data: Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : gray)),
});
const withSquare = (side: number): Pixels => {
  const picture = plain(120, 120, 250);
  for (let y = 60; y < 60 + side; y++) for (let x = 0; x < side; x++) picture.data.set([20, 20, 20], 4 * (y * 120 + x));
  return picture;
};

describe('pictureDifference', () => {
  it('is nothing for the same picture, and for shades that nobody sees', () => {
    expect(pictureDifference(plain(120, 120, 250), plain(120, 120, 250))).toMatchObject({ share: 0, worst: 0 });
    expect(pictureDifference(plain(120, 120, 250), plain(120, 120, 247))!.share).toBe(0);
  });
  it('counts pixels, of all and of the square where most differ', () => {
    const { share, worst } = pictureDifference(plain(120, 120, 250), withSquare(30))!;
    expect(share).toBeCloseTo(900 / 14400, 2);
    expect(worst).toBe(900);
  });
  it('is undefined for pictures of another size', () => {
    expect(pictureDifference(plain(10, 10, 0), plain(10, 11, 0))).toBeUndefined();
  });
});
