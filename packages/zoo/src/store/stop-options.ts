import { abortSignal, type GivenBy, objectOf, optional } from '@netspace/prep/internal';

/** See {@link StopOptions}. */
export const stopOptions = objectOf({
  /** Stops after the instance at hand. */
  signal: optional(abortSignal),
});

/** Options of what goes through a whole store. */
export interface StopOptions extends GivenBy<typeof stopOptions> {}
