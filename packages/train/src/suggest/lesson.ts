import { NetSpaceError } from '@netspace/prep';

import type { NetworkFacts, ZooFacts } from './network-facts.js';
import { areManyShapes, fewShapes, manyShapes } from './shape-lessons.js';
import type { Lesson, SuggestionReason } from './suggestion.js';

/** If all accuracies are closer together than this, all networks are alike. */
const LEAST_SPREAD = 0.05;
/** Steps over which the learning rate rises, or half of a shorter run. */
const WARM_UP = 100;

/**
 * Task, batch, learning rate and steps of a zoo.
 *
 * @param learned the networks that are not held out
 * @param steps instead of the suggested number
 * @throws NetSpaceError `UNSUPPORTED` if no task fits networks of several architectures
 */
export function suggestLesson(zoo: ZooFacts, learned: readonly NetworkFacts[], steps: number | undefined): Lesson {
  const all = (purpose: string) => zoo.architectures.every((architecture) => (architecture.purpose ?? 'other') === purpose);
  const several = zoo.architectures.length > 1;
  const of = (make: (learned: readonly NetworkFacts[], steps: number) => Lesson, own: number): Lesson =>
    steps === undefined ? make(learned, own) : withGivenSteps(make(learned, steps), steps, own);
  if (all('classifier')) return several ? of(manyClassifiers, 1500) : of(classifiers, 3000);
  const areRegressors = all('regressor') || (all('other') && zoo.networks.every(({ metrics }) => metrics?.['testMse'] !== undefined)); // as recipes measure them
  const numbers = NUMBERS.find(({ purpose }) => (purpose === 'regressor' ? areRegressors : all(purpose)));
  if (numbers !== undefined) return of((known, count) => networksOfNumbers(numbers, known, count), 3000);
  if (!several) {
    if (!all('sdf')) return of(otherNetworks, 6000);
    return areManyShapes(learned) ? of(manyShapes, 3000) : of(fewShapes, 8000);
  }
  const names = zoo.architectures.map(({ name, purpose = 'other' }) => `${name} (${purpose})`).join(', ');
  throw new NetSpaceError(
    'UNSUPPORTED',
    `suggestSpace: expected classifiers, or networks of one architecture, got ${names}; make a space for each, or give the architectures a purpose`,
  );
}

/** The reason for a number of steps is not one for another number, which the caller gave. */
const withGivenSteps = ({ reasons, ...lesson }: Lesson, steps: number, own: number): Lesson => ({
  ...lesson,
  reasons: reasons.map((reason) =>
    reason.option === 'steps'
      ? {
          option: 'steps',
          why: `${steps.toLocaleString('en-US')} steps were given. The suggestion is ${own.toLocaleString('en-US')}: ${reason.why}`,
        }
      : reason,
  ),
});

const RELATIVE = 'relative: 0.5 weighs the flat answers of poor networks more. Without it every network comes out better than it is.';
const cosine = (steps: number): Pick<Lesson['training'], 'learningRate'> => ({
  learningRate: { kind: 'cosine', learningRate: 2e-3, warmUp: Math.min(WARM_UP, Math.floor(steps / 2)) },
});
const COSINE: SuggestionReason = {
  option: 'learningRate',
  why: 'Adam starts at 2e-3 and falls to zero along a cosine. It warms up first, because the first steps of Adam are the largest and can spoil the network that the space starts from: after 160 steps, 16 digit classifiers were 18 points off with 80 steps of warm-up, 33 with 16.',
};
const stepsReason = (why: string): SuggestionReason => ({ option: 'steps', why });

function classifiers(learned: readonly NetworkFacts[], steps: number): Lesson {
  const nets = Math.min(8, learned.length);
  const { augment, reason } = permuted(learned);
  return {
    training: {
      task: { kind: 'classification', relative: 0.5, accuracyGap: 10 },
      ...{ batch: { nets, inputs: 32 }, augment, ...cosine(steps), steps },
    },
    reasons: [
      {
        option: 'task',
        why: `The networks are classifiers. Each predicted network learns to answer as its own target does. ${RELATIVE} accuracyGap: 10 asks that a predicted network be right as often as its target.`,
      },
      { option: 'batch', why: `${nets} networks on 32 images a step are what our experiments used.` },
      reason,
      COSINE,
      stepsReason('After 3,000 steps held-out networks were in order in our experiments (Spearman 0.96). Longer runs were no better.'),
    ],
  };
}

