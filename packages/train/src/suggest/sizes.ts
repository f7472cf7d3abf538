import type { Preset } from '@netspace/model';
import { type PRepShape, requiredPRepShape } from '@netspace/prep';

import type { ZooFacts } from './network-facts.js';
import type { SuggestionReason } from './suggestion.js';

/** A network with at least this number of parameters fills rows of the paper's width, and the paper's sizes are worth their cost. */
const PAPER_FROM = 200_000;
/** Up to this number of parameters, the smallest preset has room enough. */
const TINY_UP_TO = 1000;
/** Rows that the smallest of several architectures should fill: the encoder keeps only the maxima of a row. */
const ROWS_OF_SMALLEST = 4;
/** Networks of our experiments with the preset `small`, in parameters. */
const SMALL_TRIED = { from: 4000, to: 30_000 };
const MOST_ROWS = 128;
const PAPER_WIDTH = 10_000;

const number = (value: number): string => value.toLocaleString('en-US');

/** Preset and PRep shape that hold every architecture. */
export function suggestSizes({ architectures, smallest, largest }: ZooFacts): {
  readonly sizes: { readonly preset: Preset; readonly prepShape: PRepShape };
  readonly reasons: readonly SuggestionReason[];
} {
  const preset = largest >= PAPER_FROM ? 'paper' : largest <= TINY_UP_TO ? 'tiny' : 'small';
  const several = architectures.length > 1;
  const width = several ? Math.max(smallest / ROWS_OF_SMALLEST, largest / MOST_ROWS) : largest / 8;
  const prepShape = requiredPRepShape(architectures, { width: Math.min(PAPER_WIDTH, Math.max(1, Math.ceil(width / 8)) * 8) });
  const [height, columns] = prepShape;
  return {
    sizes: { preset, prepShape },
    reasons: [
      { option: 'space.preset', why: presetReason(preset, largest) },
      {
        option: 'space.prepShape',
        why:
          `${height} rows of ${number(columns)} hold the ${number(largest)} parameters of the largest network. ` +
          (several
            ? `Rows are short, so that the smallest network, with ${number(smallest)} parameters, also fills several of them. The encoder keeps only the maxima of a row.`
            : 'The decoder needs a height that is a multiple of 4 and a width that is a multiple of 8.'),
      },
    ],
  };
}

function presetReason(preset: Preset, largest: number): string {
  const size = `The largest network has ${number(largest)} parameters.`;
  if (preset === 'paper') return `${size} From ${number(PAPER_FROM)} on the sizes of the paper are meant. Training them takes a GPU.`;
  if (preset === 'tiny') return `${size} The smallest preset has room enough for networks of up to ${number(TINY_UP_TO)}.`;
  const guess = largest >= SMALL_TRIED.from && largest <= SMALL_TRIED.to ? '' : ' For networks of other sizes it is a first guess.';
  return `${size} The preset 'small' learned all our spaces of networks with 4,000 to 30,000 parameters on two CPU cores.${guess}`;
}
