import { join } from 'node:path';

import { directoryFiles, settingsHash } from '@netspace/node';
import { disposeInstances } from '@netspace/prep';
import { type NamedMesh, sampleSdf } from '@netspace/shapes';
import { fitSdf } from '@netspace/train';
import { architectureByName, openInstanceStore, type StoredInstance } from '@netspace/zoo';

import type { Context } from '../shared/experiment.js';
import type { SeatsConfig } from './config.js';

/** Fits one SIREN to several seats at once, which gives something like their mean, or loads it. Fits that start from it stay near one another. */
export async function commonStart(
  context: Context,
  { zoo, commonStart: config }: Pick<SeatsConfig, 'zoo' | 'commonStart'>,
  meshes: readonly NamedMesh[],
): Promise<StoredInstance> {
  const { work, seed, stepsLimit = Infinity, signal } = context;
  const { architecture: name, nearSurface = 0.8, bounds = 0.6 } = zoo;
  const { batchSize, learningRate, samples } = config;
  const steps = Math.min(config.steps, stepsLimit);
  const seats = meshes.slice(0, config.seats);
  const id = `seats-start-${settingsHash([{ ...config, steps }, name, nearSurface, bounds, seed, seats.map((seat) => seat.name)])}`;
  const store = openInstanceStore(directoryFiles(join(work, 'zoos', id)));
  await context.stage(`zoo-${id}`, async () => {
    if ((await store.list()).length > 0) return;
    const [points, distances] = [new Float32Array(3 * samples * seats.length), new Float32Array(samples * seats.length)];
    for (const [i, { mesh }] of seats.entries()) {
      const own = await sampleSdf(mesh, { count: samples, seed, nearSurface, bounds, surface: 'every' });
      points.set(own.points, 3 * samples * i);
      distances.set(own.distances, samples * i);
    }
    const architecture = architectureByName(name);
    const fitted = await fitSdf({ samples: { points, distances }, architecture, steps, batchSize, learningRate, seed, signal });
    const epochs = (fitted.steps * batchSize) / distances.length;
    await store.add({ name: 'start', instance: fitted.instance, epochs, seed, metrics: { ...fitted.metrics } });
    disposeInstances([fitted.instance]);
  });
  const { record, ...instance } = await store.load('start');
  return { name: 'start', instance, record };
}
