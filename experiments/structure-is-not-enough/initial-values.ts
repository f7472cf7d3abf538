import { type Architecture, tensorShape } from '@netspace/prep';
import { normalStream, randomStream } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** Ways in which networks begin, as PyTorch's `torch.nn.init` has them with their defaults. The paper's zoo has the first four. */
export const INITS = ['uniform', 'normal', 'kaiming_uniform', 'kaiming_normal', 'xavier_uniform', 'xavier_normal'] as const;

export type Init = (typeof INITS)[number];

const BIAS = 0.01;

/**
 * Initial values of a network. Weights come from U(0, 1), N(0, 1), U(±√(6 / fan-in)), N(0, 2 / fan-in), U(±√(6 / (fan-in + fan-out))) or
 * N(0, 2 / (fan-in + fan-out)); every bias is 0.01.
 *
 * @returns one tensor a spec; the caller disposes them
 */
export function initialValues({ parameters }: Architecture, init: Init, seed: number): tf.Tensor[] {
  const uniform = randomStream(seed, 1);
  const normal = normalStream(uniform);
  return parameters.map((spec) => {
    const shape = tensorShape(spec);
    if (spec.shape.length === 1) return tf.fill(shape, BIAS);
    const [outputs, inputs, ...kernel] = spec.shape as [number, number, ...number[]];
    const places = tf.util.sizeFromShape(kernel);
    const [fanIn, both] = [inputs * places, (inputs + outputs) * places];
    const draw: Readonly<Record<Init, () => number>> = {
      uniform,
      normal,
      kaiming_uniform: () => (2 * uniform() - 1) * Math.sqrt(6 / fanIn),
      kaiming_normal: () => normal() * Math.sqrt(2 / fanIn),
      xavier_uniform: () => (2 * uniform() - 1) * Math.sqrt(6 / both),
      xavier_normal: () => normal() * Math.sqrt(2 / both),
    };
    return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, draw[init]), shape, 'float32');
  });
}
