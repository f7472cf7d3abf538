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
import { configOptions } from '@netspace/model/internal';
import {
  occupancyTaskOptions,
  rgbTaskOptions,
  labelsTask,
  nearTargets,
  regressionTaskOptions,
  sdfTaskOptions,
  targetsTask,
  teacherTask,
  trainNetSpaceOptions,
  weightsTaskOptions,
} from '@netspace/train/internal';

const { classes: _classes, prepShape: _shape, ...sizes } = configOptions.entries;
const spaceEntries = {
  /**
   * Height and width of the PReps: multiples of 4 and 8.
   * @default the smallest that holds every architecture
   */
  prepShape: optional(prepShape),
  ...sizes,
  /**
   * Seed of the weights' initial values.
   * @default 0
   */
  seed: withDefault(seed, 0),
};
const startOptions = {
  anyOf: objectOf({
    ...spaceEntries,
    /**
     * The network to which every embedding decodes at first. `random`: one of random weights, as in the paper. `instance`: the zoo's best
     * network of the largest architecture. `instances`: the best of its own architecture; it needs `units`.
     * @default 'random'
     */
    start: withDefault(oneOf(['random', 'instance', 'instances']), 'random'),
    /**
     * The units of weights. `none`: as they are. `zoo`: in units of the zoo's own spread about its mean, each architecture by itself.
     * `zoo-permuted`: units of the zoo with hidden channels in random order; needed with `permuteChannels` where networks share initial values.
     * @default 'none'
     */
    units: withDefault(oneOf(['none', 'zoo', 'zoo-permuted']), 'none'),
  }),
  instances: objectOf({
    ...spaceEntries,
    /** Every embedding decodes to the zoo's best network of its own architecture at first. */
    start: oneOf(['instances']),
    /**
     * Weights are measured in units of the zoo's own spread about its mean, each architecture by itself. `zoo-permuted`: units of the zoo with
     * hidden channels in random order; needed with `permuteChannels` where networks share initial values.
     */
    units: oneOf(['zoo', 'zoo-permuted']),
  }),
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
  teacher: objectOf({
    ...withoutData(teacherTask.entries),
    /** Name of the network of the zoo that all predicted networks imitate. */
    teacher: text,
  }),
};
const classificationOptions = choose('a classification task', (given) => {
  const teacher = typeof given === 'object' && given !== null && 'teacher' in given ? given.teacher : undefined;
  if (teacher === undefined || teacher === 'targets') return fileTasks.targets;
  return teacher === 'labels' ? fileTasks.labels : fileTasks.teacher;
});
const fieldOptions = { occupancy: objectOf(withoutData(occupancyTaskOptions.entries)), rgb: objectOf(withoutData(rgbTaskOptions.entries)) };
const shapeOptions = objectOf({
  ...sdfTaskOptions.entries,
  /**
   * Half of a step's points are near the surfaces of its batch: each target says where its surface is. Of random points in the cube, those where its
   * distance is the smallest are found before the first step.
   * @default all are drawn from the cube
   */
  near: optional(nearTargets), // a list of points is in no zoo
});
const { instances: _instances, task: _task, checkpoint: _checkpoint, metrics: _metrics, identity: _id, signal: _signal, onTarget: _told, ...training } = trainNetSpaceOptions.entries; // prettier-ignore

/** The config file of `netspace train`: the options of `trainNetSpace`, with files and names where it takes data. */
export const trainConfigOptions = objectOf({
  /** Folder of the zoo, as seen from the config. */
  zoo: text,
  /**
   * Inputs to compare networks on: `mnist`, `cifar10:PATH`, `tiny-imagenet:PATH`, or a file of tensors (`.npz`, `.npy`, `.csv`, `.safetensors`),
   * all as seen from the config, with options behind it: `./houses.csv#targets=price`; or random inputs of a shape: `normal:28x28x1`,
   * `uniform:4#low=0#high=1`. Tasks of shapes, fields and weights need none.
   * @default 'mnist' for classification
   */
  data: optional(text),
  /**
   * Architectures that the space knows in addition to those of the zoo. Only interpolation reaches them. Names, or
   * paths of ONNX files or of the `model.json` of a `tf.LayersModel` (or of its folder), relative to the config.
   * @default []
   */
  architectures: withDefault(listOf(text, 'a list of names or files'), []),
  /** Instances of the zoo that the space does not see, to test it on. */
  holdOut: withDefault(
    objectOf({
      /**
       * Names of networks; `netspace zoo list` shows them.
       * @default []
       */
      names: withDefault(listOf(text, 'a list of names'), []),
      /**
       * Seeds: every network of one of these seeds.
       * @default []
       */
      seeds: withDefault(listOf(whole, 'a list of seeds'), []),
    }),
    {},
  ),
  /** Sizes and start of the space. */
  space: withDefault(spaceOptions, {}),
  /**
   * What is learned: to classify, to give numbers (`regression`), signed distances, occupancy or colors of coordinates, or the weights themselves.
   * @default { kind: 'classification' }
   */
  task: withDefault(
    byKind('kind', {
      ...{ classification: classificationOptions, regression: objectOf(withoutData(regressionTaskOptions.entries)) },
      ...{ sdf: shapeOptions, ...fieldOptions, weights: weightsTaskOptions },
    }),
    { kind: 'classification' },
  ),
  ...training,
  /**
   * Steps between two checkpoints.
   * @default 500
   */
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
