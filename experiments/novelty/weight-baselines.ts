import { align, interpolateWeights } from '@netspace/explore';
import { disposeInstances, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** Averages of the weights of two networks each, after the channels of the second were put in the order of the first. */
export async function alignedAverages(pairs: readonly (readonly [Instance, Instance])[]): Promise<readonly Instance[]> {
  const averages: Instance[] = [];
  for (const [a, b] of pairs) {
    const { instance } = await align(a, b);
    averages.push(...interpolateWeights(a, instance, [0.5]));
    disposeInstances([instance]);
  }
  return averages;
}

/** Networks whose every weight is drawn from a normal distribution: that of this weight in the known networks, aligned to the last of them. */
export async function gaussianWeights(known: readonly Instance[], count: number, seed: number): Promise<readonly Instance[]> {
  const reference = known.at(-1)!;
  const aligned: Instance[] = [];
  for (const one of known) aligned.push((await align(reference, one)).instance);
  const { architecture } = reference;
  const fitted = architecture.parameters.map((_, i) => tf.moments(tf.stack(aligned.map(({ parameters }) => parameters[i]!)), 0));
  disposeInstances(aligned);
  const drawn = Array.from({ length: count }, (_, k) => ({
    architecture,
    parameters: fitted.map(({ mean, variance }, i) =>
      tf.tidy(() => tf.add(mean, tf.mul(tf.sqrt(variance), tf.randomNormal(mean.shape, 0, 1, 'float32', 1 + 1000 * (seed + k) + i)))),
    ),
  }));
  tf.dispose(fitted);
  return drawn;
}
