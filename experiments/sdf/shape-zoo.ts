import { join } from 'node:path';

import { buildShapeZoo, type ShapeRecipe } from '@netspace/train';
import { directoryFiles } from '@netspace/node';
import type { Instance } from '@netspace/prep';
import { openInstanceStore, type InstanceRecord } from '@netspace/zoo';
import type { NamedMesh, TriangleMesh } from '@netspace/shapes';

import type { Context } from '../shared/experiment.js';
import { hashOf } from '../shared/settings-hash.js';

/** A SIREN and the mesh that it was fitted to. */
export interface Shape {
  readonly name: string;
  readonly mesh: TriangleMesh;
  readonly instance: Instance;
  readonly record: InstanceRecord;
}

export interface ShapeZooStage {
  readonly name: string;
  readonly recipe: Omit<ShapeRecipe, 'kind'>;
  readonly meshes: readonly NamedMesh[];
}

/** Fits a SIREN to each mesh, all from the same weights, or to those that are missing, in `zoos/NAME-HASH` of `context.work`; in the order of the meshes. */
export async function shapeZoo(context: Context, { name, recipe, meshes }: ShapeZooStage): Promise<readonly Shape[]> {
  const settings = { kind: 'shapes', ...recipe, ...(context.stepsLimit !== undefined && { steps: context.stepsLimit }) } as const;
  const id = `${name}-${hashOf(settings)}`;
  const store = openInstanceStore(directoryFiles(join(context.work, 'zoos', id)));
  await context.stage(`zoo-${id}`, async () => {
    // All faces count, as they did when the results were recorded.
    for await (const { record } of buildShapeZoo(settings, { store, meshes, surface: 'every', signal: context.signal })) {
      context.log(`${name}: ${record.name}, mean squared error ${record.metrics['mse']?.toExponential(2)}`);
    }
  });
  return Promise.all(
    meshes.map(async ({ name: shape, mesh }) => {
      const { record, ...instance } = await store.load(shape);
      return { name: shape, mesh, instance, record };
    }),
  );
}
