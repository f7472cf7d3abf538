import { parameterCount } from '@netspace/prep';

import type { NetworkFacts } from './network-facts.js';
import type { Lesson } from './suggestion.js';

/** From so many shapes on a space can know shapes that it has never seen. */
export const MANY_SHAPES = 64;

/** For networks of so many parameters at most, a dense decoder is not too large. */
const DENSE_PARAMETERS = 10_000;

/** Whether there are enough shapes to find others between them. */
export const areManyShapes = (learned: readonly NetworkFacts[]): boolean => learned.length >= MANY_SHAPES;

/** A space for walks between the shapes that it learns: embeddings are the encoder's. */
export function fewShapes(learned: readonly NetworkFacts[], steps: number): Lesson {
  const nets = Math.min(12, learned.length);
  const every = Math.max(1, Math.round(steps / 8));
  return {
    training: {
      ...{ task: { kind: 'sdf', near: 'targets', points: 'both' }, batch: { nets, inputs: 192 }, augment: { permuteChannels: false } },
      ...{ learningRate: { kind: 'exponential', learningRate: 3e-3, factor: 0.7, every }, steps },
    },
    reasons: [
      {
        option: 'task',
        why: 'The networks give signed distances. Each predicted network learns those of its target. Half of the points are shared by all networks of a step, which keeps walks between shapes whole; half are its own. Of both, half are near surfaces, which keeps the shape.',
      },
      {
        option: 'batch',
        why: `${nets} networks on 192 points a step. In our experiments more networks a step helped and more points did not.`,
      },
      {
        option: 'augment',
        why: 'SIRENs that start from one set of initial values keep their channels in one order. Nothing has to be permuted.',
      },
      {
        option: 'learningRate',
        why: 'Adam starts at 3e-3 and falls by 30 % every eighth of the run. At 7e-3 every embedding became the same.',
      },
      {
        option: 'steps',
        why: '8,000 steps gave an IoU of 0.81 for the shapes of the zoo in our experiments, 16,000 steps 0.87.',
      },
    ],
  };
}

/** A space that finds shapes which it has never seen: embeddings are free, and the weights move along directions. */
export function manyShapes(learned: readonly NetworkFacts[], steps: number): Lesson {
  const nets = Math.min(24, learned.length);
  const isSmall = learned.every(({ architecture }) => parameterCount(architecture.parameters) <= DENSE_PARAMETERS);
  const learningRate = isSmall ? 3e-3 : 1e-2;
  return {
    space: { embeddingSize: 512, ...(isSmall && { dense: {} }), directions: {} },
    training: {
      ...{ task: { kind: 'sdf', near: 'targets', points: 'own', clamp: 0.1 }, batch: { nets, inputs: 512 }, embeddings: 'free' },
      ...{ augment: { permuteChannels: false }, learningRate: { kind: 'cosine', learningRate, final: learningRate / 100 }, steps },
    },
    reasons: [
      ...(isSmall
        ? [
            {
              option: 'space.dense',
              why: 'The networks are small enough for a decoder of fully connected layers, which learned 512 seats faster: after 5,000 steps, 10 minutes of one core, refined seats never seen came back with an IoU of 0.88; with convolutions they came to 0.87 after 10,000 steps and 32 minutes.',
            },
          ]
        : []),
      {
        option: 'space.directions',
        why: 'Weights also move along 512 fixed random directions, so that refinement finds shapes that the decoder alone cannot make: after 1,500 steps with 512 seats, refined seats never seen came back with an IoU of 0.87, without directions with 0.72.',
      },
      {
        option: 'task',
        why: 'The networks give signed distances. Each predicted network learns those of its target, up to 0.1, on points of its own: half of them near its surface.',
      },
      { option: 'batch', why: `${nets} networks on 512 points a step are what our experiment with 512 seats used.` },
      {
        option: 'embeddings',
        why: 'Every shape has an embedding of its own while the space learns. The decoder learns several times as fast so; the encoder only guesses. Refine what you encode: --refine 300 of evaluate, interpolate and encode.',
      },
      {
        option: 'augment',
        why: 'SIRENs that start from one set of initial values keep their channels in one order. Nothing has to be permuted.',
      },
      {
        option: 'learningRate',
        why: isSmall
          ? 'Adam starts at 3e-3 and falls to 3e-5 along a cosine, as in our experiment with 512 seats. Without dense it may start at 1e-2.'
          : 'Adam starts at 1e-2 and falls to 1e-4 along a cosine. This rate suits free embeddings and convolutions only.',
      },
      {
        option: 'steps',
        why: isSmall
          ? '5,000 steps with 512 seats gave a refined IoU of 0.90 for second fits of known seats and 0.88 for others.'
          : '3,000 steps with 84 seats gave a refined IoU of 0.88 for those of the zoo and 0.81 for others, 10,000 steps with 512 seats 0.89 and 0.87.',
      },
    ],
  };
}
