import { tensorShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { resolveConfig, type NetSpaceConfig } from '../config.js';
import { decode } from './decoder.js';
import type { NamedTensors } from '../weights/named-tensors.js';
import { decoderSpecs } from '../weights/specs.js';

const makeWeights = (config: NetSpaceConfig): NamedTensors =>
  Object.fromEntries(decoderSpecs(config).map((spec, i) => [spec.name, tf.randomNormal(tensorShape(spec), 0, 0.3, 'float32', 7 + i)]));

// Widths that the second view divides (32, 64) and does not (40): two ways through memory. The last has no views.
const configs = [...[32, 40, 64].map((width) => [width] as const), [32, { layers: 3, units: 5 }] as const].map(([width, dense]) =>
  resolveConfig({ prepShape: [8, width], preset: 'tiny', decoderChannels: 3, decoderWidth: 32, decoderHidden: 4, classes: 2, dense }),
);

describeOnRuntimes('decode', () => {
  const total = (weights: NamedTensors, embeddings: tf.Tensor, config: NetSpaceConfig) => {
    const { preps, classLogits } = decode(weights, embeddings as tf.Tensor2D, config);
    const weighted = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.randomNormal(x.shape, 0, 1, 'float32', 99)));
    return tf.add(weighted(preps), weighted(classLogits!));
  };

  it.each(configs)('has the gradients that finite differences give at $prepShape', (config) => {
    tf.tidy(() => {
      const weights = makeWeights(config);
      const names = Object.keys(weights);
      const embeddings: tf.Tensor2D = tf.randomNormal([2, config.embeddingSize], 0, 1, 'float32', 1);
      const inputs = [embeddings, ...names.map((name) => weights[name]!)];
      const f = (...tensors: tf.Tensor[]) =>
        total(Object.fromEntries(names.map((name, i) => [name, tensors[i + 1]!])), tensors[0]!, config);
      tf.grads(f)(inputs).forEach((gradient, i) => {
        const x = inputs[i]!;
        const indices = [0, Math.floor(x.size / 2), x.size - 1];
        const numeric = finiteDifference((moved) => f(...inputs.map((other, k) => (k === i ? moved : other))), x, { h: 5e-4, indices });
        const rms = Math.sqrt(tf.mean(tf.square(gradient)).dataSync()[0]!);
        const values = gradient.dataSync();
        indices.forEach((index, k) => expect(Math.abs(values[index]! - numeric[k]!)).toBeLessThan(0.03 * (Math.abs(numeric[k]!) + rms)));
      });
    });
  });

  it('gives an embedding the same network in any batch', () => {
    tf.tidy(() => {
      const [config] = configs as [NetSpaceConfig];
      const weights = makeWeights(config);
      const embeddings: tf.Tensor2D = tf.randomNormal([3, config.embeddingSize], 0, 1, 'float32', 1);
      const all = decode(weights, embeddings, config);
      const alone = decode(weights, tf.slice(embeddings, [1, 0], [1, -1]), config);
      expectClose(tf.slice(all.preps, [1, 0, 0], [1, -1, -1]).dataSync(), alone.preps.dataSync(), 1e-6);
      expectClose(tf.slice(all.classLogits!, [1, 0], [1, -1]).dataSync(), alone.classLogits!.dataSync(), 1e-6);
    });
  });

  it('leaks no tensor', () => {
    const config = configs[1]!;
    const [weights, embeddings] = [makeWeights(config), tf.ones([2, config.embeddingSize]) as tf.Tensor2D];
    expectNoLeak(() => {
      const { preps, classLogits } = decode(weights, embeddings, config);
      return [preps, classLogits!];
    });
    expectNoLeak(() => tf.grad((e) => total(weights, e, config))(embeddings));
  });

  it('refuses what it cannot decode', () => {
    tf.tidy(() => {
      const config = configs[0]!;
      const weights = makeWeights(config);
      expect(() => decode(weights, tf.zeros([1, 63]), config)).toThrow(/embeddings as \[B, 64\], got \[1,63\]/);
      const { 'conv4.0.bias': _, ...some } = weights;
      expect(() => decode(some, tf.zeros([1, 64]), config)).toThrow(/weight conv4.0.bias of shape \[32\], got none/);
      expect(() => decode({ ...weights, 'scalelayer.bias': tf.zeros([8, 8]) }, tf.zeros([1, 64]), config)).toThrow(/\[8,32\], got \[8,8\]/);
    });
  });
});
