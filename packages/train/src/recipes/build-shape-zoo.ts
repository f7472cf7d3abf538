import { disposeInstances, NetSpaceError } from '@netspace/prep';
import {
  abortSignal,
  functionOf,
  type GivenBy,
  instance,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  type UsedBy,
  valueOf,
} from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { type NamedMesh, sampleSdf } from '@netspace/shapes';

import { instanceNameOf } from './instance-name.js';
import { instanceStore } from '../option-kinds.js';
import { addJobs, type ZooAddition, type ZooProgress } from './add-jobs.js';
import { countAtOnce, defaultAtOnce, partsOf } from './at-once.js';
import { checkStart, fitSdfFrom } from '../instances/fit-sdf.js';
import { fitSdfsFrom } from '../instances/fit-sdfs.js';
import { jobMemory, memoryOf } from './job-memory.js';
import { shapeRecipeOptions, type ShapeRecipe } from './shape-recipe.js';
import type { ZooJob, ZooPlan } from './zoo-job.js';

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
   * @default that of the recipe, or 'outer'
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
  const { store, meshes, start, surface, signal, onStep } = parseOptions('buildShapeZoo', buildShapeZooOptions, options);
  const used = parseOptions('buildShapeZoo: recipe', shapeRecipeOptions, recipe);
  yield* addJobs('buildShapeZoo', await shapeZooPlan(used, { meshes, start, surface }), { store, signal, onStep });
}

type Shapes = UsedBy<typeof buildShapeZooOptions>;

/**
 * The jobs of a recipe of shapes: one for each mesh, or for several at once.
 *
 * @throws NetSpaceError as `buildShapeZoo`
 */
export async function shapeZooPlan(
  recipe: UsedBy<typeof shapeRecipeOptions>,
  { meshes: named, start, surface = recipe.surface }: Pick<Shapes, 'meshes'> & Partial<Pick<Shapes, 'start' | 'surface'>>,
): Promise<ZooPlan> {
  const { architecture: name, seed, samples: count, nearSurface, bounds, steps, batchSize, learningRate } = recipe;
  const architecture = architectureByName(name);
  const meshes = withInstanceNames(named);
  for (const mesh of meshes) assertWithin(mesh, bounds ?? 0.6);
  if (architecture.purpose !== 'sdf') {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `buildShapeZoo: expected an architecture from three coordinates to one distance, got ${name}; siren-3-256x1-1 is the paper's`,
    );
  }
  if (start !== undefined) checkStart('buildShapeZoo', start, architecture);
  const started = await Promise.all((start?.parameters ?? []).map((parameter) => parameter.data()));
  const settings = { kind: 'shapes', architecture: name, seed, count, nearSurface, bounds, steps, batchSize, learningRate, surface };
  const sampling = { count, seed, nearSurface, ...(bounds !== undefined && { bounds }), ...(surface && { surface }) };
  const common = { architecture, steps, batchSize };
  const memory = () => jobMemory({ architecture, batchSize, data: [], own: SAMPLE_BYTES * count });
  const one = ({ name: shape, mesh }: NamedMesh): ZooJob => ({
    ...{ title: shape, architecture: name, seed, names: [shape], settings: { ...settings, shape } },
    data: [mesh.positions, mesh.indices, ...started],
    memory: () => memoryOf(memory(), 1),
    async *run({ signal, onStep, resume }) {
      const samples = await sampleSdf(mesh, sampling);
      const fitted = await fitSdfFrom({ samples, ...common, learningRate, seed, start, signal, onStep }, resume);
      yield { name: shape, instance: fitted.instance, epochs: epochsOf(fitted.steps), seed, metrics: { ...fitted.metrics } };
    },
  });
  /** All shapes are fitted whichever are wanted: the bits of each depend on how many there are. */
  const many = (part: readonly NamedMesh[]): ZooJob => {
    const names = part.map((mesh) => mesh.name);
    return {
      ...{ title: `${names[0]} and ${names.length - 1} more`, architecture: name, seed, names, settings: { ...settings, shapes: names } },
      data: [...part.flatMap(({ mesh }) => [mesh.positions, mesh.indices]), ...started],
      memory: () => memoryOf(memory(), part.length),
      async *run({ wanted, signal, onStep, resume }) {
        const samples = await Promise.all(part.map(({ mesh }) => sampleSdf(mesh, sampling)));
        const fits = samples.map((own) => ({ samples: own, learningRate, seed, start }));
        for await (const { fit, instance: fitted, steps: taken, metrics } of fitSdfsFrom({ fits, ...common, signal, onStep }, resume)) {
          const shape = names[fit]!;
          if (wanted.has(shape)) yield { name: shape, instance: fitted, epochs: epochsOf(taken), seed, metrics: { ...metrics } };
          else disposeInstances([fitted]);
        }
      },
    };
  };
  const epochsOf = (taken: number): number => (taken * Math.min(batchSize, count)) / count;
  const parts = partsOf(meshes, countAtOnce(recipe.atOnce, { networks: meshes.length, memory, otherwise: defaultAtOnce(meshes.length) }));
  return { jobs: parts.map((part) => (part.length === 1 ? one(part[0]!) : many(part))), check: () => undefined };
}

/** A point and its distance, as 32-bit numbers. */
const SAMPLE_BYTES = 16;

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
