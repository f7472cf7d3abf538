import { disposeInstances } from '@netspace/prep';
import { boxMesh, sampleSdf, sphereMesh } from '@netspace/shapes';
import { describeOnRuntimes } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { fitSdf } from './fit-sdf.js';
import { fitSdfs, type FitSdfsOptions } from './fit-sdfs.js';

const architecture = siren({ hidden: 8 });
const shared = { architecture, steps: 6, batchSize: 16 } as const;
const samplesOf = (count = 40) =>
  Promise.all([boxMesh({ size: [0.4, 0.3, 0.2] }), sphereMesh({ radius: 0.4 })].map((mesh) => sampleSdf(mesh, { count, seed: 1 })));

async function together(options: FitSdfsOptions) {
  const all = [];
  for await (const { fit, instance, metrics } of fitSdfs(options)) {
    all.push({ fit, mse: metrics.mse, values: instance.parameters.flatMap((tensor) => [...tensor.dataSync()]) });
    disposeInstances([instance]);
  }
  return all;
}

describeOnRuntimes('fitSdfs', () => {
  it('gives what fitSdf gives, shape by shape', async () => {
    const before = tf.memory().numTensors;
    const start = { architecture, parameters: initialize(architecture.parameters, { seed: 9, scheme: 'siren' }) };
    const [box, ball] = await samplesOf();
    const halving = { kind: 'exponential', learningRate: 1e-2, factor: 0.5, every: 2 } as const;
    const fits = [{ samples: box!, seed: 3 }, { samples: ball!, seed: 4, learningRate: halving }, { samples: ball!, start, learningRate: 1e-3 }]; // prettier-ignore
    const many = await together({ fits, ...shared });
    expect(many.map(({ fit }) => fit)).toEqual([0, 1, 2]);
    for (const { fit, mse, values } of many) {
      const { instance, metrics } = await fitSdf({ ...fits[fit]!, ...shared });
      const expected = instance.parameters.flatMap((tensor) => [...tensor.dataSync()]);
      disposeInstances([instance]);
      expect(mse / metrics.mse).toBeCloseTo(1, 4);
      expect(Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(2e-5);
    }
    tf.dispose(start.parameters);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the others where one diverges, and names it', async () => {
    const before = tf.memory().numTensors;
    const [box, ball] = await samplesOf();
    const fits = [{ samples: box!, learningRate: 1e37 }, { samples: ball! }];
    const given: number[] = [];
    const run = async () => {
      for await (const { fit, instance } of fitSdfs({ fits, ...shared })) {
        given.push(fit);
        disposeInstances([instance]);
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'DIVERGED', message: /fitSdfs: 1 training run diverged .*fit 0 of seed 0/ });
    expect(given).toEqual([1]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses samples of unequal number and a start of another architecture', async () => {
    const [[box], [small]] = [await samplesOf(), await samplesOf(20)];
    await expect(together({ fits: [{ samples: box! }, { samples: small! }], ...shared })).rejects.toThrow(
      /got 40 for fit 0 and 20 for fit 1/,
    );
    const start = { architecture: siren({ hidden: 4 }), parameters: [] };
    await expect(together({ fits: [{ samples: box!, start }], ...shared })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: /fitSdfs: expected a start that is a siren-3-8x1-1/,
    });
  });
});
