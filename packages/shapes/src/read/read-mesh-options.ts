import { NetSpaceError } from '@netspace/prep';
import { refuseOther, refuseUnknown, show } from '@netspace/prep/internal';

import type { MeshPlacement } from './finish-mesh.js';
import { MESH_LIMITS, type MeshLimits } from './mesh-limits.js';

/** Options of all readers of meshes. */
export interface ReadMeshOptions {
  /**
   * Name of the file, for messages; `readMesh` looks at its ending too.
   * @default 'the OBJ file', 'the PLY file' …
   */
  readonly name?: string | undefined;
  /**
   * The place and size of the mesh; see {@link MeshPlacement}.
   * @default 'auto'
   */
  readonly placement?: MeshPlacement | undefined;
  /**
   * Limits of a file.
   * @default MESH_LIMITS
   */
  readonly limits?: Partial<MeshLimits> | undefined;
}

/** Options of `readGltf` and `readMesh`. */
export interface ReadGltfOptions extends ReadMeshOptions {
  /** Gives the bytes of a file that a `.gltf` names, such as `chair.bin`; without it such a file is refused. */
  readonly resolve?: ((uri: string) => Promise<Uint8Array>) | undefined;
}

/** Every {@link MeshPlacement}. */
export const MESH_PLACEMENTS = ['auto', 'file', 'center', 'unit', 'fit'] as const satisfies readonly MeshPlacement[];

const READ_MESH = ['name', 'placement', 'limits'] as const;
/** Of `readGltf` and `readMesh`. */
export const READ_GLTF = [...READ_MESH, 'resolve'] as const;

/** Options as a reader sees them. */
export interface UsedReadOptions {
  readonly name: string;
  readonly placement: MeshPlacement;
  readonly limits: MeshLimits;
  readonly resolve: ((uri: string) => Promise<Uint8Array>) | undefined;
}

/**
 * Checks a reader's options by hand and fills in their defaults: a description would weigh more than a reader does.
 *
 * @param keys of the options that the reader takes
 * @throws NetSpaceError `INVALID_OPTION` naming what is unknown or wrong
 */
export function usedReadOptions(
  call: string,
  options: ReadGltfOptions,
  noName: string,
  keys: readonly string[] = READ_MESH,
): UsedReadOptions {
  refuseUnknown(call, options, keys);
  const { name = noName, placement = 'auto', limits = {}, resolve } = options;
  refuseUnknown(`${call}: limits`, limits, Object.keys(MESH_LIMITS));
  refuseOther(call, 'placement', placement, MESH_PLACEMENTS);
  const wrong = (key: string, what: string, value: unknown): NetSpaceError =>
    new NetSpaceError('INVALID_OPTION', `${call}: expected ${key} to be ${what}, got ${show(value)}`);
  if (typeof name !== 'string') throw wrong('name', 'text', name);
  if (!['undefined', 'function'].includes(typeof resolve)) throw wrong('resolve', 'a function', resolve);
  const used: MeshLimits = {
    ...MESH_LIMITS,
    ...Object.fromEntries(Object.entries<number | undefined>(limits).filter(([, value]) => value !== undefined)),
  };
  for (const [limit, value] of Object.entries(used)) {
    if (!(typeof value === 'number' && value >= 0)) throw wrong(`limits.${limit}`, 'a number from 0 up', value);
  }
  return { name, placement, limits: used, resolve };
}
