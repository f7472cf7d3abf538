import { disposeInstances, type Instance } from '@netspace/prep';
import { architectureByName, type InstanceStore } from '@netspace/zoo';
import { type NamedMesh, sampleSdf } from '@netspace/shapes';

import { parseConfig } from './parse-config.js';
import type { ZooAddition, ZooProgress } from './build-zoo.js';
import { fitSdf } from './fit-sdf.js';
import { shapeRecipeSchema, type ShapeRecipe } from './shape-recipe.js';

export interface BuildShapeZooOptions {
  readonly store: InstanceStore;
  /** Closed meshes within the cube of ±0.5; their names become the instances'. */
  readonly meshes: readonly NamedMesh[];
  /** Where every fit starts; new weights of the recipe's seed, the same for all, if left out. */
  readonly start?: Instance;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ZooProgress) => void;
}

/**
 * Fits one SIREN to each mesh and yields each as it is added to the store; shapes that are there already are skipped.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key; `ABORTED` when the signal stopped it; `SHAPE_MISMATCH` for a
 *   start of another architecture
 */
export async function* buildShapeZoo(
  recipe: ShapeRecipe,
  { store, meshes, start, signal, onProgress }: BuildShapeZooOptions,
): AsyncGenerator<ZooAddition, void> {
  const { architecture: name, seed, ...config } = parseConfig('buildShapeZoo: recipe', shapeRecipeSchema, recipe);
  const { samples: count, nearSurface, bounds, ...fitting } = config;
  const architecture = architectureByName(name);
  const present = new Set((await store.list()).map((record) => record.name));
  const total = meshes.length;
  let done = meshes.filter((mesh) => present.has(mesh.name)).length;
  for (const { name: shape, mesh } of meshes.filter((candidate) => !present.has(candidate.name))) {
    const samples = sampleSdf(mesh, { count, seed, nearSurface, ...(bounds !== undefined && { bounds }) });
    const onStep = (step: number, steps: number) => onProgress?.({ done, total, architecture: name, seed, step, steps });
    const { steps, batchSize, learningRate } = fitting;
    const shared = { samples, architecture, steps, batchSize, learningRate, seed, onStep };
    const fitted = await fitSdf({ ...shared, ...(start && { start }), ...(signal && { signal }) });
    try {
      const epochs = (fitted.steps * Math.min(batchSize, count)) / count;
      const record = await store.add({ name: shape, instance: fitted.instance, epochs, seed, metrics: { ...fitted.metrics } });
      yield { done: ++done, total, record };
    } finally {
      disposeInstances([fitted.instance]);
    }
  }
}
