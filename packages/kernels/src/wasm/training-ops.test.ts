import '@netspace/kernels/wasm';
import '@netspace/kernels/gradients';
import { expectSameAsCpu, gradientsOf, forwardOps, highRankOps, layerOps, trainingOps } from '@netspace/testing';
import { describe, it } from 'vitest';

describe.each([...trainingOps, ...highRankOps, ...layerOps])('$name on wasm', ({ inputs, run }) => {
  it('has the value of cpu', () => expectSameAsCpu('wasm', inputs, run));
  it('has the gradients of cpu', () => expectSameAsCpu('wasm', inputs, gradientsOf(run)));
});

describe.each(forwardOps)('$name on wasm', ({ inputs, run }) => {
  it('has the value of cpu', () => expectSameAsCpu('wasm', inputs, run));
});