function manyClassifiers(learned: readonly NetworkFacts[], steps: number): Lesson {
  const best = learned.reduce((a, b) => (accuracyOf(b) > accuracyOf(a) ? b : a));
  const alike = best.name !== undefined && spreadOf(learned) < LEAST_SPREAD;
  const nets = Math.min(alike ? 8 : 16, learned.length);
  const inputs = alike ? 32 : 16;
  const { augment, reason } = permuted(learned);
  return {
    training: {
      task: alike
        ? { kind: 'classification', teacher: best.name, interpolation: true }
        : { kind: 'classification', teacher: 'targets', interpolation: false, relative: 0.5, weights: { classId: 0.01 } },
      ...{ batch: { nets, inputs, sampling: 'balanced' }, augment, ...cosine(steps), steps },
    },
    reasons: [
      {
        option: 'task',
        why: alike
          ? `The networks are about equally good (accuracies within ${100 * LEAST_SPREAD} points). All predicted networks learn from the best one, ${best.name}, and so do those on the way from one architecture to another, as in the paper.`
          : `The networks are of several architectures and differ in quality. Each predicted network learns to answer as its own target does. ${RELATIVE} The class loss counts a hundredth: at its full weight it hides the differences between networks of one architecture. For walks from one architecture to another through a third set interpolation to true.`,
      },
      { option: 'batch', why: `${nets} networks on ${inputs} images a step, equally many of each architecture.` },
      reason,
      COSINE,
      stepsReason('1,500 steps put held-out networks in order in our experiments with four architectures. 600 were too few.'),
    ],
  };
}

/** Networks that give numbers, and how they are compared. */
const NUMBERS = [
  { purpose: 'regressor', task: { kind: 'regression' }, inputs: 64, what: 'numbers' },
  { purpose: 'occupancy', task: { kind: 'occupancy' }, inputs: 256, what: 'what is inside a shape' },
  { purpose: 'rgb', task: { kind: 'rgb' }, inputs: 256, what: 'colors of coordinates' },
] as const;

function networksOfNumbers({ task, inputs, what }: (typeof NUMBERS)[number], learned: readonly NetworkFacts[], steps: number): Lesson {
  const nets = Math.min(8, learned.length);
  const { augment, reason } = permuted(learned);
  return {
    training: { task, ...{ batch: { nets, inputs }, augment, ...cosine(steps), steps } },
    reasons: [
      { option: 'task', why: `The networks give ${what}. Each predicted network learns to give those of its target.` },
      { option: 'batch', why: `${nets} networks on ${inputs} inputs a step: a guess from our experiments with classifiers and shapes.` },
      reason,
      COSINE,
      stepsReason(
        '3,000 steps are a guess from our experiments with classifiers. Look at metrics.jsonl: if the loss still falls at the end, take more.',
      ),
    ],
  };
}

function otherNetworks(learned: readonly NetworkFacts[], steps: number): Lesson {
  const nets = Math.min(8, learned.length);
  return {
    training: {
      ...{ task: { kind: 'weights' }, batch: { nets }, augment: { permuteChannels: false }, learningRate: 1e-3, steps },
    },
    reasons: [
      {
        option: 'task',
        why: "The purpose of the networks is not known, so the space can only learn their weights, number by number. That is much weaker than learning what networks do. Give the architecture a purpose, such as 'classifier', 'regressor' or 'sdf', if it has one.",
      },
      { option: 'batch', why: `${nets} networks a step. A weights task runs no network and takes no inputs.` },
      { option: 'augment', why: 'Weights are compared number by number. Permuted channels would change these numbers.' },
      { option: 'learningRate', why: 'Adam at 1e-3 is what our experiments with auto-encoders of weights used.' },
      stepsReason('6,000 steps of a weights task take about as long as 3,000 of a classification task.'),
    ],
  };
}

/** Permutes hidden channels if the architecture says which are hidden. */
function permuted(learned: readonly NetworkFacts[]): {
  readonly augment: { readonly permuteChannels: boolean };
  readonly reason: SuggestionReason;
} {
  const known = learned.every(({ architecture }) =>
    architecture.parameters.some(({ channels }) => channels?.some((group) => group !== undefined)),
  );
  return {
    augment: { permuteChannels: known },
    reason: {
      option: 'augment',
      why: known
        ? 'The encoder sees hidden channels in another order at every step, which does not change what a network does. Without this the encoder knows the networks by heart and cannot place a new one.'
        : 'An architecture does not say which of its channels are hidden. They cannot be permuted.',
    },
  };
}

const accuracyOf = ({ metrics }: NetworkFacts): number => metrics?.['testAccuracy'] ?? -Infinity;

/** Between the best and the worst accuracy; infinite if one was not measured. */
function spreadOf(networks: readonly NetworkFacts[]): number {
  const accuracies = networks.map(accuracyOf);
  return Math.max(...accuracies) - Math.min(...accuracies);
}
