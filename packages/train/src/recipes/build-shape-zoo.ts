import { disposeInstances, NetSpaceError, type StepProgress } from '@netspace/prep';
import { abortSignal, functionOf, type GivenBy, instance, objectOf, oneOf, optional, parseOptions, valueOf } from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { type NamedMesh, sampleSdf } from '@netspace/shapes';

import { instanceNameOf } from './instance-name.js';
import { instanceStore } from '../option-kinds.js';
import type { ZooAddition, ZooProgress } from './build-zoo.js';
import { addOnce } from './add-once.js';
import { lookAgain, namesThere } from './names-there.js';
import { checkStart, fitSdf } from './fit-sdf.js';
import { leftOut } from './left-out.js';
import { shapeRecipeOptions, type ShapeRecipe } from './shape-recipe.js';

/** See {@link BuildShapeZooOptions}. */
export const buildShapeZooOptions = objectOf({
  /** The store to which the networks are added. */
  store: instanceStore,
  /**
   * Meshes within the cube of ±0.5, in which shapes are measured. Their names become those of the instances, as `instanceNameOf` writes
   * them: `Stuhl ü` is stored as `Stuhl-u`.
   */
  meshes: valueOf<readonly NamedMesh[]>('a list of { name, mesh }', (value) => Array.isArray(value)),
  /**
   * The faces that count as surface; see `signedDistances`.
   * @default 'outer'
   */
  surface: optional(oneOf(['outer', 'every'])),
  /**
   * The network that every fit starts from.
   * @default new random weights by the recipe's seed, the same for all
   */
  start: optional(instance),
  /** Stops the fit in progress. Networks that were added stay. */
  signal: optional(abortSignal),
  /** Called after each step of each fit. */
  onStep: optional(functionOf<(progress: ZooProgress) => void>()),
});

/** Options of {@link buildShapeZoo}. */
export interface BuildShapeZooOptions extends GivenBy<typeof buildShapeZooOptions> {}

/**
 * Fits one SIREN to each mesh and yields each as it is added to the store; shapes that are there already are skipped.
 *
 * Names and sizes of all meshes, and the architecture, are checked before the first fit.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key, if two meshes have one name, or if a mesh is larger than
 * the cube of the recipe's bounds, ±0.6 if it has none; `ABORTED` when the signal stopped it; `SHAPE_MISMATCH` for a start of another
 * architecture; `DIVERGED` at the end, naming each shape whose fit diverged and is left out: the next build tries it again
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { boxMesh } from '@netspace/shapes';
 * import { buildShapeZoo } from '@netspace/train';
 * import { memoryFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const store = openInstanceStore(memoryFiles());
 * const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 100, steps: 3, batchSize: 50 } as const;
 * const meshes = [{ name: 'cube', mesh: boxMesh({ size: [0.8, 0.8, 0.8] }) }];
 * for await (const { record } of buildShapeZoo(recipe, { store, meshes })) console.log(record.name); // cube
 * ```
 */
export async function* buildShapeZoo(recipe: ShapeRecipe, options: BuildShapeZooOptions): AsyncGenerator<ZooAddition, void> {
  const { store, meshes: named, start, surface, signal, onStep: tell } = parseOptions('buildShapeZoo', buildShapeZooOptions, options);
  const { architecture: name, seed, ...config } = parseOptions('buildShapeZoo: recipe', shapeRecipeOptions, recipe);
  const { samples: count, nearSurface, bounds, ...fitting } = config;
  const architecture = architectureByName(name);
  const meshes = withInstanceNames(named);
  for (const mesh of meshes) assertWithin(mesh, bounds ?? 0.6);
  if (architecture.purpose !== 'sdf') {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `buildShapeZoo: expected an architecture from three coordinates to one distance, got ${name}; siren-3-256x1-1 is the paper's`,
    );
  }
  if (start !== undefined) checkStart(start, architecture);
  const total = meshes.length;
  const present = await namesThere(
    store,
    meshes.map(({ name }) => name),
  );
  const failures = leftOut('buildShapeZoo');
  for (const { name: shape, mesh } of meshes) {
    await lookAgain(store, present, [shape]); // another builder may have added some
    if (present.has(shape)) continue;
    const done = present.size;
    const samples = await sampleSdf(mesh, {
      count,
      seed,
      nearSurface,
      ...(bounds !== undefined && { bounds }),
      ...(surface && { surface }),
    });
    const onStep = (progress: StepProgress) => tell?.({ done, total, architecture: name, seed, ...progress });
    const { steps, batchSize, learningRate } = fitting;
    const shared = { samples, architecture, steps, batchSize, learningRate, seed, onStep };
    let fitted;
    try {
      fitted = await fitSdf({ ...shared, start, signal });
    } catch (error) {
      failures.add(shape, error);
      continue;
    }
    try {
      const epochs = (fitted.steps * Math.min(batchSize, count)) / count;
      const record = await addOnce(store, { name: shape, instance: fitted.instance, epochs, seed, metrics: { ...fitted.metrics } });
      present.add(shape);
      if (record !== undefined) yield { done: done + 1, total, record };
    } finally {
      disposeInstances([fitted.instance]);
    }
  }
  failures.throwIfAny();
}

/** The meshes under names that a store accepts; refuses two meshes with one name. */
function withInstanceNames(meshes: readonly NamedMesh[]): NamedMesh[] {
  const originals = new Map<string, string>();
  return meshes.map(({ name, mesh }) => {
    const stored = instanceNameOf(name);
    const other = originals.get(stored);
    if (other !== undefined) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `buildShapeZoo: expected another name for each mesh, got ${JSON.stringify(other)} and ${JSON.stringify(name)}, both stored as ${stored}; rename one`,
      );
    }
    originals.set(stored, name);
    return { name: stored, mesh };
  });
}

function assertWithin({ name, mesh }: NamedMesh, bounds: number): void {
  const reach = mesh.positions.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (reach <= bounds * (1 + 1e-6)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `buildShapeZoo: expected meshes within ±${bounds}, got ${name}, which reaches ${reach}; read it with placement unit, or raise the recipe's \`bounds\``,
  );
}
