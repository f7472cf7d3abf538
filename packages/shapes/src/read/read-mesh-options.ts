import { extended, functionOf, type GivenBy, limitsOf, objectOf, oneOf, optional, text, withDefault } from '@netspace/prep/internal';

import { MESH_LIMITS } from './mesh-limits.js';

/** See {@link ReadMeshOptions}. */
export const readMeshOptions = objectOf({
  /**
   * Name of the file, for messages; `readMesh` looks at its ending too.
   * @default 'the OBJ file', 'the PLY file' …
   */
  name: optional(text),
  /**
   * Where the mesh is put; see {@link MeshPlacement}.
   * @default 'auto'
   */
  placement: withDefault(oneOf(['auto', 'file', 'center', 'unit', 'fit']), 'auto'),
  /**
   * What a file may at most hold.
   * @default MESH_LIMITS
   */
  limits: limitsOf(MESH_LIMITS),
});

/** Options of all readers of meshes. */
export interface ReadMeshOptions extends GivenBy<typeof readMeshOptions> {}

/** See {@link ReadGltfOptions}. */
export const readGltfOptions = extended(readMeshOptions, {
  /** Gives the bytes of a file that a `.gltf` names, such as `chair.bin`; without it such a file is refused. */
  resolve: optional(functionOf<(uri: string) => Promise<Uint8Array>>()),
});

/** Options of {@link readGltf} and {@link readMesh}. */
export interface ReadGltfOptions extends GivenBy<typeof readGltfOptions> {}
