import type { NetSpace } from '@netspace/model';
import type { Architecture, Instance, PRepBatch } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import type { BetweenTargets } from './network-logits.js';

/**
 * The comparison of a step, with its inputs and targets; runs inside a gradient.
 *
 * @param embeddings of the batch's networks, `[B, E]`
 */
export type StepLoss = (batch: PRepBatch, embeddings: tf.Tensor2D) => readonly tf.Scalar[];

/** Makes the embeddings of a step's networks, `[B, E]`, once more. */
export type Embed = () => tf.Tensor2D;

/** The task of a NetSpace: the data that a step shows and the terms of its loss. */
export interface TaskRunner {
  /** Names of the terms of a step's loss; the first is the total that is minimized. */
  readonly terms: readonly string[];
  /** The settings that influence the numbers, as JSON. A checkpoint with other settings is refused. */
  readonly description: Readonly<Record<string, unknown>>;
  /**
   * Gathers the inputs of a step and runs teacher and targets on them, once and without gradient; to be called inside `tf.tidy`.
   *
   * @param nets indices of the batch's instances
   */
  prepare(step: number, nets: readonly number[]): StepLoss;
  /** Refuses, before the first step, what only the outputs of networks show. */
  start?(): Promise<void>;
  /** Runs, before the first step, the targets of some instances on all inputs, if the task remembers what they answer. */
  runTargets?(nets: readonly number[], between: BetweenTargets): Promise<void>;
  /** Reads what a step needs before the step, on backends on which values cannot be read inside one. */
  readAhead?(batch: PRepBatch, embed: Embed): Promise<void>;
  /** Frees the tensors that the task keeps between steps. */
  dispose?(): void;
}

/** The inputs from which every task is made. */
export interface TaskContext {
  readonly space: NetSpace;
  /** Those of the space, as the task runs them: each gives the one output that is compared. */
  readonly architectures: readonly Architecture[];
  readonly instances: readonly Instance[];
  /** Images, tensors or points that each step shows. */
  readonly inputs: number;
  /** Instances that each step encodes. */
  readonly nets: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
}
