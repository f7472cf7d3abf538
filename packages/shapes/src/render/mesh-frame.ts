import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/** The ball that a picture of meshes shows. */
export interface MeshFrame {
  readonly center: readonly [x: number, y: number, z: number];
  readonly radius: number;
}

/**
 * The smallest ball about the middle of the common bounding box that holds all meshes. Pictures that show the same ball can be compared.
 *
 * @example
 * ```ts
 * import { boxMesh, meshFrame } from '@netspace/shapes';
 *
 * console.log(meshFrame([boxMesh({ size: [2, 4, 4] })])); // { center: [ 0, 0, 0 ], radius: 3 }
 * ```
 */
export function meshFrame(meshes: readonly TriangleMesh[]): MeshFrame {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of meshes) {
    positions.forEach((value, i) => {
      low[i % 3] = Math.min(low[i % 3]!, value);
      high[i % 3] = Math.max(high[i % 3]!, value);
    });
  }
  if (!(low[0]! <= high[0]!)) return { center: [0, 0, 0], radius: 1 };
  const middle = (axis: 0 | 1 | 2) => (low[axis]! + high[axis]!) / 2;
  const center = [middle(0), middle(1), middle(2)] as const;
  let squared = 0;
  for (const { positions } of meshes) {
    for (let i = 0; i < positions.length; i += 3) {
      squared = Math.max(
        squared,
        center.reduce((sum, value, axis) => sum + (positions[i + axis]! - value) ** 2, 0),
      );
    }
  }
  return { center, radius: Math.sqrt(squared) || 1 };
}
