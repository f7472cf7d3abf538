import type { Dataset } from '@netspace/zoo';
import {
  choose,
  count,
  functionOf,
  type GivenBy,
  nonNegative,
  objectOf,
  oneOf,
  type Option,
  optional,
  positive,
  text,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { anyDataset } from '@netspace/zoo/internal';
import type * as tf from '@tensorflow/tfjs-core';

import { cacheTargetsOption } from './network-logits.js';
import { groupingOption } from './run-networks.js';

/**
 * A generator of inputs: `count` of them for a step, `[count, …]`, which are freed after it. It must give the same for the same step, so that a run
 * can be resumed. Inputs of a network of several are made by `joinInputs` of `@netspace/prep`.
 */
export type InputGenerator = (step: number, count: number) => tf.Tensor;

const inputsOption = choose<Option<Dataset | InputGenerator>>('a data set, or a function that gives the inputs of a step', (given) =>
  typeof given === 'function' ? functionOf<InputGenerator>() : anyDataset,
);

const shared = {
  /**
   * Name of the output that is compared, of networks that have several.
   * @default the only one
   */
  output: optional(text),
  /**
   * Factor of L_class, equation (6), mean over the networks of a step, in a space of several architectures.
   * @default 0.01, as for classifiers that imitate their own targets
   */
  classWeight: withDefault(nonNegative, 0.01),
  /**
   * Whether predicted networks of one architecture run together.
   * @default 'auto'
   */
  grouping: groupingOption,
};

/** See {@link RegressionTask}. */
export const regressionTaskOptions = objectOf({
  kind: oneOf(['regression']),
  /** The inputs that networks are compared on: tensors, images, or a generator, `(step, count) => inputs`. Labels and targets are not used. */
  dataset: inputsOption,
  /**
   * Whether the outputs of targets for an input are computed once and remembered; see the option of a classification task.
   * @default 'auto'
   */
  cacheTargets: cacheTargetsOption,
  ...shared,
});

/** Predicted networks give the same numbers as their targets, by mean squared error. */
export interface RegressionTask extends GivenBy<typeof regressionTaskOptions> {}

const field = {
  /**
   * The coordinates that networks are compared on: tensors, or a generator, `(step, count) => coordinates`.
   * @default random ones, new in each step
   */
  dataset: optional(inputsOption),
  /**
   * Coordinates are drawn from the cube (square, interval) of ±bounds.
   * @default 1 for colors, 0.6 for occupancy
   */
  bounds: optional(positive),
  /**
   * Number of coordinates.
   * @default as the architecture says
   */
  coordinates: optional(count),
  ...shared,
};

/** See {@link RgbTask}. */
export const rgbTaskOptions = objectOf({ kind: oneOf(['rgb']), ...field });
/** Predicted networks give the same colors at all coordinates as their targets, by mean squared error. */
export interface RgbTask extends GivenBy<typeof rgbTaskOptions> {}

/** See {@link OccupancyTask}. */
export const occupancyTaskOptions = objectOf({ kind: oneOf(['occupancy']), ...field });
/** Predicted networks have the same points inside as their targets, by `occupancyLoss` of their logits. */
export interface OccupancyTask extends GivenBy<typeof occupancyTaskOptions> {}

/** Options of a task in which networks give numbers, with defaults filled in. */
export type OutputsTask = UsedBy<typeof regressionTaskOptions> | UsedBy<typeof rgbTaskOptions> | UsedBy<typeof occupancyTaskOptions>;
