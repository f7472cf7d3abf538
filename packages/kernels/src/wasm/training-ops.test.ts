import '@netspace/kernels/wasm';
import { describe, it } from 'vitest';

import { expectSameAsCpu, gradientsOf } from '../testing/compare.js';
import { forwardOps, trainingOps } from '../testing/training-ops.js';

describe.each(trainingOps)('$name on wasm', ({ inputs, run }) => {
  it('has the value of cpu', () => expectSameAsCpu('wasm', inputs, run));
  it('has the gradients of cpu', () => expectSameAsCpu('wasm', inputs, gradientsOf(run)));
});

describe.each(forwardOps)('$name on wasm', ({ inputs, run }) => {
  it('has the value of cpu', () => expectSameAsCpu('wasm', inputs, run));
});
