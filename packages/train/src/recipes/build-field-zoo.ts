import { NetSpaceError } from '@netspace/prep';
import { abortSignal, functionOf, type GivenBy, objectOf, optional, parseOptions, type UsedBy, valueOf } from '@netspace/prep/internal';
import { architectureByName, type TensorDataset } from '@netspace/zoo';

import { checkRegression, trainRegressorFrom } from '../instances/train-regressor.js';
import { instanceStore } from '../option-kinds.js';
import { addJobs, type ZooAddition, type ZooProgress } from './add-jobs.js';
import { type FieldRecipe, fieldRecipeOptions } from './field-recipe.js';
import { instanceNameOf } from './instance-name.js';
import { jobMemory, memoryOf } from './job-memory.js';
import type { ZooJob, ZooPlan } from './zoo-job.js';

/** What one network learns to give: colors of coordinates, or other targets of inputs. */
export interface NamedField {
  /** Becomes that of the network, as `instanceNameOf` writes it. */
  readonly name: string;
  /** Inputs with targets. */
  readonly dataset: TensorDataset;
}

/** See {@link BuildFieldZooOptions}. */
export const buildFieldZooOptions = objectOf({
  /** The store to which the networks are added. */
  store: instanceStore,
  /** One data set a network. */
  fields: valueOf<readonly NamedField[]>('a list of { name, dataset }', (value) => Array.isArray(value)),
  /** Stops the fit in progress. Networks that were added stay. */
  signal: optional(abortSignal),
  /** Called after each step of each fit. */
  onStep: optional(functionOf<(progress: ZooProgress) => void>()),
});

/** Options of {@link buildFieldZoo}. */
export interface BuildFieldZooOptions extends GivenBy<typeof buildFieldZooOptions> {}

/**
 * Fits one network to each data set, such as the pixels of a picture, and yields each as it is added to the store; those that are there already
 * are skipped. All begin with the same weights, so that they stay near one another.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key, if two data sets have one name, or one has no targets;
 *   `SHAPE_MISMATCH` for data of another task; `ABORTED` when the signal stopped it; `DIVERGED` at the end, naming each fit that diverged
 * @see Sitzmann et al., "Implicit Neural Representations with Periodic Activation Functions", arXiv:2006.09661
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { buildFieldZoo } from '@netspace/train';
 * import { createTensorDataset, memoryFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const corners = { inputs: Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1), shape: [2], targetShape: [3] };
 * const red = createTensorDataset({ name: 'red', ...corners, targets: Float32Array.from({ length: 12 }, (_, i) => Number(i % 3 === 0)) });
 * const recipe = { kind: 'fields', architecture: 'siren-2-4x0-3', steps: 3 } as const;
 * const store = openInstanceStore(memoryFiles());
 * for await (const { record } of buildFieldZoo(recipe, { store, fields: [{ name: 'red', dataset: red }] })) console.log(record.name); // red
 * ```
 */
export async function* buildFieldZoo(recipe: FieldRecipe, options: BuildFieldZooOptions): AsyncGenerator<ZooAddition, void> {
  const { store, fields, signal, onStep } = parseOptions('buildFieldZoo', buildFieldZooOptions, options);
  const used = parseOptions('buildFieldZoo: recipe', fieldRecipeOptions, recipe);
  yield* addJobs('buildFieldZoo', fieldZooPlan(used, fields), { store, signal, onStep });
}

/**
 * The jobs of a recipe of fields, one for each.
 *
 * @throws NetSpaceError as `buildFieldZoo`
 */
export function fieldZooPlan(recipe: UsedBy<typeof fieldRecipeOptions>, fields: readonly NamedField[]): ZooPlan {
  const { architecture: name, seed, scheme, steps, batchSize, learningRate } = recipe;
  const architecture = architectureByName(name);
  const settings = { kind: 'fields', architecture: name, seed, scheme, steps, batchSize, learningRate };
  const jobs = new Map<ZooJob, TensorDataset>();
  const originals = new Map<string, string>();
  const trainingOf = (dataset: TensorDataset) =>
    ({
      architecture,
      train: dataset,
      test: dataset,
      lengths: [steps],
      unit: 'steps',
      batchSize: Math.min(batchSize, dataset.count),
    }) as const;
  for (const { name: given, dataset } of fields) {
    const field = instanceNameOf(given, 'field');
    const other = originals.get(field);
    if (other !== undefined) {
      throw new NetSpaceError('INVALID_OPTION', `buildFieldZoo: expected another name for each field, got ${JSON.stringify(other)} and ${JSON.stringify(given)}, both stored as ${field}; rename one`); // prettier-ignore
    }
    originals.set(field, given);
    const data = [dataset.inputs, ...(dataset.targets === undefined ? [] : [dataset.targets])];
    const job: ZooJob = {
      ...{ title: field, architecture: name, seed, names: [field], settings: { ...settings, field } },
      ...{ data, memory: () => memoryOf(jobMemory({ architecture, batchSize, data }), 1) },
      async *run({ signal, onStep, resume }) {
        const options = { ...trainingOf(dataset), optimizer: { kind: 'adam', learningRate }, seed, scheme, signal, onStep } as const;
        for await (const { instance, epochs, metrics } of trainRegressorFrom(options, resume)) {
          const { testMse: mse, testR2: r2 } = metrics; // on all that it learned from: there is nothing else
          yield { name: field, instance, epochs, seed, metrics: { mse, ...(r2 !== undefined && { r2 }) } };
        }
      },
    };
    jobs.set(job, dataset);
  }
  return {
    jobs: [...jobs.keys()],
    check: (wanted) => wanted.forEach((job) => checkRegression('buildFieldZoo', { ...trainingOf(jobs.get(job)!), output: undefined })),
  };
}
