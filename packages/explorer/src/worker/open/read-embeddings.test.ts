import { describe, expect, it } from 'vitest';

import { f32, tensors, u8 } from '../testing/safetensors-bytes.js';
import { readKnown } from './read-embeddings.js';

describe('readKnown', () => {
  it('gives rows of the space, however many', () => {
    expect([...readKnown(tensors({ embeddings: f32([3, 2], 0.5) }), 'known.safetensors', 2)]).toEqual(Array(6).fill(0.5));
  });
  it.each([
    [{ embeddings: f32([3, 4]) }, /known\.safetensors: expected rows of 2 numbers, got shape \[3,4\]/],
    [{ embeddings: f32([0, 2]) }, /got shape \[0,2\]/],
    [{ embeddings: f32([6]) }, /got shape \[6\]/],
    [{ embeddings: u8([3, 2]) }, /expected F32 or F16, got U8/],
    [{ embeddings: f32([3, 2], NaN) }, /expected finite numbers, got NaN in row 0/],
    [{ other: f32([3, 2]) }, /expected a tensor embeddings, got other/],
  ])('refuses another file: %#', (named, words) => {
    expect(() => readKnown(tensors(named), 'known.safetensors', 2)).toThrow(words);
  });
});
