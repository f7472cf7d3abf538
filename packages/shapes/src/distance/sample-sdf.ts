import { NetSpaceError } from '@netspace/prep';
import { extended, type GivenBy, listOf, nonNegative, normalStream, optional, parseOptions, positive, randomStream, seed, share, whole, withDefault } from '@netspace/prep/internal'; // prettier-ignore

import { distancesTo, solidOf, solidOptions } from './signed-distances.js';
import { surfaceSampler } from './surface-sampler.js';
import { assertMeshAndPoints, type TriangleMesh } from '../mesh/triangle-mesh.js';

/** See {@link SampleSdfOptions}. */
export const sampleSdfOptions = extended(solidOptions, {
  /** Number of points. */
  count: whole,
  seed,
  /**
   * Share of the points near the surface, 0..1; the others fill the box evenly.
   * @default 0.8
   */
  nearSurface: withDefault(share, 0.8),
  /**
   * Standard deviations of the distance of near points from the surface, in diagonals of the mesh's bounding box. Points use them in turn.
   * DeepSDF's variances 0.0025 and 0.00025 are for shapes in the unit sphere, whose diagonal is 2; this gives 0.025 and 0.0079.
   * @default [0.025, 0.0079]
   */
  noise: withDefault(listOf(nonNegative, 'a list of at least one number', 1), [0.025, 0.0079]),
  /**
   * Half the side of the box around the origin to fill.
   * @default the mesh's bounding box, 5% larger
   */
  bounds: optional(positive),
});

/** Options of {@link sampleSdf}. */
export interface SampleSdfOptions extends GivenBy<typeof sampleSdfOptions> {}

/** Points with their signed distances to a shape. An SDF network is trained on them. */
export interface SdfSamples {
  /** x, y, z of each point, `[count · 3]`. */
  readonly points: Float32Array;
  /** Exact signed distances, negative inside, `[count]`. */
  readonly distances: Float32Array;
}

/**
 * Samples the signed distance function of a mesh as DeepSDF does: most points are close to the surface, the others anywhere around it.
 *
 * Near points are chosen on the surface evenly by area and moved by Gaussian noise. Near and far points alternate, so the first n points
 * are a fair sample too.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range, `SHAPE_MISMATCH` if the mesh has
 * no triangles or corners that do not exist
 * @see Park et al., "DeepSDF", CVPR 2019, supplementary B
 * @example
 * ```ts
 * import { boxMesh, sampleSdf } from '@netspace/shapes';
 *
 * const { points, distances } = await sampleSdf(boxMesh(), { count: 100, seed: 1 });
 * console.log(points.length, distances.length); // 300 100
 * ```
 */
export async function sampleSdf(mesh: TriangleMesh, options: SampleSdfOptions): Promise<SdfSamples> {
  const { count, seed: own, nearSurface, noise, bounds, surface } = parseOptions('sampleSdf', sampleSdfOptions, options);
  assertMeshAndPoints('sampleSdf', mesh);
  const [low, high] = bounds === undefined ? enlargedBox(mesh, 1.05) : [Array<number>(3).fill(-bounds), Array<number>(3).fill(bounds)];
  const [boxLow, boxHigh] = enlargedBox(mesh, 1);
  const reach = Math.max(...boxLow.map(Math.abs), ...boxHigh.map(Math.abs));
  if (bounds !== undefined && reach > bounds * (1 + 1e-6)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `sampleSdf: expected a shape within ±${bounds}, the \`bounds\`, got one that reaches ${reach}; read it with placement unit, or raise \`bounds\``,
    );
  }
  const diagonal = Math.hypot(...boxHigh.map((x, axis) => x - boxLow[axis]!));
  const solid = solidOf(mesh, surface);
  const uniform = randomStream(own);
  const normal = normalStream(uniform);
  const onSurface = surfaceSampler(solid.surface, uniform);
  const points = new Float32Array(count * 3);
  for (let i = 0, near = 0; i < count; i++) {
    if (Math.floor((i + 1) * nearSurface) > near) {
      const scale = noise[near++ % noise.length]! * diagonal;
      points.set(
        onSurface().map((x) => x + scale * normal()),
        3 * i,
      );
    } else {
      points.set(
        low.map((x, axis) => x + (high[axis]! - x) * uniform()),
        3 * i,
      );
    }
  }
  return { points, distances: await distancesTo(solid, points) };
}

/** Opposite corners of the bounding box of a mesh, scaled about its center. */
function enlargedBox({ positions }: TriangleMesh, factor: number): [low: number[], high: number[]] {
  const [low, high] = [Array<number>(3).fill(Infinity), Array<number>(3).fill(-Infinity)];
  for (let i = 0; i < positions.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, positions[i]!);
    high[i % 3] = Math.max(high[i % 3]!, positions[i]!);
  }
  const margin = low.map((x, axis) => ((high[axis]! - x) * (factor - 1)) / 2);
  return [low.map((x, axis) => x - margin[axis]!), high.map((x, axis) => x + margin[axis]!)];
}
