import type { StepProgress } from '@netspace/prep';
import type { InstanceEntry } from '@netspace/zoo';

import type { Resume } from '../instances/resume.js';

/** How a job is run. */
export interface RunZooJob {
  /** Names of its networks that are wanted; the others are not given. */
  readonly wanted: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  /** Keeps states of the training, or has one to go on from: networks that were given before that state are not given again. */
  readonly resume?: Resume | undefined;
}

/**
 * The unit of work of a zoo: one training run, or several at once, and the networks that it gives. What it gives depends on its settings, its data and the runtime,
 * not on the other jobs, nor on where and when it runs.
 */
export interface ZooJob {
  /** Names the run in messages. */
  readonly title: string;
  readonly architecture: string;
  /** Of the first network. */
  readonly seed: number;
  /** Names of its networks, in the order in which it gives them. */
  readonly names: readonly string[];
  /** Everything that decides what it gives, besides data, version and runtime; as JSON. */
  readonly settings: object;
  /** The data that it learns from and is measured on. */
  readonly data: readonly ArrayBufferView[];
  /** Bytes that a process needs for it, by an estimate; undefined if nothing is known of the layers of its networks. Needs a backend. */
  readonly memory: () => number | undefined;
  /**
   * Trains, and gives each wanted network when it is ready. The caller disposes of its parameters.
   *
   * @throws NetSpaceError `DIVERGED`, after the networks that were ready before; `ABORTED` when the signal stopped it
   */
  run(options: RunZooJob): AsyncIterable<InstanceEntry>;
}

/** The jobs of a recipe, in the order in which their networks are added to a store. */
export interface ZooPlan {
  readonly jobs: readonly ZooJob[];
  /**
   * Refuses what some of the jobs would refuse, without training.
   *
   * @throws NetSpaceError as `trainInstance` or `fitSdf`
   */
  check(jobs: readonly ZooJob[]): void;
}
