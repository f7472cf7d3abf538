import { expect, it } from 'vitest';

import { joinBytes } from './join-bytes.js';

it('joins parts in order, views of larger buffers too, into an array that shares none of them', () => {
  const view = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const joined = joinBytes([view, new Uint8Array(), Uint8Array.of(3)]);
  view[0] = 7;
  expect([...joined]).toEqual([1, 2, 3]);
  expect(joined.buffer.byteLength).toBe(3);
  expect(joinBytes([])).toHaveLength(0);
});
