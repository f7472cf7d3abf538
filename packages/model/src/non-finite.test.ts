import { disposeInstances, isNetSpaceError, type Instance } from '@netspace/prep';
import { variableGrads } from '@netspace/prep/internal';
import { describeOnRuntimes } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { NetSpace } from './net-space.js';

const architecture = siren({ hidden: 8, layers: 1 });
const network = (seed: number): Instance => ({ architecture, parameters: initialize(architecture.parameters, { seed }) });

/** A network of which one weight, the last of a row of one tensor, is no number. */
function sick(value: number): Instance {
  const { parameters } = network(2);
  const weight = parameters[2]!; // [8, 8] in TensorFlow's order: [in, out]
  const numbers = weight.dataSync().slice();
  numbers[11] = value;
  const changed = parameters.map((tensor, i) => (i === 2 ? tf.tensor(numbers, weight.shape) : tensor));
  weight.dispose();
  return { architecture, parameters: changed };
}

describeOnRuntimes('NaN and infinity in a space', () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    it(`are refused where a network enters: ${value}`, () => {
      const space = new NetSpace({ architectures: [architecture], prepShape: [8, 32], preset: 'tiny' });
      const networks = [network(1), sick(value)];
      const before = tf.memory().numTensors;
      expect(() => space.encode(networks)).toThrow(
        `NetSpace.encode: expected finite numbers, got ${value} at [1, 3] of mlp.2.weight of instance 1; leave it out, or take weights from before the training diverged`,
      );
      const batch = space.pack(networks);
      expect(() => space.encode(batch)).toThrow(new RegExp(`NetSpace.encode: .*got ${value} at \\[1, \\d+, \\d+\\] of the PReps`));
      batch.preps.dispose();
      expect(tf.memory().numTensors).toBe(before);
      disposeInstances(networks);
      space.dispose();
    });
    it(`are refused where an embedding enters: ${value}`, async () => {
      const space = new NetSpace({ architectures: [architecture], prepShape: [8, 32], preset: 'tiny' });
      const numbers = new Float32Array(2 * space.config.embeddingSize);
      numbers[space.config.embeddingSize + 5] = value;
      const embeddings = tf.tensor2d(numbers, [2, space.config.embeddingSize]);
      const before = tf.memory().numTensors;
      const message = (method: string) => `NetSpace.${method}: expected finite numbers, got ${value} at [1, 5] of the embeddings`;
      expect(() => space.decode(embeddings)).toThrow(message('decode'));
      expect(() => space.instantiateAs(embeddings, [0, 0])).toThrow(message('instantiateAs'));
      const error: unknown = await space.instantiate(embeddings).catch((reason: unknown) => reason);
      expect(isNetSpaceError(error) && error.code).toBe('INVALID_OPTION');
      expect(String(error)).toContain(message('instantiate'));
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(embeddings);
      space.dispose();
    });
  }
  it('is told from tensors that are no more, and from what is no network', async () => {
    const space = new NetSpace({ architectures: [architecture], prepShape: [8, 32], preset: 'tiny' });
    const gone = network(1);
    disposeInstances([gone]);
    const refused = (run: () => unknown, message: string) =>
      expect(run).toThrow(expect.objectContaining({ name: 'NetSpaceError', message }));
    const disposed =
      'expected mlp.0.weight of siren-3-8x1-1 as a float32 tensor, got one that was disposed of; dispose of it after this call';
    refused(() => space.encode([gone]), `packPReps: ${disposed}`);
    const whole = { architecture, parameters: network(1).parameters.map((tensor) => tf.cast(tensor, 'int32')) };
    refused(() => space.encode([whole]), 'packPReps: expected mlp.0.weight of siren-3-8x1-1 as a float32 tensor, got int32; cast it, or make one with tf.tensor'); // prettier-ignore
    const embeddings = tf.zeros([1, 64]) as tf.Tensor2D;
    embeddings.dispose();
    const lost = 'expected embeddings [B, 64] as a float32 tensor, got one that was disposed of; dispose of it after this call';
    refused(() => space.decode(embeddings), `NetSpace.decode: ${lost}`);
    await expect(space.instantiate(embeddings)).rejects.toThrow(`NetSpace.instantiate: ${lost}`);
    await expect(space.instantiate(tf.zeros([0, 64]))).rejects.toThrow('NetSpace.instantiate: expected embeddings as [B, 64], got [0,64]; pass one row or more'); // prettier-ignore
    await expect(space.instantiate([[1]] as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    for (const nothing of [undefined, {}, [{}], 3])
      expect(() => space.encode(nothing as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    space.dispose();
    refused(
      () => space.encode([network(1)]),
      'NetSpace.encode: expected a space, got one that was disposed of; dispose of it after this call',
    );
    await expect(space.save({ save: () => Promise.reject(new Error('not reached')) })).rejects.toThrow(
      'NetSpace.save: expected a space, got',
    );
  });
  it('cost a step of training nothing: inside a gradient nothing is looked at', () => {
    const space = new NetSpace({ architectures: [architecture], prepShape: [8, 32], preset: 'tiny' });
    const networks = [sick(NaN)];
    const batch = space.pack(networks);
    const { value, grads } = variableGrads(() => tf.sum(space.decode(space.encode(batch)).preps), Object.values(space.variables));
    expect(value.size).toBe(1);
    tf.dispose([value, batch.preps]);
    tf.dispose(grads);
    disposeInstances(networks);
    space.dispose();
  });
});
