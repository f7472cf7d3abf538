import {
  byKind,
  choose,
  count,
  listOf,
  objectOf,
  oneOf,
  optional,
  prepShape,
  seed,
  text,
  translated,
  type UsedBy,
  whole,
  withDefault,
} from '@netspace/prep/internal';
import { translateSpace } from './former-space-config.js';
import { labelsTask, sdfTaskOptions, targetsTask, teacherTask, trainNetSpaceOptions, weightsTaskOptions } from '@netspace/train/internal';

const spaceEntries = {
  preset: withDefault(oneOf(['paper', 'small', 'tiny']), 'paper'),
  /** Height and width; left out, the smallest that holds every architecture. */
  prepShape: optional(prepShape),
  embeddingSize: optional(count),
  grid: optional(count),
  encoderWidth: optional(count),
  decoderChannels: optional(count),
  decoderWidth: optional(count),
  decoderHidden: optional(count),
  /**
   * What every embedding decodes to at first: much the same poor network, as in the paper, the zoo's best instance of the largest
   * architecture, or the best of its own architecture; the last only with `units: 'zoo'`.
   */
  start: withDefault(oneOf(['random', 'instance', 'instances']), 'random'),
  /** Whether weights are seen as they are, or in units of the zoo's own spread about its mean, each architecture by itself. */
  units: withDefault(oneOf(['none', 'zoo']), 'none'),
  seed: withDefault(seed, 0),
};
const startOptions = {
  anyOf: objectOf(spaceEntries),
  instances: objectOf({ ...spaceEntries, start: oneOf(['instances']), units: oneOf(['zoo']) }), // each architecture has units of its own
};
const spaceOptions = translated(
  choose('a space', (given) => {
    const start = typeof given === 'object' && given !== null && 'start' in given ? given.start : undefined;
    return start === 'instances' ? startOptions.instances : startOptions.anyOf;
  }),
  translateSpace,
);

/** The data set is named beside the task, the teacher by its instance's name: the rest is the API's. */
const withoutData = <E extends { readonly dataset: unknown }>({ dataset: _, ...entries }: E): Omit<E, 'dataset'> => entries;
const fileTasks = {
  targets: objectOf(withoutData(targetsTask.entries)),
  labels: objectOf(withoutData(labelsTask.entries)),
  teacher: objectOf({ ...withoutData(teacherTask.entries), teacher: text }),
};
const classificationOptions = choose('a classification task', (given) => {
  const teacher = typeof given === 'object' && given !== null && 'teacher' in given ? given.teacher : undefined;
  if (teacher === undefined || teacher === 'targets') return fileTasks.targets;
  return teacher === 'labels' ? fileTasks.labels : fileTasks.teacher;
});
const { near: _, ...sdfEntries } = sdfTaskOptions.entries; // points near surfaces are not in a zoo
const { steps, batch, augment, learningRate, readEvery, onDivergence } = trainNetSpaceOptions.entries;

/** The config file of `netspace train`: the options of `trainNetSpace`, with files and names where it takes data. */
export const trainConfigOptions = objectOf({
  /** Folder of the zoo. */
  zoo: text,
  /** Images to compare networks on: `mnist`, `cifar10:PATH`, `tiny-imagenet:PATH`; classification tasks need them. */
  data: withDefault(text, 'mnist'),
  /** Architectures that the space knows in addition to the zoo's own, reached only by interpolation. */
  architectures: withDefault(listOf(text, 'a list of names'), []),
  /** Instances of the zoo that the space does not see, to test it on. */
  holdOut: withDefault(
    objectOf({ names: withDefault(listOf(text, 'a list of names'), []), seeds: withDefault(listOf(whole, 'a list of seeds'), []) }),
    {},
  ),
  space: withDefault(spaceOptions, {}),
  task: withDefault(byKind('kind', { classification: classificationOptions, sdf: objectOf(sdfEntries), weights: weightsTaskOptions }), {
    kind: 'classification',
  }),
  ...{ steps, batch, augment, learningRate, seed: trainNetSpaceOptions.entries.seed, readEvery, onDivergence },
  checkpointEvery: withDefault(count, 500),
});

export type TrainConfig = UsedBy<typeof trainConfigOptions>;

/**
 * The config that a run recorded. Earlier versions wrote all defaults into it, also of options that mean nothing for its space; what says no
 * more than a default does is left out.
 */
export function withoutRecordedDefaults(config: object): object {
  if (!('task' in config) || typeof config.task !== 'object' || config.task === null) return config;
  const task = Object.fromEntries(Object.entries(config.task).filter(([key, value]) => RECORDED[key] !== JSON.stringify(value)));
  return { ...config, task };
}

const RECORDED: Readonly<Record<string, string>> = {
  ...{ interpolation: 'true', weights: '{}', route: '"predicted"', cacheTargets: '"auto"', relative: '0', accuracyGap: '0' },
  ...{ temperature: '4', squaredTemperature: 'true' },
};
