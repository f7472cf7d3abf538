import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { channelPermutation } from './channel-permutation.js';

/** Two linear layers behind an image of two channels and three pixels. */
const layout = {
  name: 'two-layers',
  parameters: [
    { name: 'image.bias', shape: [2], channels: ['image'] },
    { name: 'hidden.weight', shape: [4, 6], channels: ['hidden', 'image'] },
    { name: 'hidden.bias', shape: [4], channels: ['hidden'] },
    { name: 'out.weight', shape: [2, 4], channels: [undefined, 'hidden'] },
    { name: 'out.bias', shape: [2] },
  ],
} as const;
const identity = (_: string, count: number) => [...Array(count).keys()];
const places = Array.from({ length: 2 + 24 + 4 + 8 + 2 }, (_, i) => i);
const orders = (count: number) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count });

describe('channelPermutation', () => {
  it('moves nothing for orders that move nothing, or where no channels are named', () => {
    expect([...channelPermutation(layout, identity)]).toEqual(places);
    const unnamed = { ...layout, parameters: layout.parameters.map(({ name, shape }) => ({ name, shape })) };
    expect([...channelPermutation(unnamed, (_, count) => identity('', count).reverse())]).toEqual(places);
  });
  it('moves the rows, the columns and the biases of a group together, pixels with their channel', () => {
    fc.assert(
      fc.property(orders(2), orders(4), (image, hidden) => {
        const source = channelPermutation(layout, (channels) => (channels === 'image' ? image : hidden));
        const expected = [
          ...image,
          ...hidden.flatMap((row) => image.flatMap((channel) => [0, 1, 2].map((pixel) => 2 + row * 6 + channel * 3 + pixel))),
          ...hidden.map((row) => 26 + row),
          ...[0, 1].flatMap((row) => hidden.map((column) => 30 + row * 4 + column)),
          ...[38, 39],
        ];
        expect([...source]).toEqual(expected);
      }),
    );
  });
  it('refuses orders that are no permutation', () => {
    expect(() => channelPermutation(layout, () => [0, 1])).toThrow(/a permutation of the 4 channels of hidden/);
    expect(() => channelPermutation(layout, (_, count) => Array<number>(count).fill(0))).toThrow(
      /a permutation of the 2 channels of image/,
    );
  });
  it('refuses an axis that is no multiple of its channels', () => {
    const odd = { name: 'odd', parameters: [{ name: 'w', shape: [3, 2], channels: ['a', 'a'] }] };
    expect(() => channelPermutation(odd, identity)).toThrow(/axis 0 of w to be a multiple of the 2 channels of a, got 3/);
  });
});
