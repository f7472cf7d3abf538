import { describe, expect, it } from 'vitest';

import { placesLabel, shortened } from './words.js';

describe('shortened', () => {
  it('leaves out the middle, and no half of a number at the end', () => {
    expect(shortened('vanilla-cnn-1x28x28-10-w0.25-s37-n555', 25)).toBe('vanilla-cnn-1x2…-s37-n555');
    expect(shortened('x'.repeat(30), 25)).toBe(`${'x'.repeat(12)}…${'x'.repeat(12)}`);
    expect(shortened('lenet-like-s1', 25)).toBe('lenet-like-s1');
  });
});

describe('placesLabel', () => {
  it('says that figures are of refined encodings, or of guesses, and nothing of an encoder that was trained', () => {
    expect(placesLabel({ refineSteps: 300, freeEmbeddings: true })).toMatch(/refined encodings, each moved in 300 steps/);
    expect(placesLabel({ freeEmbeddings: true })).toMatch(/free embeddings\..* guesses of its encoder/);
    expect(placesLabel({})).toBeUndefined();
  });
});
