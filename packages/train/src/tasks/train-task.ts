import type { NetSpace } from '@netspace/model';
import type { Instance, PRepBatch } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** What a step compares, with its inputs and targets at hand; runs inside a gradient. */
export type StepLoss = (batch: PRepBatch) => readonly tf.Scalar[];

/** What a NetSpace learns: which data a step shows and which terms its loss has. */
export interface TaskRunner {
  /** Names of the terms that a step's loss gives; the first is the total that is minimized. */
  readonly terms: readonly string[];
  /** The settings that shape the numbers, as JSON: a checkpoint of other settings is refused. */
  readonly description: Readonly<Record<string, unknown>>;
  /**
   * Gathers the inputs of a step and runs teacher and targets on them, once and without gradient; to be called inside `tf.tidy`.
   *
   * @param nets indices of the batch's instances
   */
  prepare(step: number, nets: readonly number[]): StepLoss;
  /** What must be read before a step, where values cannot be read inside one. */
  readAhead?(batch: PRepBatch): Promise<void>;
  /** Frees what the task keeps between steps. */
  dispose?(): void;
}

/** What every task is made for. */
export interface TaskContext {
  readonly space: NetSpace;
  readonly instances: readonly Instance[];
  /** Images or points that each step shows. */
  readonly inputs: number;
  /** Instances that each step encodes. */
  readonly nets: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
}
