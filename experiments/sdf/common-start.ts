import { join } from 'node:path';

import { directoryFiles, fitSdf, type FitSdfOptions, type NamedMesh, type ShapeRecipe } from '@netspace/node';
import type { Instance } from '@netspace/prep';
import { architectureByName, openInstanceStore, sampleSdf, type SdfSamples } from '@netspace/zoo';

import type { Context } from '../shared/experiment.js';
import { hashOf } from '../shared/settings-hash.js';

/** How one SIREN is fitted to all shapes at once: what it learns is close to the mean of their distances. */
export interface CommonStart extends Pick<FitSdfOptions, 'learningRate'> {
  readonly steps: number;
  /** Points a step. */
  readonly batchSize: number;
  /** Points of each shape. */
  readonly samples: number;
}

export interface CommonStartStage {
  readonly config: CommonStart;
  readonly recipe: Pick<ShapeRecipe, 'architecture' | 'nearSurface' | 'bounds'>;
  /** Shapes that the space may know. */
  readonly meshes: readonly NamedMesh[];
  readonly seed: number;
}

/** A network that fits start from, under a name that tells it from others. */
export interface StoredStart {
  readonly id: string;
  readonly instance: Instance;
}

/** The network that all fits start from, or that of an earlier run; in `zoos/start-HASH` of `context.work`. */
export async function commonStart(context: Context, { config, recipe, meshes, seed }: CommonStartStage): Promise<StoredStart> {
  const fitting = { ...config, steps: Math.min(config.steps, context.stepsLimit ?? Infinity) };
  const id = `start-${hashOf([fitting, recipe, meshes.map((mesh) => mesh.name), seed])}`;
  const store = openInstanceStore(directoryFiles(join(context.work, 'zoos', id)));
  return context.stage(`zoo-${id}`, async () => {
    if ((await store.list()).length === 0) {
      const { nearSurface = 0.8, bounds } = recipe;
      const options = { count: config.samples, seed, nearSurface, ...(bounds !== undefined && { bounds }) };
      const { samples: _, ...rest } = fitting;
      const samples = joined(meshes.map(({ mesh }) => sampleSdf(mesh, options)));
      const { instance, metrics, steps } = await fitSdf({
        ...{ ...rest, samples, architecture: architectureByName(recipe.architecture!), seed },
        signal: context.signal,
      });
      await store.add({
        name: 'start',
        instance,
        epochs: (steps * config.batchSize) / samples.distances.length,
        seed,
        metrics: { ...metrics },
      });
      context.log(`start: mean squared error of all shapes at once ${metrics.mse.toExponential(2)}`);
    }
    const { architecture, parameters } = await store.load('start');
    return { id, instance: { architecture, parameters } };
  });
}

/** All shapes' points, each with its own shape's distance. */
function joined(all: readonly SdfSamples[]): SdfSamples {
  const join = (arrays: readonly Float32Array[]): Float32Array => {
    const values = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      values.set(array, at);
      at += array.length;
    }
    return values;
  };
  return { ...all[0]!, points: join(all.map(({ points }) => points)), distances: join(all.map(({ distances }) => distances)) };
}
