import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { variableGrads } from './variable-grads.js';

describeOnRuntimes('variableGrads', () => {
  const network = (x: tf.Tensor4D, kernel: tf.Variable): tf.Scalar => tf.mean(tf.square(tf.relu(tf.conv2d(x, kernel as unknown as tf.Tensor4D, 1, 'same')))); // prettier-ignore

  it('leaks no tensor where the function throws, and the next gradient is right', () => {
    const kernel = tf.variable(tf.ones([3, 3, 1, 2]));
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const gradient = () => tf.tidy(() => [...variableGrads(() => network(x, kernel), [kernel]).grads[kernel.name]!.dataSync()]);
    const expected = gradient();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      const failing = () =>
        tf.tidy(() =>
          variableGrads(() => {
            network(x, kernel);
            throw new Error('in the middle');
          }, [kernel]),
        );
      expect(failing).toThrow('in the middle');
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(gradient()).toEqual(expected);
    tf.dispose([kernel, x]);
  });
  it('leaks no tensor where a backward pass throws', () => {
    const kernel = tf.variable(tf.ones([3, 3, 1, 2]));
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const broken = tf.customGrad((value) => ({
      value: (value as tf.Tensor).clone(),
      gradFunc: () => {
        throw new Error('backward');
      },
    }));
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => variableGrads(() => broken(network(x, kernel)) as tf.Scalar, [kernel]))).toThrow('backward');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([kernel, x]);
  });
  it('leaves the tape to a gradient around it, which goes on', () => {
    const x = tf.variable(tf.scalar(3));
    const outer = () => {
      const square = tf.square(x);
      expect(() => variableGrads(() => { throw new Error('inner'); }, [x])).toThrow('inner'); // prettier-ignore
      return tf.mul(square, 2) as tf.Scalar;
    };
    const gradient = tf.tidy(() => variableGrads(outer, [x]).grads[x.name]!.dataSync()[0]);
    expect(gradient).toBe(12); // of 2 x²
    x.dispose();
  });
  it('refuses variables of which none is trained, as TensorFlow.js does', () => {
    const frozen = tf.variable(tf.scalar(3), false);
    expect(() => variableGrads(() => tf.square(frozen), [frozen])).toThrow(/trainable/);
    frozen.dispose();
  });
});
