import { NetSpaceError } from '@netspace/prep';
import { zeroIfFinite } from '@netspace/prep/internal';
import type { NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

/** The numbers that were read from the device. */
export interface Reading {
  /** Mean of each term since the last reading; empty if none was added since. */
  readonly means: Readonly<Record<string, number>>;
  /** Whether all numbers of the checked weights are finite. */
  readonly finiteWeights: boolean;
}

/** Sums loss terms on the device until their mean is read, so that no step waits for the host. A sum that is NaN or infinite stays so. */
export interface RunningMeans {
  add(terms: readonly tf.Scalar[]): void;
  /** Reads the means and, in the same transfer, whether weights are finite. The sums then start again from zero. */
  read(weights?: readonly tf.Tensor[]): Promise<Reading>;
  /** As `read`, but the sums are kept. */
  peek(weights?: readonly tf.Tensor[]): Promise<Reading>;
  /** The state for a checkpoint; the caller disposes of the tensors. */
  state(): Record<string, tf.Tensor>;
  /**
   * Goes on from a state. The caller keeps the given tensors.
   *
   * @throws NetSpaceError `CORRUPT_FILE` if it is no state of these terms
   */
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
  const peek = async (weights: readonly tf.Tensor[] = []): Promise<Reading> => {
    const parts = tf.tidy(() => [
      ...(sums === undefined ? [] : [sums]),
      ...(weights.length === 0 ? [] : [tf.reshape(tf.sum(zeroIfFinite(weights)), [1])]),
    ]);
    if (parts.length === 0) return { means: {}, finiteWeights: true };
    const together = tf.concat(parts as tf.Tensor1D[]); // one read for both
    if (weights.length > 0) parts.at(-1)!.dispose();
    const values = await together.data().finally(() => together.dispose());
    const means = sums === undefined ? {} : Object.fromEntries(names.map((name, i) => [name, values[i]! / count]));
    return { means, finiteWeights: weights.length === 0 || values.at(-1) === 0 };
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
    peek,
    async read(weights) {
      const reading = await peek(weights);
      replace(undefined);
      count = 0;
      return reading;
    },
    state: (): Record<string, tf.Tensor> => (sums === undefined ? {} : { sums: sums.clone(), count: tf.scalar(count, 'int32') }),
    async restore(state) {
      const number = await checkedCount(state, names.length);
      replace(state['sums'] && tf.keep(state['sums'].clone()));
      count = number;
    },
    dispose: () => replace(undefined),
  };
}

async function checkedCount({ sums, count, ...rest }: NamedTensors, terms: number): Promise<number> {
  const refuse = (what: string, remedy = 'take an earlier copy of the checkpoint, or start in another folder'): never => {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `runningMeans.restore: expected the sums of ${terms} loss terms and their count, got ${what}; ${remedy}`,
    );
  };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return refuse(`'${unknown}'`);
  if (sums === undefined && count === undefined) return 0;
  if (sums === undefined || count === undefined) return refuse('one without the other');
  if (sums.dtype !== 'float32' || !tf.util.arraysEqual(sums.shape, [terms])) {
    // Their names are not kept: which of them a term of today is cannot be told.
    return refuse(
      `sums as ${sums.dtype} [${sums.shape}], as a version with other loss terms leaves them between two readings; go on with that version up to a step that readEvery divides, and from there with this one`,
      'or start in another folder',
    );
  }
  if (count.dtype !== 'int32' || count.size !== 1) return refuse(`a count as ${count.dtype} [${count.shape}]`);
  const [number] = await count.data();
  return number! > 0 ? number! : refuse(`a count of ${number}`);
}
