import { basename, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseObj, type NamedMesh, type TriangleMesh } from '@netspace/shapes';

import { folderNames, kindOfPath, readText } from './read-file.js';

const FILE_LIMIT = 200_000_000; // bytes

/**
 * Loads a triangle mesh from a Wavefront OBJ file.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, `CORRUPT_FILE`, naming the line, if it is not OBJ, `LIMIT_EXCEEDED` if it is
 * far too large
 * @example
 * ```ts no-run
 * import { loadMesh } from '@netspace/node';
 *
 * const { positions, indices } = await loadMesh('chair.obj');
 * console.log(positions.length / 3, indices.length / 3);
 * ```
 */
export async function loadMesh(path: string): Promise<TriangleMesh> {
  const request = { caller: 'loadMesh', expected: 'a Wavefront OBJ file' };
  if ((await kindOfPath(path, request)) === 'folder') {
    throw new NetSpaceError(
      'NOT_FOUND',
      `loadMesh: expected a Wavefront OBJ file at ${path}, got a folder; loadMeshFolder reads all of its .obj files`,
    );
  }
  return parseObj(await readText(path, { ...request, limit: FILE_LIMIT }), { name: path });
}

/**
 * Loads every `.obj` file of a folder (not of its subfolders), in the order of their names.
 *
 * @throws NetSpaceError `NOT_FOUND` if the folder is missing or has none, otherwise as `loadMesh`
 * @example
 * ```ts no-run
 * import { loadMeshFolder } from '@netspace/node';
 *
 * const meshes = await loadMeshFolder('chairs');
 * ```
 */
export async function loadMeshFolder(directory: string): Promise<readonly NamedMesh[]> {
  const request = { caller: 'loadMeshFolder', expected: 'a folder with .obj files' };
  const files = (await folderNames(directory, request)).filter((name) => name.endsWith('.obj'));
  if (files.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `loadMeshFolder: expected a folder with .obj files at ${directory}, got one without`);
  }
  const meshes: NamedMesh[] = [];
  for (const file of files) meshes.push({ name: basename(file, '.obj'), mesh: await loadMesh(join(directory, file)) });
  return meshes;
}
