import { basename, dirname, extname, join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { type GivenBy, limitsOf, objectOf, oneOf, parseOptions, type UsedBy, withDefault } from '@netspace/prep/internal';
import { MESH_ENDINGS, MESH_LIMITS, readMesh, type MeshFile, type NamedMesh } from '@netspace/shapes';
import { MESH_PLACEMENTS } from '@netspace/shapes/internal';

import { folderNames, kindOfPath, readBytes } from './read-file.js';

/** See {@link LoadMeshOptions}. */
export const loadMeshOptions = objectOf({
  /**
   * The place and size of a mesh; see `MeshPlacement` of `@netspace/shapes`.
   * @default 'auto'
   */
  placement: withDefault(oneOf(MESH_PLACEMENTS), 'auto'),
  /**
   * Limits of a file.
   * @default MESH_LIMITS
   */
  limits: limitsOf(MESH_LIMITS),
});

/** How meshes are read; see `readMesh` of `@netspace/shapes`. */
export interface LoadMeshOptions extends GivenBy<typeof loadMeshOptions> {}

/**
 * Loads a triangle mesh from an OBJ, PLY, STL or glTF file. A `.gltf` may name files in its own folder.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, `CORRUPT_FILE`, naming the place, if it cannot be read, `UNSUPPORTED` if it
 * is of another kind, `LIMIT_EXCEEDED` if it is far too large, `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts no-run
 * import { loadMesh } from '@netspace/node';
 *
 * const { indices, report } = await loadMesh('chair.obj', { placement: 'unit' });
 * ```
 */
export async function loadMesh(path: string, options: LoadMeshOptions = {}): Promise<MeshFile> {
  return load(path, parseOptions('loadMesh', loadMeshOptions, options));
}

async function load(path: string, options: UsedBy<typeof loadMeshOptions>): Promise<MeshFile> {
  const request = { caller: 'loadMesh', expected: 'an OBJ, PLY, STL or glTF file' };
  if ((await kindOfPath(path, request)) === 'folder') {
    throw new NetSpaceError(
      'NOT_FOUND',
      `loadMesh: expected ${request.expected} at ${path}, got a folder; loadMeshFolder reads all of its meshes`,
    );
  }
  const limit = options.limits.bytes;
  const resolve = (uri: string): Promise<Uint8Array> =>
    readBytes(neighborOf(path, uri), { ...request, expected: 'the data of a .gltf', limit });
  return readMesh(await readBytes(path, { ...request, limit }), { ...options, name: path, resolve });
}

/** A file that a `.gltf` names in its own folder. Files elsewhere are never read. */
function neighborOf(path: string, uri: string): string {
  const name = decodeURIComponent(uri.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  if (name === '' || name !== basename(name) || name.includes('\\') || name === '.' || name === '..' || name.includes('\0')) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `loadMesh: expected data in the folder of ${path}, got ${JSON.stringify(uri.slice(0, 80))}; save it as .glb`,
    );
  }
  return join(dirname(path), name);
}

/** A file of a folder that could not be read, and why. */
export interface MeshProblem {
  /** Its name in the folder. */
  readonly file: string;
  readonly error: NetSpaceError;
}

/** The meshes of a folder, and the files that could not be read. */
export type MeshFolder = readonly (NamedMesh & { readonly mesh: MeshFile; readonly file: string })[] & {
  readonly problems: readonly MeshProblem[];
};

/**
 * Loads every mesh of a folder (not of its subfolders), in the order of their names: files that end in `.obj`, `.ply`, `.stl`, `.glb` or
 * `.gltf`, in either case. A file that cannot be read is listed in `problems` of the result, and the others are loaded.
 *
 * @throws NetSpaceError `NOT_FOUND` if the folder is missing or has none, `INVALID_OPTION` for options that are unknown or
 * wrong, otherwise as `loadMesh` for the first file if none can be read
 * @example
 * ```ts no-run
 * import { loadMeshFolder } from '@netspace/node';
 *
 * const meshes = await loadMeshFolder('chairs');
 * for (const { file, error } of meshes.problems) console.warn(file, error.message);
 * ```
 */
export async function loadMeshFolder(directory: string, options: LoadMeshOptions = {}): Promise<MeshFolder> {
  const used = parseOptions('loadMeshFolder', loadMeshOptions, options);
  const request = { caller: 'loadMeshFolder', expected: `a folder with ${MESH_ENDINGS.join(', ')} files` };
  const files = (await folderNames(directory, request)).filter((name) => MESH_ENDINGS.includes(extname(name).toLowerCase()));
  if (files.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `loadMeshFolder: expected ${request.expected} at ${directory}, got one without`);
  }
  return loadFiles(files, directory, used);
}

/** As {@link loadMeshFolder}, of some files in their order, wherever they are. */
export const loadMeshFiles = (files: readonly string[], options: LoadMeshOptions): Promise<MeshFolder> =>
  loadFiles(files, '', parseOptions('loadMeshFiles', loadMeshOptions, options));

async function loadFiles(files: readonly string[], directory: string, options: UsedBy<typeof loadMeshOptions>): Promise<MeshFolder> {
  const meshes: MeshFolder[number][] = [];
  const problems: MeshProblem[] = [];
  for (const file of files) {
    try {
      meshes.push({ name: basename(file, extname(file)), file, mesh: await load(join(directory, file), options) });
    } catch (error) {
      if (!isNetSpaceError(error)) throw error;
      problems.push({ file, error });
    }
  }
  if (meshes.length === 0) throw problems[0]!.error;
  return Object.assign(meshes, { problems });
}
