import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { describeOnRuntimes } from '@netspace/testing';

import { disposeInstances } from './dispose-instances.js';
import { countingInstance } from '../testing/random-architecture.js';

describeOnRuntimes('disposeInstances', () => {
  it('frees every parameter of every network, and nothing else', () => {
    const kept = tf.ones([2]);
    const before = tf.memory().numTensors;
    const networks = [
      [{ name: 'a', shape: [2, 3] }],
      [
        { name: 'b', shape: [4] },
        { name: 'c', shape: [0, 2] },
      ],
    ].map((specs) => countingInstance(specs));
    expect(tf.memory().numTensors).toBe(before + 3);
    disposeInstances(networks);
    disposeInstances(networks); // freed before
    disposeInstances([]);
    expect(tf.memory().numTensors).toBe(before);
    expect(kept.isDisposed).toBe(false);
    kept.dispose();
  });
});
