import { describe, expect, it } from 'vitest';

import { diverged, divergenceOf } from './divergence.js';
import { NetSpaceError } from '../errors.js';

describe('a diverged training', () => {
  it('gives its numbers back, and says them in words', () => {
    const where = { after: 12, step: 15, term: 'the loss term kd' };
    const error = diverged('trainNetSpace', where, 'lower learningRate');
    expect(divergenceOf(error)).toEqual(where);
    expect(error.message).toBe(
      'trainNetSpace: expected finite losses and weights, got the loss term kd that is NaN or infinite between steps 13 and 15; lower learningRate',
    );
  });
  it('names the one step where each is looked at', () => {
    expect(diverged('fit', { after: 4, step: 5, term: 'the loss' }, 'lower learningRate').message).toContain('infinite at step 5;');
  });
  it.each([
    ['no error', undefined],
    ['an error of the language', new RangeError('another')],
    ['an error of another code', new NetSpaceError('ABORTED', 'stopped', { cause: { after: 1, step: 2, term: 'x' } })],
    ['one that somebody made without a cause', new NetSpaceError('DIVERGED', 'mine')],
    ['one whose cause is an error', new NetSpaceError('DIVERGED', 'mine', { cause: new Error('NaN') })],
    ['one whose cause has a step alone', new NetSpaceError('DIVERGED', 'mine', { cause: { step: 1 } })],
  ])('has no numbers in %s', (_, error) => {
    expect(divergenceOf(error)).toBeUndefined();
  });
});
