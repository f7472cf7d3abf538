import { type GivenBy, objectOf, optional, text } from '@netspace/prep/internal';

/** See {@link NameOptions}. */
export const nameOptions = objectOf({
  /**
   * The name of the new data set, for reports.
   * @default the name of the (first) data set that it comes from; `shrinkDataset` adds how many times smaller it is
   */
  name: optional(text),
});

/** Options of the functions that make a data set from others. */
export interface NameOptions extends GivenBy<typeof nameOptions> {}
