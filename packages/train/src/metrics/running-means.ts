import * as tf from '@tensorflow/tfjs-core';

import type { NamedTensors } from '@netspace/model';

/** Sums loss terms on the device until somebody reads their mean: no step waits for the host. */
export interface RunningMeans {
  add(terms: readonly tf.Scalar[]): void;
  /** Mean of each term since the last reading, which starts anew. */
  read(): Promise<Record<string, number>>;
  /** For a checkpoint; the caller disposes the tensors. */
  state(): Record<string, tf.Tensor>;
  restore(state: NamedTensors): Promise<void>;
  dispose(): void;
}

export function runningMeans(names: readonly string[]): RunningMeans {
  let sums: tf.Tensor | undefined;
  let count = 0;
  const replace = (next: tf.Tensor | undefined) => {
    sums?.dispose();
    sums = next;
  };
  return {
    add(terms) {
      const next = tf.tidy(() => {
        const stacked = tf.stack([...terms]); // [terms]
        return tf.keep(sums === undefined ? stacked : tf.add(sums, stacked));
      });
      replace(next);
      count++;
    },
    async read() {
      const values = (await sums?.data()) ?? [];
      const means = Object.fromEntries(names.map((name, i) => [name, values[i]! / count]));
      replace(undefined);
      count = 0;
      return means;
    },
    state: (): Record<string, tf.Tensor> => (sums === undefined ? {} : { sums: sums.clone(), count: tf.scalar(count, 'int32') }),
    async restore(state) {
      const { sums: saved, count: number } = state;
      replace(saved && tf.keep(saved.clone()));
      count = (await number?.data())?.[0] ?? 0;
    },
    dispose: () => replace(undefined),
  };
}
