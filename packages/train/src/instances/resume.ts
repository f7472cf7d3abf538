import { NetSpaceError } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** What a training run needs to go on after a step with the same bits as if it had never stopped. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** Keeps states of a training run, and has one to go on from. */
export interface Resume {
  /** The state to go on from; left out to begin. The caller disposes its tensors after the run. */
  readonly from?: TrainingState | undefined;
  /**
   * Asked between two steps. Whatever it does, the run gives the same.
   *
   * @param state makes the state, whose tensors the caller disposes
   */
  keep(state: () => TrainingState): Promise<void>;
}

/** A resume for a part of a run, to whose states the whole adds what it has itself. */
export const withMore = (resume: Resume | undefined, more: () => Pick<TrainingState, 'facts' | 'tensors'>): Resume | undefined =>
  resume && {
    from: resume.from,
    keep: (state) =>
      resume.keep(() => {
        const [part, own] = [state(), more()];
        return { step: part.step, facts: { ...part.facts, ...own.facts }, tensors: { ...part.tensors, ...own.tensors } };
      }),
  };

/** Tensors in order, under a name with their places. */
export const numbered = (name: string, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map((tensor, i) => [`${name}/${i}`, tensor.clone()]));

export const underName = (prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

/** Copies of the tensors of a state that {@link numbered} named, so many. */
export const ofState = ({ tensors }: TrainingState, name: string, count: number): tf.Tensor[] =>
  Array.from({ length: count }, (_, i) => {
    const tensor = tensors[`${name}/${i}`];
    if (tensor !== undefined) return tensor.clone();
    throw new NetSpaceError('CORRUPT_FILE', `training state: expected ${name}/${i}, got none; remove the checkpoint`);
  });
