import { join } from 'node:path';

import { directoryFiles, fitSdf, type FitSdfOptions, type NamedMesh } from '@netspace/node';
import type { Instance } from '@netspace/prep';
import { architectureByName, initialise, openInstanceStore, sampleSdf, type SdfSamples } from '@netspace/zoo';

import type { Context } from '../shared/experiment.js';
import { hashOf } from '../shared/settings-hash.js';
import type { SdfConfig } from './config.js';

/** How a SIREN of all shapes at once is fitted. */
export interface StartConfig extends Required<Pick<FitSdfOptions, 'steps' | 'batchSize' | 'learningRate'>> {
  /** Points of each shape. */
  readonly samples: number;
}

/** The network that all fits of a zoo start from. */
export interface ShapeStart {
  readonly instance: Instance;
  /** What tells it from others. */
  readonly id: string;
}

const NAME = 'all-shapes';

/** New weights, or a SIREN of all given shapes at once, fitted or loaded: then fits of one shape stay nearer to one another than to those of others. */
export async function shapeStart(
  context: Context,
  { start, zoo: { architecture: name, nearSurface, bounds } }: Pick<SdfConfig, 'start' | 'zoo'>,
  meshes: readonly NamedMesh[],
): Promise<ShapeStart> {
  const { seed, stepsLimit = Infinity } = context;
  const architecture = architectureByName(name);
  if (start === 'untrained') {
    const id = `untrained-${seed}`;
    return { instance: { architecture, parameters: initialise(architecture.parameters, { seed, scheme: 'siren' }) }, id };
  }
  const steps = Math.min(start.steps, stepsLimit);
  const hash = hashOf({ ...start, steps, name, nearSurface, bounds, seed, meshes: meshes.map((mesh) => mesh.name) });
  const id = `start-${hash}`;
  const store = openInstanceStore(directoryFiles(join(context.work, 'zoos', id)));
  await context.stage(`zoo-${id}`, async () => {
    if ((await store.list()).length > 0) return;
    const each = meshes.map(({ mesh }) => sampleSdf(mesh, { count: start.samples, seed, nearSurface, bounds }));
    const { learningRate, batchSize } = start;
    const fitted = await fitSdf({ samples: joined(each), architecture, steps, batchSize, learningRate, seed, signal: context.signal });
    context.log(`${id}: mean squared error ${fitted.metrics.mse.toExponential(2)}`);
    const epochs = (steps * batchSize) / (start.samples * meshes.length);
    await store.add({ name: NAME, instance: fitted.instance, epochs, seed, metrics: { ...fitted.metrics } });
  });
  const { parameters, record } = await store.load(NAME);
  return { instance: { architecture, parameters }, id: record.sha256 };
}

function joined(samples: readonly SdfSamples[]): SdfSamples {
  const all = (key: 'points' | 'distances'): Float32Array => {
    const numbers = new Float32Array(samples.reduce((sum, one) => sum + one[key].length, 0));
    let at = 0;
    for (const one of samples) {
      numbers.set(one[key], at);
      at += one[key].length;
    }
    return numbers;
  };
  return { points: all('points'), distances: all('distances') };
}
