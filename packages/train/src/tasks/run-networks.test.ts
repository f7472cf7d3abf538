import { packPReps, type Architecture, type Instance } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import { initialize, lenetLike, siren, vanillaCnn } from '@netspace/zoo';
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
      parameters: initialize(architectures[id]!.parameters, { seed }),
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

  it('gives each network inputs of its own, together or apart', () => {
    const architecture = siren({ hidden: 8 });
    const shapes = [0, 1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
    const points = shapes.map((_, seed) => tf.randomUniform([5, 3], -1, 1, 'float32', seed));
    const packed = packPReps(shapes, [8, 24]);
    const expected = runInstances(shapes, points);
    for (const grouping of ['together', 'apart'] as const) {
      const got = runPReps([architecture], packed, [0, 0, 0], points, grouping);
      got.forEach((values, i) => expectClose(values.dataSync(), expected[i]!.dataSync(), 1e-5));
      tf.dispose(got);
    }
    expectClose(
      expected[1]!.dataSync(),
      tf.tidy(() => architecture.apply(shapes[1]!.parameters, points[1]!).dataSync()),
      1e-6,
    );
    tf.dispose([expected, packed, points, shapes.map(({ parameters }) => parameters)]);
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
