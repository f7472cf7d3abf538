import { adam, sgd, type Optimizer } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import type { Group } from '../group.js';
import type { Manifest } from '../manifest.js';

/** Optimizers: the parameters after each step, given the gradients. */
export const optim: Group = ({ manifest, file, checks }) => {
  for (const name of file.names.filter((candidate) => candidate.endsWith('/params'))) {
    checks.section(name, () => {
      const optimizer = optimizerOf(manifest, name.slice(0, -'/params'.length));
      const parameters = tf.variable(file.tensor('start'));
      const after = tf.unstack(file.tensor('grads')).map((gradient) => {
        optimizer.apply({ parameters }, { parameters: gradient });
        return tf.clone(parameters);
      });
      checks.expect(name, tf.stack(after));
      optimizer.dispose();
      parameters.dispose();
    });
  }
};

/** Adam or SGD by name, settings from the manifest where it has them, the learning rate from the name, the rest from the README. */
function optimizerOf(manifest: Manifest, name: string): Optimizer {
  const [, kind, rate] = /^([a-z]+)(?:-(.+))?$/.exec(name) ?? [];
  const config = manifest.configs[`optim/${name}`] ?? {};
  const setting = (keys: readonly string[], otherwise: number): number => {
    const value = keys.map((key) => config[key]).find((candidate) => typeof candidate === 'number');
    return typeof value === 'number' ? value : otherwise;
  };
  const learningRate = setting(['learningRate', 'lr'], rate === undefined ? 0.05 : Number(rate));
  if (kind === 'adam') {
    const betas = Array.isArray(config['betas']) ? config['betas'].map(Number) : [];
    return adam({
      learningRate,
      beta1: setting(['beta1'], betas[0] ?? 0.9),
      beta2: setting(['beta2'], betas[1] ?? 0.999),
      epsilon: setting(['epsilon', 'eps'], 1e-8),
    });
  }
  if (kind === 'sgd') {
    return sgd({
      learningRate,
      momentum: setting(['momentum'], 0.9),
      weightDecay: setting(['weightDecay', 'weight_decay'], 5e-4),
    });
  }
  throw new Error(`${name}: expected the optimizer adam or sgd`);
}
