import { z } from 'zod';

import { scheduleSchema } from './zoo-recipe.js';

const whole = z.number().int();

/** A zoo of SIRENs, one per mesh, as JSON; see `buildShapeZoo`. */
export const shapeRecipeSchema = z.strictObject({
  kind: z.literal('shapes'),
  /** Folder of `.obj` files, for the command line; `buildShapeZoo` itself is given the meshes. */
  meshes: z.string().optional(),
  /** File of a network that every fit starts from, for the command line; `buildShapeZoo` itself is given the network. */
  start: z.string().optional(),
  architecture: z.string().default('siren-3-256x1-1'),
  seed: whole.nonnegative().default(0),
  /** Points sampled per shape. */
  samples: whole.positive().default(100_000),
  /** Share of them near the surface. */
  nearSurface: z.number().min(0).max(1).default(0.8),
  /** The others fill the cube of ±bounds; left out, the mesh's own bounding box, 5% larger. */
  bounds: z.number().positive().optional(),
  steps: whole.positive().default(10_000),
  /** Points a step. */
  batchSize: whole.positive().default(4096),
  learningRate: scheduleSchema.default({ kind: 'exponential', learningRate: 1e-4, factor: 0.9, every: 1000 }),
});

export type ShapeRecipe = z.input<typeof shapeRecipeSchema>;
