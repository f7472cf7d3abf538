import { learningRateOption } from '@netspace/model/internal';
import {
  choose,
  count,
  type GivenBy,
  listOf,
  numberOf,
  objectOf,
  oneOf,
  optional,
  positive,
  seed as seedOption,
  share,
  text,
  withDefault,
} from '@netspace/prep/internal';

import { seatMeshesOptions } from '@netspace/shapes/internal';

import { atOnceOption } from './at-once.js';
import { PAPER_SDF_RATE } from '../instances/fit-sdf.js';

const samples = numberOf('a positive integer up to 1e7', (value) => Number.isInteger(value) && value >= 1 && value <= 1e7);

const meshFiles = listOf(text, 'a list of files', 1);
const seeds = listOf(seedOption, 'a list of seeds', 1);

/** See {@link ShapeRecipe}. */
export const shapeRecipeOptions = objectOf({
  kind: oneOf(['shapes']),
  /**
   * Folder of meshes (`.obj`, `.ply`, `.stl`, `.glb`, `.gltf`), or a list of such files, for the command line: as seen from the recipe. A program passes
   * the meshes to `buildShapeZoo` itself.
   */
  meshes: optional(choose('a folder or a list of files', (given) => (Array.isArray(given) ? meshFiles : text))),
  /**
   * Seats made by rule, in place of meshes, for the command line. `seatMeshes` makes `count` of them, from `seed` on; or those of a list of
   * seeds.
   */
  seats: optional(choose('a count and a seed, or a list of seeds', (given) => (Array.isArray(given) ? seeds : seatMeshesOptions))),
  /**
   * The faces that count as surface; see `signedDistances`.
   * @default 'outer'
   */
  surface: optional(oneOf(['outer', 'every'])),
  /** File of a network that every fit starts from, for the command line: as seen from the recipe. A program passes the network to `buildShapeZoo` itself. */
  start: optional(text),
  /**
   * Name of an architecture, as `architectureByName` knows it.
   * @default 'siren-3-256x1-1'
   */
  architecture: withDefault(text, 'siren-3-256x1-1'),
  /**
   * Seed of the points and of the initial weights.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /**
   * Points sampled per shape.
   * @default 100_000
   */
  samples: withDefault(samples, 100_000),
  /**
   * Share of the points that are near the surface.
   * @default 0.8
   */
  nearSurface: withDefault(share, 0.8),
  /**
   * Half the side of the cube that the other points fill.
   * @default the mesh's own bounding box, 5% larger
   */
  bounds: optional(positive),
  /**
   * Steps of each fit.
   * @default 10_000
   */
  steps: withDefault(count, 10_000),
  /**
   * Points per step.
   * @default 4096
   */
  batchSize: withDefault(count, 4096),
  /**
   * Learning rate of Adam: a number or a schedule.
   * @default 1e-4, times 0.9 every 1000 steps, as in the paper
   */
  learningRate: withDefault(learningRateOption, PAPER_SDF_RATE),
  /**
   * The most networks that one job fits at once, as `fitSdfs` does. The last bits of a network depend on this number.
   * `{ memory: 4 }` takes as many as fit into 4 GiB by an estimate, at most 64 and a quarter of the shapes.
   * @default a quarter of the shapes, at most 16
   */
  atOnce: atOnceOption,
});

/** A zoo of SIRENs, one per mesh, as JSON; see `buildShapeZoo`. */
export interface ShapeRecipe extends GivenBy<typeof shapeRecipeOptions> {}
