import { NetSpaceError } from '@netspace/prep';

import type { MeshFile } from './finish-mesh.js';
import { decodeMeshText } from './mesh-text.js';
import { parseObj } from './parse-obj.js';
import { readGltf } from './read-gltf.js';
import { READ_GLTF, type ReadGltfOptions, usedReadOptions } from './read-mesh-options.js';
import { readPly } from './read-ply.js';
import { readStl } from './read-stl.js';

/** Endings of the files that `readMesh` reads, lower case. */
export const MESH_ENDINGS: readonly string[] = ['.obj', '.ply', '.stl', '.glb', '.gltf'];

/**
 * Reads a mesh of any kind: OBJ, PLY, STL, glTF. The kind is recognized by the first bytes, else by the ending of `name`.
 *
 * @throws NetSpaceError `UNSUPPORTED` if it is none of these kinds, `INVALID_OPTION` for options that are unknown or wrong, else as the
 * reader of the kind: `parseObj`, `readPly`, `readStl`, `readGltf`
 * @example
 * ```ts
 * import { readMesh } from '@netspace/shapes';
 *
 * const bytes = new TextEncoder().encode('v 0 0 0\nv 1 0 0\nv 0 1 0\nv 9 9 9\nf 1 2 3');
 * const { positions, report } = await readMesh(bytes, { name: 'triangle.obj' });
 * console.log(positions.length / 3, report.unusedVertices); // 3 1
 * ```
 */
export async function readMesh(bytes: Uint8Array, options: ReadGltfOptions = {}): Promise<MeshFile> {
  const { resolve, ...named } = usedReadOptions('readMesh', options, 'the mesh file', READ_GLTF);
  const { name } = named;
  switch (meshKind(bytes, name)) {
    case 'ply':
      return readPly(bytes, named);
    case 'gltf':
      return readGltf(bytes, { ...named, resolve });
    case 'stl':
      return readStl(bytes, named);
    case 'obj':
      return parseObj(bytes, named);
    case undefined:
      throw new NetSpaceError(
        'UNSUPPORTED',
        `readMesh: expected OBJ, PLY, STL or glTF in ${name}, got a file of another kind; export it as one of these`,
      );
  }
}

function meshKind(bytes: Uint8Array, name: string): 'obj' | 'ply' | 'stl' | 'gltf' | undefined {
  const head = decodeMeshText(bytes.subarray(0, 4096));
  if (/^ply[\r\n]/.test(head)) return 'ply';
  if (head.startsWith('glTF') || /^\s*\{/.test(head)) return 'gltf';
  const size = bytes.length >= 84 ? 84 + 50 * new DataView(bytes.buffer, bytes.byteOffset).getUint32(80, true) : -1;
  if (bytes.length === size) return 'stl';
  if (/^\s*solid\b[^\r\n]*[\r\n]+\s*(?:facet|endsolid)\b/i.test(head)) return 'stl';
  if (/(?:^|[\r\n])[ \t]*v[ \t]+[-+.\d]/.test(head)) return 'obj';
  switch (/\.[^.\\/]+$/.exec(name)?.[0].toLowerCase()) {
    case '.obj':
      return 'obj';
    case '.ply':
      return 'ply';
    case '.stl':
      return 'stl';
    case '.glb':
    case '.gltf':
      return 'gltf';
    default:
      return undefined;
  }
}
