import {
  count,
  type GivenBy,
  nonNegative,
  objectOf,
  oneOf,
  optional,
  positive,
  text,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { anyDataset } from '@netspace/zoo/internal';

import { cacheTargetsOption } from './network-logits.js';
import { groupingOption } from './run-networks.js';

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
  /** The inputs that networks are compared on: tensors, or images. Labels and targets are not used. */
  dataset: anyDataset,
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
   * The coordinates that networks are compared on.
   * @default random ones, new in each step
   */
  dataset: optional(anyDataset),
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
