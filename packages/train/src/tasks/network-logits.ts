import type { Instance } from '@netspace/prep';
import { choose, flag, oneOf, withDefault } from '@netspace/prep/internal';
import type { Dataset } from '@netspace/zoo';
import { inputsOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { runInstances } from './run-networks.js';

/**
 * The most logits that `cacheTargets: 'auto'` remembers: 2²³ floats, 32 MiB; sixty networks on 4,000 images of ten classes take 2.4
 * million.
 */
export const MAX_CACHED_LOGITS = 2 ** 23;

/**
 * `auto` remembers if the logits of each network for each image are needed at least this often on average, because computing them all takes
 * time too.
 */
const WORTHWHILE = 2;

/**
 * Whether the logits of fixed networks are remembered. `auto` remembers them if there are at most {@link MAX_CACHED_LOGITS} and the run is
 * long enough to need each twice on average.
 */
export const cacheTargetsOption = withDefault(
  choose("true, false or 'auto'", (given) => (typeof given === 'string' ? oneOf(['auto']) : flag)),
  'auto',
);
/** Whether the logits of fixed networks are remembered; see the option `cacheTargets` of a task. */
export type CacheTargets = boolean | 'auto';

/** The logits, or other outputs, of fixed networks for the inputs of a data set. */
export interface NetworkLogits {
  /**
   * Logits of some of the networks on some of the images, each `[batch, classes]`; to be called inside `tf.tidy`.
   *
   * @param networks indices of the networks
   * @param batch indices of the inputs, and the inputs themselves
   */
  of(networks: readonly number[], batch: { readonly indices: ArrayLike<number>; readonly images: tf.Tensor }): tf.Tensor2D[];
  /**
   * Runs networks on all inputs ahead of the steps that need them; nothing if their logits are not remembered.
   *
   * @param networks indices of the networks
   * @param between called before each batch of inputs; what it throws ends the running
   */
  ahead(networks: readonly number[], between: BetweenTargets): Promise<void>;
  dispose(): void;
}

/** Lets signals in while targets run, and says how many networks have run. */
export type BetweenTargets = (done: number, total: number) => Promise<void>;

/**
 * The logits of fixed networks, computed once for each image if they are remembered. When a network is first needed, it runs on all images,
 * in batches of the step's size. So its logits do not depend on when they are needed, nor on whether they are remembered.
 *
 * @param inputs images of a step, at most as many as the data set has
 * @param asked how often, in the whole run, the logits of a network for an image are needed
 */
export function networkLogits({
  instances,
  dataset,
  width,
  inputs,
  asked,
  cache = 'auto',
}: {
  readonly instances: readonly Instance[];
  readonly dataset: Dataset;
  /** Numbers that a network gives for one input. */
  readonly width: number;
  readonly inputs: number;
  readonly asked: number;
  readonly cache?: CacheTargets;
}): NetworkLogits {
  const pairs = instances.length * dataset.count;
  const remembers = cache === 'auto' ? pairs * width <= MAX_CACHED_LOGITS && asked >= WORTHWHILE * pairs : cache;
  if (!remembers) {
    return {
      of: (networks, { images }) => runInstances(networks.map((i) => instances[i]!), images), // prettier-ignore
      ahead: () => Promise.resolve(),
      dispose: () => {},
    };
  }
  const known = new Map<number, tf.Tensor2D>(); // each [images of the data set, classes]
  const all = (network: number): tf.Tensor2D => {
    const before = known.get(network);
    if (before !== undefined) return before;
    const logits = tf.keep(tf.tidy(() => tf.concat([...partsOfAll(instances[network]!, dataset, inputs)], 0)));
    known.set(network, logits);
    return logits;
  };
  return {
    of(networks, { indices }) {
      const rows = tf.tensor1d(Int32Array.from(indices), 'int32');
      return networks.map((network) => tf.gather(all(network), rows)); // [batch, classes]
    },
    async ahead(networks, between) {
      for (const [done, network] of networks.entries()) {
        if (known.has(network)) continue;
        const parts: tf.Tensor2D[] = [];
        try {
          await between(done, networks.length);
          for (const part of partsOfAll(instances[network]!, dataset, inputs)) {
            parts.push(part);
            await between(done, networks.length);
          }
          known.set(network, tf.concat(parts, 0));
        } finally {
          tf.dispose(parts);
        }
        if (done === networks.length - 1) await between(networks.length, networks.length);
      }
    },
    dispose: () => tf.dispose([...known.values()]),
  };
}

/** Runs a network on a whole data set, batch by batch; the last one is as large as the others and overlaps the one before. */
function* partsOfAll(instance: Instance, dataset: Dataset, size: number): Generator<tf.Tensor2D> {
  const batches = Math.ceil(dataset.count / size);
  for (let i = 0; i < batches; i++) {
    yield tf.tidy(() => {
      const begin = Math.min(i * size, dataset.count - size);
      const inputs = inputsOf(dataset, Array.from({ length: size }, (_, k) => begin + k)); // prettier-ignore
      return tf.slice(runInstances([instance], inputs)[0]!, i * size - begin);
    });
  }
}
