import { join } from 'node:path';

import { buildShapeZoo, settingsHash, zooInFolder, type ShapeRecipe } from '@netspace/node';
import type { NamedMesh, TriangleMesh } from '@netspace/shapes';
import { loadAll, type StoredInstance } from '@netspace/zoo';

import type { Context } from '../shared/experiment.js';
import { shapesOnQueue } from '../shared/shapes-on-queue.js';

/** A SIREN and the mesh that it was fitted to. */
export interface Shape extends StoredInstance {
  readonly mesh: TriangleMesh;
}

export interface ShapeZooStage {
  readonly name: string;
  readonly recipe: Omit<ShapeRecipe, 'kind'>;
  readonly meshes: readonly NamedMesh[];
  /** The network that every fit starts from; new weights by the recipe's seed unless given. */
  readonly start?: StoredInstance;
}

/** Fits a SIREN to each mesh, all from the same weights, or to those that are missing, in `zoos/NAME-HASH` of `context.work`; in the order of the meshes. */
export async function shapeZoo(context: Context, { name, recipe, meshes, start }: ShapeZooStage): Promise<readonly Shape[]> {
  const settings = { kind: 'shapes', ...recipe, ...(context.stepsLimit !== undefined && { steps: context.stepsLimit }) } as const;
  const config = { ...settings, ...(start && { start: start.record.sha256 }) };
  const id = `${name}-${settingsHash(config)}`;
  const { runtime, signal, log } = context;
  const folder = join(context.work, 'zoos', id);
  const surface = 'every'; // all faces count, as they did when the results were recorded
  const { store } = await context.stage(`zoo-${id}`, async () => {
    await shapesOnQueue(context, folder, { name: id, config, recipe: { ...settings, surface }, meshes, start });
    return zooInFolder(folder, {
      ...{ command: `zoo ${name}`, config, seed: recipe.seed ?? 0, runtime },
      build: (into) => buildShapeZoo(settings, { store: into, meshes, surface, signal, ...(start && { start: start.instance }) }),
      onAddition: ({ record }) => log(`${name}: ${record.name}, mean squared error ${record.metrics['mse']?.toExponential(2)}`),
    });
  });
  const fitted = await loadAll(store, meshes);
  return fitted.map((shape, i) => ({ ...shape, mesh: meshes[i]!.mesh }));
}
