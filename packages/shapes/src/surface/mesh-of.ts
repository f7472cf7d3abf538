import type { Manifold } from 'manifold-3d';

import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/** The surface of a solid, copied out of WebAssembly. */
export function meshOf(solid: Manifold): TriangleMesh {
  const { vertProperties, numProp, triVerts } = solid.getMesh();
  const positions = Float32Array.from(
    { length: (vertProperties.length / numProp) * 3 },
    (_, i) => vertProperties[Math.floor(i / 3) * numProp + (i % 3)]!,
  );
  return { positions, indices: triVerts.slice() };
}
