import { count, type GivenBy, objectOf, optional, parseOptions } from '@netspace/prep/internal';

import { suggestHoldOut, zooReasons } from './hold-out.js';
import { suggestLesson } from './lesson.js';
import { type SuggestNetwork, zooFacts } from './network-facts.js';
import { suggestSizes } from './sizes.js';
import type { SpaceSuggestion } from './suggestion.js';

/** See {@link SuggestSpaceOptions}. */
export const suggestSpaceOptions = objectOf({
  /**
   * Steps of the run. Schedules of the learning rate are fitted to it.
   * @default those of our experiments: 3,000 for classifiers, 1,500 for classifiers of several architectures, 8,000 for shapes, 3,000 for many of them
   */
  steps: optional(count),
});

const UNITS =
  'Weights are measured in units of their spread in the zoo, so that small weights count as much as large ones. It raised the Spearman correlation of held-out networks from 0.87 to 0.96.';
const PERMUTED =
  'The units are of networks with hidden channels in random order, because the encoder sees no others. Networks that share initial values are near their own mean, and look like nothing that the encoder saw: 25 digit classifiers of five seeds came out 29 points off instead of 5.';

/** Options of {@link suggestSpace}. */
export interface SuggestSpaceOptions extends GivenBy<typeof suggestSpaceOptions> {}

/**
 * Sizes and training that fit a zoo, each with the reason for it. The rules are the results of our experiments.
 *
 * Looks only at architectures, seeds and measures, never at weights. The result is plain data with the keys of a config of `netspace
 * train`.
 *
 * @param zoo instances, or the records of an instance store
 * @throws NetSpaceError `INVALID_OPTION` if there is no network, `NOT_FOUND` if a name is no architecture's, `UNSUPPORTED` if no task fits
 *   networks of several architectures
 * @example
 * ```ts
 * import { suggestSpace } from '@netspace/train';
 *
 * const zoo = [0, 1, 2, 3, 4, 5].map((seed) => ({ architecture: 'lenet-like-1x28x28-10-w0.25', seed }));
 * const { space, task, batch, steps, holdOut, reasons } = suggestSpace(zoo);
 * console.log(space.preset, space.prepShape); // small [ 8, 392 ]
 * console.log(task.kind, batch.nets, steps, holdOut.seeds); // classification 5 3000 [ 3 ]
 * for (const { option, why } of reasons) console.log(`${option}: ${why}`);
 * ```
 */
export function suggestSpace(zoo: readonly SuggestNetwork[], options: SuggestSpaceOptions = {}): SpaceSuggestion {
  const { steps } = parseOptions('suggestSpace', suggestSpaceOptions, options);
  const facts = zooFacts(zoo);
  const { sizes, reasons: sizeReasons } = suggestSizes(facts);
  const { holdOut, reasons: holdOutReasons } = suggestHoldOut(facts);
  const learned = facts.networks.filter(({ name, seed }) => !holdOut.names.includes(name ?? '') && !holdOut.seeds.includes(seed ?? -1));
  const { space, training, reasons } = suggestLesson(facts, learned, steps);
  return {
    space: { ...sizes, ...space, start: 'instances', units: training.augment.permuteChannels ? 'zoo-permuted' : 'zoo' },
    ...{ holdOut, ...training },
    reasons: [
      ...zooReasons(facts),
      ...sizeReasons,
      {
        option: 'space.start',
        why: 'Every embedding decodes to the best network of its architecture at first. A space that starts at random spends thousands of steps on networks that are all alike.',
      },
      {
        option: 'space.units',
        why: training.augment.permuteChannels ? `${UNITS} ${PERMUTED}` : UNITS,
      },
      ...holdOutReasons,
      ...reasons,
    ],
  };
}
