import { count, listOf, objectOf, optional, text, type UsedBy, valueOf, whole, withDefault } from '@netspace/prep/internal';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values by the key that they replace; `space.embeddingSize` is a key within another. */
const changes = valueOf<Readonly<Record<string, unknown>>>('values by key', isObject);
const lists = valueOf<Readonly<Record<string, readonly unknown[]>>>(
  'lists of values by key',
  (value) => isObject(value) && Object.values(value).every((one) => Array.isArray(one) && one.length > 0),
  (value) => {
    const [key, one] = isObject(value) ? (Object.entries(value).find(([, each]) => !Array.isArray(each)) ?? []) : [];
    return key === undefined ? undefined : `{ ${JSON.stringify(key)}: [${JSON.stringify(one)}] }`;
  },
);

/** The file of `netspace sweep`: several trainings of spaces that differ in some keys of one config. */
export const sweepOptions = objectOf({
  /** Config of `netspace train` that all runs begin with: a JSON file, as seen from this one. */
  config: text,
  /**
   * Lists of values by key, such as `{ "learningRate.learningRate": [0.001, 0.0003], "space.embeddingSize": [64, 128] }`. Every combination is a run.
   * @default {}
   */
  grid: withDefault(lists, {}),
  /**
   * Further runs, each by what differs from the config, such as `{ "task.alpha": 0.5, "steps": 10000 }`.
   * @default []
   */
  runs: withDefault(listOf(changes, 'a list of values by key'), []),
  /**
   * Seeds of each of these runs.
   * @default the seed of the config
   */
  seeds: optional(listOf(whole, 'a list of seeds', 1)),
  /**
   * Measures each space at the end, as `netspace evaluate` does: on the networks that were held out, or on all if none was.
   * @default losses alone
   */
  evaluate: optional(
    objectOf({
      /**
       * Data set whose test half is used.
       * @default that of the config
       */
      data: optional(text),
      /**
       * Only this many inputs, evenly spread.
       * @default all
       */
      limit: optional(count),
      /**
       * Measures refined encodings, each moved in this many steps, as `--refine` of `netspace evaluate` does, such as 300. Spaces of free embeddings
       * need it: their encoders only guess.
       * @default encodings alone
       */
      refine: optional(count),
    }),
  ),
});
export type SweepConfig = UsedBy<typeof sweepOptions>;

/** The shortest sweep that works. */
export const SHORTEST_SWEEP = {
  config: '{ "config": "space.jsonc", "grid": { "learningRate.learningRate": [0.001, 0.0003] }, "seeds": [0, 1] }',
  command: 'sweep --help',
};
