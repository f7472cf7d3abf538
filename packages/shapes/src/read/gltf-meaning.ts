import { inWords, isCount, isEntry, type Entry } from './gltf-values.js';
import { corruptMesh, type MeshSource } from './mesh-limits.js';

type Lists = Readonly<Record<'accessors' | 'buffers' | 'bufferViews' | 'meshes' | 'nodes' | 'scenes', readonly Entry[]>>;

/**
 * Refuses faults that glTF 2.0 does not allow and that readers misread: a rotation that is not of length 1 becomes a scale, positions of
 * two numbers lie in a plane, a scene that does not exist becomes the first.
 *
 * @throws NetSpaceError `CORRUPT_FILE` naming the place
 */
export function assertMeaning(json: Entry, { accessors, meshes, nodes, scenes }: Lists, source: MeshSource): void {
  const { scene, extensionsUsed } = json;
  if (scene !== undefined && !(isCount(scene) && scene < scenes.length)) {
    throw corruptMesh(source, `a scene below ${scenes.length}`, inWords(scene), source.name);
  }
  nodes.forEach((node, i) => assertPlace(node, `node ${i} of ${source.name}`, source));
  const quantized = Array.isArray(extensionsUsed) && extensionsUsed.includes('KHR_mesh_quantization');
  for (const [i, mesh] of meshes.entries()) {
    for (const primitive of Array.isArray(mesh['primitives']) ? (mesh['primitives'] as unknown[]) : []) {
      if (isEntry(primitive)) assertPrimitive(primitive, { accessors, quantized }, `mesh ${i} of ${source.name}`, source);
    }
  }
}

const FLOAT = 5126;
const WHOLE: readonly unknown[] = [5121, 5123, 5125];
const TRIANGLES = 4;
const MODES = 7;

function assertPrimitive(
  { attributes, indices, mode = TRIANGLES }: Entry,
  { accessors, quantized }: { readonly accessors: readonly Entry[]; readonly quantized: boolean },
  where: string,
  source: MeshSource,
): void {
  if (!isCount(mode) || mode >= MODES) throw corruptMesh(source, `a mode below ${MODES}`, inWords(mode), where);
  const accessor = (index: unknown): Entry | undefined => (isCount(index) ? accessors[index] : undefined);
  const positions = isEntry(attributes) ? accessor(attributes['POSITION']) : undefined;
  const { type, componentType } = positions ?? {};
  if (positions !== undefined && (type !== 'VEC3' || (componentType !== FLOAT && !quantized))) {
    throw corruptMesh(source, 'positions as three floats (VEC3, 5126)', `${inWords(type)}, ${inWords(componentType)}`, where);
  }
  const corners = accessor(indices);
  if (corners !== undefined && (corners['type'] !== 'SCALAR' || !WHOLE.includes(corners['componentType']))) {
    throw corruptMesh(source, 'whole numbers as indices', `${inWords(corners['type'])}, ${inWords(corners['componentType'])}`, where);
  }
  const count = (corners ?? positions)?.['count'];
  if (mode === TRIANGLES && isCount(count) && count % 3 !== 0) {
    throw corruptMesh(source, 'three corners for each triangle', `${count} corners`, where);
  }
}

const PLACE = { matrix: 16, translation: 3, rotation: 4, scale: 3 } as const;

function assertPlace(node: Entry, where: string, source: MeshSource): void {
  for (const [key, size] of Object.entries(PLACE)) {
    const value = node[key];
    if (value === undefined) continue;
    const numbers = Array.isArray(value) && value.length === size && value.every(Number.isFinite) ? (value as number[]) : undefined;
    if (numbers === undefined) throw corruptMesh(source, `${size} numbers as ${key}`, inWords(value), where);
    if (key === 'rotation' && Math.abs(Math.hypot(...numbers) - 1) > 0.01) {
      throw corruptMesh(source, 'a rotation of length 1', inWords(value), where);
    }
  }
}

const READERS: ReadonlyMap<unknown, (view: DataView, item: number) => number> = new Map([
  [5121, (view: DataView, item: number) => view.getUint8(item)],
  [5123, (view: DataView, item: number) => view.getUint16(2 * item, true)],
  [5125, (view: DataView, item: number) => view.getUint32(4 * item, true)],
]);

/**
 * Refuses sparse accessors that replace numbers which do not exist, because the library would ignore them. Their places were checked
 * before.
 *
 * @throws NetSpaceError `CORRUPT_FILE` naming the accessor
 */
export function assertSparse({ accessors, bufferViews }: Lists, bytesOf: (buffer: number) => Uint8Array, source: MeshSource): void {
  accessors.forEach(({ count, sparse }, i) => {
    if (!isEntry(sparse) || !isEntry(sparse['indices'])) return;
    const {
      bufferView,
      byteOffset = 0,
      componentType,
    } = sparse['indices'] as { bufferView: number; byteOffset?: number; componentType: unknown };
    const view = bufferViews[bufferView] as { readonly buffer: number; readonly byteOffset?: number };
    const bytes = bytesOf(view.buffer);
    const where = `accessor ${i} of ${source.name}`;
    const read = READERS.get(componentType);
    if (read === undefined) throw corruptMesh(source, 'whole numbers as sparse indices', inWords(componentType), where);
    const numbers = new DataView(bytes.buffer, bytes.byteOffset + (view.byteOffset ?? 0) + byteOffset);
    for (let item = 0, before = -1; item < Number(sparse['count']); item++) {
      const index = read(numbers, item);
      if (index <= before || index >= Number(count)) {
        throw corruptMesh(source, `rising sparse indices below ${inWords(count)}`, `${index}`, where);
      }
      before = index;
    }
  });
}
