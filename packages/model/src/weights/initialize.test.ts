import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { type ConfigOptions, resolveConfig } from '../config.js';
import { initializeWeights } from './initialize.js';
import { decoderSpecs } from './specs.js';

describeOnRuntimes('initializeWeights', () => {
  const draw = (options: Partial<Parameters<typeof initializeWeights>[1]> = {}, sizes: Partial<ConfigOptions> = {}) => {
    const specs = decoderSpecs(resolveConfig({ prepShape: [8, 512], preset: 'small', ...sizes }));
    const tensors = initializeWeights(specs, { seed: 0, ...options });
    const values = Object.fromEntries(specs.map(({ name }, i) => [name, tensors[i]!.dataSync()]));
    tf.dispose(tensors);
    return values;
  };
  const moments = (values: ArrayLike<number>) => {
    const list = Array.from(values);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return { mean, std: Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length), max: Math.max(...list) };
  };

  it('draws convolutions as PyTorch does, uniform in ±1/√fan_in', () => {
    const bound = 1 / Math.sqrt(64 * 9);
    const weight = moments(draw()['conv2.0.weight']!);
    expect(weight.mean / bound).toBeCloseTo(0, 1);
    expect(weight.std / bound).toBeCloseTo(1 / Math.sqrt(3), 2);
    expect(weight.max / bound).toBeCloseTo(1, 2);
    expect(moments(draw()['conv2.0.bias']!).max).toBeLessThan(bound);
    expect(moments(draw()['conv2.0.bias']!).std / bound).toBeCloseTo(1 / Math.sqrt(3), 0);
  });

  it('draws the scale layer as the authors do', () => {
    const scale = moments(draw()['scalelayer.scale']!);
    expect(scale.mean).toBeCloseTo(0, 4);
    expect(scale.std / 1e-3).toBeCloseTo(1, 1);
    const bias = moments(draw()['scalelayer.bias']!);
    expect(bias.mean / 1e-2).toBeCloseTo(0.5, 1);
    expect(bias.max).toBeLessThanOrEqual(1e-2);
  });

  it('starts from an instance on request', () => {
    const prep: tf.Tensor2D = tf.randomNormal([8, 512], 0, 1, 'float32', 5);
    const values = draw({ prep });
    expect(values['scalelayer.bias']).toEqual(prep.dataSync());
    expect(moments(values['scalelayer.scale']!).std / 1e-2).toBeCloseTo(1, 1);
  });

  it('draws dense layers as PyTorch does, behind which the scale layer starts at 1', () => {
    const dense = { layers: 1, units: 400 };
    const sizes = { dense, prepShape: [4, 64] } as const;
    const values = draw({}, sizes);
    const [first, second] = [moments(values['dense1.weight']!), moments(values['dense2.weight']!)];
    expect(first.std * Math.sqrt(3 * 256)).toBeCloseTo(1, 1); // embeddings of 256 numbers
    expect(second.std * Math.sqrt(3 * 400)).toBeCloseTo(1, 2);
    expect(second.max * 20).toBeCloseTo(1, 2);
    expect(new Set(values['scalelayer.scale'])).toEqual(new Set([1]));
    expect(moments(values['scalelayer.bias']!).mean / 1e-2).toBeCloseTo(0.5, 1);
    const prep: tf.Tensor2D = tf.randomNormal([4, 64], 0, 1, 'float32', 5);
    expect(draw({ prep }, sizes)['scalelayer.bias']).toEqual(prep.dataSync());
  });

  it('gives equal weights for equal seeds, the seed 0 included, and others for others', () => {
    expect(draw()).toEqual(draw());
    expect(draw({ seed: 1 })).not.toEqual(draw());
  });
});
