import { NetSpaceError } from '@netspace/prep';
import type { Document, mat4, Node, Primitive, vec3 } from '@gltf-transform/core';

import { finishMesh, type MeshFile } from './finish-mesh.js';
import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';
import { geometryOf, splitGltf, type GltfJson } from './gltf-json.js';
import { finite } from './mesh-text.js';
import { READ_GLTF, type ReadGltfOptions, usedReadOptions } from './read-mesh-options.js';

/**
 * Reads a glTF 2.0 file, `.glb` or `.gltf`: the triangles of all meshes of its scene, each where its node puts it, in double
 * precision. Materials, textures, skins, animations and morph targets are left out. The reader, `@gltf-transform/core`, is loaded at the
 * first call.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is no glTF or a corner or coordinate is wrong, `UNSUPPORTED` if its geometry is compressed
 * (Draco, meshopt), `NOT_FOUND` if it names a file that `resolve` does not give, `LIMIT_EXCEEDED` if there is more than the limits allow;
 * `INVALID_OPTION` for options that are unknown or wrong
 * @see https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
 * @example
 * ```ts no-run
 * import { readFile } from 'node:fs/promises';
 * import { readGltf } from '@netspace/shapes';
 *
 * const { indices, report } = await readGltf(await readFile('chair.glb'), { placement: 'unit' });
 * console.log(indices.length / 3, report.warnings);
 * ```
 */
export async function readGltf(bytes: Uint8Array, options: ReadGltfOptions = {}): Promise<MeshFile> {
  const { name, placement, limits, resolve } = usedReadOptions('readGltf', options, 'the glTF file', READ_GLTF);
  const source = { caller: 'readGltf', name };
  assertMeshLimit('bytes', bytes.length, limits, source);
  const { json: all, binary } = splitGltf(bytes, source);
  const { json, resources } = await geometryOf(all, binary, limits, source, resolve);
  const document = await readDocument(json, resources, source);
  const positions: number[] = [];
  const indices: number[] = [];
  const left = new Set<string>();
  const scene = document.getRoot().getDefaultScene() ?? document.getRoot().listScenes()[0];
  const visit = (node: Node): void => {
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      if (node.getExtras()['skin'] === true) left.add('skins');
      if (primitive.getExtras()['targets'] === true) left.add('morph targets');
      addPrimitive(primitive, node.getWorldMatrix(), { positions, indices, left }, limits, source);
    }
  };
  for (const node of scene?.listChildren() ?? document.getRoot().listNodes()) node.traverse(visit);
  for (const extension of extensionsOf(json)) left.add(`extension ${extension.slice(0, 40)}`);
  const warnings = left.size === 0 ? [] : [`${[...left].sort().join(', ')} left out`];
  if (indices.length === 0) throw corruptMesh(source, 'triangles', ['none', ...warnings].join('; '), name);
  return finishMesh({ positions, indices, degenerateFaces: 0, warnings }, placement, source);
}

/** Optional extensions that the file uses, if they may say where a surface is. */
const extensionsOf = (json: GltfJson): readonly string[] =>
  (json['asset'] as { readonly extras: { readonly used: readonly string[] } }).extras.used.slice(0, 8);

async function readDocument(json: GltfJson, resources: Record<string, Uint8Array<ArrayBuffer>>, source: MeshSource): Promise<Document> {
  const { Logger, WebIO } = await import('@gltf-transform/core');
  try {
    const io = new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT));
    return await io.readJSON({ json: json as never, resources });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new NetSpaceError('CORRUPT_FILE', `readGltf: expected glTF 2.0 in ${source.name}, got: ${message.slice(0, 200)}`, { cause });
  }
}

interface Geometry {
  readonly positions: number[];
  readonly indices: number[];
  /** The parts that were left out, for a warning. */
  readonly left: Set<string>;
}

const TRIANGLES = 4;
const TRIANGLE_STRIP = 5;

function addPrimitive(primitive: Primitive, matrix: mat4, into: Geometry, limits: MeshLimits, source: MeshSource): void {
  const mode = primitive.getMode();
  const attribute = primitive.getAttribute('POSITION');
  if (mode < TRIANGLES) return void into.left.add('points and lines');
  if (attribute === null) return void into.left.add('primitives without positions');
  const first = into.positions.length / 3;
  const count = attribute.getCount();
  assertMeshLimit('vertices', first + count, limits, source);
  const point: vec3 = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    attribute.getElement(i, point);
    const [x, y, z] = point;
    for (let axis = 0; axis < 3; axis++) {
      const value = matrix[axis]! * x + matrix[4 + axis]! * y + matrix[8 + axis]! * z + matrix[12 + axis]!;
      if (Number.isNaN(finite(value)))
        throw corruptMesh(source, 'finite coordinates up to 3.4e38', `${value}`, `vertex ${i} of a mesh of ${source.name}`);
      into.positions.push(value);
    }
  }
  const given = primitive.getIndices()?.getArray() as ArrayLike<number> | null | undefined;
  const corners: ArrayLike<number> = given ?? Uint32Array.from({ length: count }, (_, i) => i);
  const outside = Array.prototype.find.call(corners, (corner: number) => corner >= count) as number | undefined;
  if (outside !== undefined) throw corruptMesh(source, `corners below ${count}, the number of vertices,`, `${outside}`, source.name);
  const triangles = mode === TRIANGLES ? Math.floor(corners.length / 3) : Math.max(corners.length - 2, 0);
  assertMeshLimit('triangles', into.indices.length / 3 + triangles, limits, source);
  const mirrored = determinant(matrix) < 0; // the corners of a mirrored mesh run the other way
  for (let t = 0; t < triangles; t++) {
    const [i, j, k] =
      mode === TRIANGLES
        ? [3 * t, 3 * t + 1, 3 * t + 2]
        : mode === TRIANGLE_STRIP
          ? [t, t + 1 + (t % 2), t + 2 - (t % 2)]
          : [0, t + 1, t + 2];
    const [a, b, c] = [first + corners[i]!, first + corners[j]!, first + corners[k]!];
    if (mirrored) into.indices.push(a, c, b);
    else into.indices.push(a, b, c);
  }
}

const determinant = (m: mat4): number =>
  m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5]);
