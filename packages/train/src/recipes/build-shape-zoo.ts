import { abortSignal, functionOf, type GivenBy, instance, objectOf, optional, parseOptions, valueOf } from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { type NamedMesh, sampleSdf } from '@netspace/shapes';
import * as tf from '@tensorflow/tfjs-core';

import { instanceStore } from '../option-kinds.js';
import type { StepProgress } from '../step-progress.js';
import type { ZooAddition, ZooProgress } from './build-zoo.js';
import { fitSdf } from './fit-sdf.js';
import { shapeRecipeOptions, type ShapeRecipe } from './shape-recipe.js';

/** See {@link BuildShapeZooOptions}. */
export const buildShapeZooOptions = objectOf({
  store: instanceStore,
  /** Closed meshes within the cube of ±0.5; their names become the instances'. */
  meshes: valueOf<readonly NamedMesh[]>('a list of { name, mesh }', (value) => Array.isArray(value)),
  /** Where every fit starts; new weights of the recipe's seed, the same for all, if left out. */
  start: optional(instance),
  signal: optional(abortSignal),
  /** Called after each step of each fit. */
  onStep: optional(functionOf<(progress: ZooProgress) => void>()),
});

/** Options of {@link buildShapeZoo}. */
export interface BuildShapeZooOptions extends GivenBy<typeof buildShapeZooOptions> {}

/**
 * Fits one SIREN to each mesh and yields each as it is added to the store; shapes that are there already are skipped.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key; `ABORTED` when the signal stopped it; `SHAPE_MISMATCH` for a
 *   start of another architecture
 */
export async function* buildShapeZoo(recipe: ShapeRecipe, options: BuildShapeZooOptions): AsyncGenerator<ZooAddition, void> {
  const { store, meshes, start, signal, onStep: tell } = parseOptions('buildShapeZoo', buildShapeZooOptions, options);
  const { architecture: name, seed, ...config } = parseOptions('buildShapeZoo: recipe', shapeRecipeOptions, recipe);
  const { samples: count, nearSurface, bounds, ...fitting } = config;
  const architecture = architectureByName(name);
  const present = new Set((await store.list()).map((record) => record.name));
  const total = meshes.length;
  let done = meshes.filter((mesh) => present.has(mesh.name)).length;
  for (const { name: shape, mesh } of meshes.filter((candidate) => !present.has(candidate.name))) {
    const samples = await sampleSdf(mesh, { count, seed, nearSurface, ...(bounds !== undefined && { bounds }) });
    const onStep = (progress: StepProgress) => tell?.({ done, total, architecture: name, seed, ...progress });
    const { steps, batchSize, learningRate } = fitting;
    const shared = { samples, architecture, steps, batchSize, learningRate, seed, onStep };
    const fitted = await fitSdf({ ...shared, start, signal });
    try {
      const epochs = (fitted.steps * Math.min(batchSize, count)) / count;
      const record = await store.add({ name: shape, instance: fitted.instance, epochs, seed, metrics: { ...fitted.metrics } });
      yield { done: ++done, total, record };
    } finally {
      tf.dispose([...fitted.instance.parameters]);
    }
  }
}
