import { packPReps, type Architecture, type Instance } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import { initialise, lenetLike, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { runInstances, runPReps } from './run-networks.js';

const task = { channels: 1, size: 13, classes: 3, width: 0.1 };
const architectures: readonly Architecture[] = [vanillaCnn(task), lenetLike(task)];
const classIds = [1, 0, 1, 1];

describeOnRuntimes('runPReps', () => {
  let instances: Instance[];
  let preps: tf.Tensor3D;
  let x: tf.Tensor;
  beforeEach(() => {
    instances = classIds.map((id, seed) => ({
      architecture: architectures[id]!,
      parameters: initialise(architectures[id]!.parameters, { seed }),
    }));
    preps = packPReps(instances, [4, 160]);
    x = tf.randomNormal([2, 13, 13, 1], 0, 1, 'float32', 1);
  });
  afterEach(() => tf.dispose([preps, x, instances.map(({ parameters }) => [...parameters])]));

  it('gives what each network gives by itself, in order, together or apart', () => {
    const expected = runInstances(instances, x);
    for (const grouping of ['auto', 'together', 'apart'] as const) {
      const got = runPReps(architectures, preps, classIds, x, grouping);
      expect(got).toHaveLength(4);
      got.forEach((logits, i) => expectClose(logits.dataSync(), expected[i]!.dataSync(), 1e-5));
      tf.dispose(got);
    }
    tf.dispose(expected);
    expectNoLeak(() => runPReps(architectures, preps, classIds, x));
  });

  it('has the same gradient together and apart', () => {
    const gradient = (grouping: 'together' | 'apart') =>
      tf.tidy(() =>
        tf
          .grad((p) => tf.sum(tf.square(tf.concat(runPReps(architectures, p as tf.Tensor3D, classIds, x, grouping)))))(preps)
          .dataSync(),
      );
    expectClose(gradient('together'), gradient('apart'), 1e-4);
  });
});
