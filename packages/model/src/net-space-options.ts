import { architectures, classIds, extended, type GivenBy, objectOf, optional, seed, withDefault } from '@netspace/prep/internal';

import { configOptions } from './config.js';
import { startOption, unitsOption, type StartOptions } from './start.js';

/** See {@link SpaceOptions}. */
export const spaceOptions = extended(configOptions, {
  /** The family of networks; with more than one, the decoder gets a class head. */
  architectures,
  /**
   * Seed of the weights' initial values.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Family, sizes and seed of a space. */
export interface SpaceOptions extends Omit<GivenBy<typeof spaceOptions>, 'classes'> {}

/** Family, sizes and seed of a space, and how it starts; see {@link StartOptions}. */
export type NetSpaceOptions = SpaceOptions & StartOptions;

/** See {@link NetSpaceOptions}. */
export const netSpaceOptions = extended(spaceOptions, { start: optional(startOption), units: optional(unitsOption) });

/** See {@link DecodeOptions}. */
export const decodeOptions = objectOf({
  /**
   * The architecture to decode each embedding as.
   * @default the class head's choice
   */
  classIds: optional(classIds),
});

/** Options of `NetSpace.decode` and `NetSpace.instantiate`. */
export interface DecodeOptions extends GivenBy<typeof decodeOptions> {}
