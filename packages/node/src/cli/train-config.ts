import { z } from 'zod';

import { scheduleSchema } from '@netspace/train/internal';

import { translateSpace } from './former-space-config.js';

const whole = z.number().int();
const size = whole.positive();

const sizedSpaceSchema = z.strictObject({
  preset: z.enum(['paper', 'small', 'tiny']).default('paper'),
  /** Height and width; left out, the smallest that holds every architecture. */
  prepShape: z.tuple([size, size]).optional(),
  embeddingSize: size.optional(),
  grid: size.optional(),
  encoderWidth: size.optional(),
  decoderChannels: size.optional(),
  decoderWidth: size.optional(),
  decoderHidden: size.optional(),
  /**
   * What every embedding decodes to at first: much the same poor network, as in the paper, the zoo's best instance of the largest
   * architecture, or the best of its own architecture; the last only with `units: 'zoo'`.
   */
  start: z.enum(['random', 'instance', 'instances']).default('random'),
  /** Whether weights are seen as they are, or in units of the zoo's own spread about its mean, each architecture by itself. */
  units: z.enum(['none', 'zoo']).default('none'),
  seed: whole.nonnegative().default(0),
});

const spaceSchema = z.preprocess(translateSpace, sizedSpaceSchema).refine(({ start, units }) => start !== 'instances' || units === 'zoo', {
  path: ['units'],
  message: "expected 'zoo' with start 'instances', got 'none'",
});

/** Whether predicted networks of one architecture run at once; `auto` is what the runtime is faster at. */
const grouping = z.enum(['auto', 'together', 'apart']).default('auto');

const weight = z.number().nonnegative();
const classificationSchema = z.strictObject({
  kind: z.literal('classification'),
  /** `targets`, `labels`, or the name of an instance of the zoo. */
  teacher: z.string().default('targets'),
  alpha: z.number().min(0).max(1).optional(),
  temperature: z.number().positive().default(4),
  squaredTemperature: z.boolean().default(true),
  relative: z.number().min(0).max(1).default(0),
  accuracyGap: weight.default(0),
  interpolation: z.boolean().default(true),
  weights: z.strictObject({ classId: weight.optional(), task: weight.optional(), interpolation: weight.optional() }).default({}),
  route: z.enum(['predicted', 'target']).default('predicted'),
  grouping,
  /** Whether what targets and teacher say of an image is computed once and remembered; `auto` where it is small and pays. */
  cacheTargets: z.union([z.boolean(), z.literal('auto')]).default('auto'),
});
const sdfSchema = z.strictObject({
  kind: z.literal('sdf'),
  points: z.enum(['shared', 'own', 'both']).default('shared'),
  bounds: z.number().positive().default(0.6),
  grouping,
});

/** The config file of `netspace train`. */
export const trainConfigSchema = z.strictObject({
  /** Folder of the zoo. */
  zoo: z.string(),
  /** Images to compare networks on: `mnist`, `cifar10:PATH`, `tiny-imagenet:PATH`; SDF tasks need none. */
  data: z.string().default('mnist'),
  /** Architectures that the space knows beside the zoo's own, reached only by interpolation. */
  architectures: z.array(z.string()).default([]),
  /** Instances of the zoo that the space does not see, to test it on. */
  holdOut: z.strictObject({ names: z.array(z.string()).default([]), seeds: z.array(whole).default([]) }).prefault({}),
  space: spaceSchema.prefault({}),
  task: z.discriminatedUnion('kind', [classificationSchema, sdfSchema]).prefault({ kind: 'classification' }),
  steps: size,
  batch: z
    .strictObject({ nets: size.default(8), inputs: size.default(64), sampling: z.enum(['shuffled', 'balanced']).default('shuffled') })
    .prefault({}),
  /** Shows the encoder each network with its hidden channels in another order at every step. */
  augment: z.strictObject({ permuteChannels: z.boolean().default(false) }).prefault({}),
  learningRate: scheduleSchema.default(1e-4),
  seed: whole.nonnegative().default(0),
  readEvery: size.default(10),
  checkpointEvery: size.default(500),
});

export type TrainConfig = z.output<typeof trainConfigSchema>;
