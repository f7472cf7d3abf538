import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';

import { assertMeaning, assertSparse } from './gltf-meaning.js';
import { inWords, isCount, isEntry, type Entry } from './gltf-values.js';
import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';

/** A glTF document as JSON, its lists checked to be lists of objects. */
export type GltfJson = Readonly<Record<string, unknown>>;

const GLB_MAGIC = 0x46546c67; // "glTF"
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
/** The most bytes of JSON. A document of this size has far more vertices in its binary part than the limits allow. */
const JSON_BYTES = 16_000_000;
const NODES = 100_000;
const NODE_DEPTH = 256;

/** The JSON and the binary part of a `.glb`, or the JSON of a `.gltf`. */
export function splitGltf(bytes: Uint8Array, source: MeshSource): { readonly json: GltfJson; readonly binary?: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || view.getUint32(0, true) !== GLB_MAGIC) return { json: parse(bytes, source) };
  const version = view.getUint32(4, true);
  if (version !== 2) throw unsupported(source, 'glTF 2', `version ${version}; convert it to glTF 2.0`);
  const chunks = new Map<number, Uint8Array>();
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at, true);
    if (at + 8 + length > bytes.length)
      throw corruptMesh(source, `${length} bytes at byte ${at + 8}`, 'the end of the file; was the copy cut off?', source.name);
    const type = view.getUint32(at + 4, true);
    if (!chunks.has(type)) chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const json = parse(chunks.get(JSON_CHUNK) ?? new Uint8Array(), source);
  const binary = chunks.get(BINARY_CHUNK);
  return binary === undefined ? { json } : { json, binary };
}

function parse(bytes: Uint8Array, source: MeshSource): GltfJson {
  if (bytes.length > JSON_BYTES) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `${source.caller}: expected at most ${JSON_BYTES} bytes of JSON in ${source.name}, got ${bytes.length}; save it as .glb`,
    );
  }
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `${source.caller}: expected JSON in ${source.name}, got something else`, { cause });
  }
  if (!isEntry(json) || !isEntry(json['asset'])) throw corruptMesh(source, 'an object with `asset`', 'none', source.name);
  const version = json['asset']['version'];
  if (typeof version !== 'string' || !version.startsWith('2.')) {
    throw unsupported(
      source,
      'glTF 2',
      `version ${((JSON.stringify(version) as string | undefined) ?? 'none').slice(0, 40)}; convert it to glTF 2.0`,
    );
  }
  return json;
}

/**
 * Keeps only the parts that geometry needs, and checks them before anything is allocated: counts against the limits, places against the
 * bytes, nodes for circles. Buffers become named resources, read from the binary part, from `data:` or by `resolve`.
 *
 * @returns the reduced JSON, and the bytes of its buffers
 */
export async function geometryOf(
  json: GltfJson,
  binary: Uint8Array | undefined,
  limits: MeshLimits,
  source: MeshSource,
  resolve: ((uri: string) => Promise<Uint8Array>) | undefined,
): Promise<{ readonly json: GltfJson; readonly resources: Record<string, Uint8Array<ArrayBuffer>> }> {
  const required = listOfWords(json['extensionsRequired']);
  const foreign = required.filter((name) => !HARMLESS.test(name));
  if (foreign.length > 0) {
    throw unsupported(
      source,
      'plain glTF',
      `extension ${foreign.join(', ').slice(0, 80)}; save it uncompressed (gltf-transform copy, or gltfpack without -c)`,
    );
  }
  const lists = Object.fromEntries(
    ['accessors', 'buffers', 'bufferViews', 'meshes', 'nodes', 'scenes'].map((key) => [key, entries(json[key], key, source)]),
  ) as Readonly<Record<'accessors' | 'buffers' | 'bufferViews' | 'meshes' | 'nodes' | 'scenes', readonly Entry[]>>;
  assertForest(lists.nodes, source);
  assertAccessors(lists, limits, source);
  const resources: Record<string, Uint8Array<ArrayBuffer>> = {};
  let total = 0;
  const buffers: Entry[] = [];
  for (const [i, buffer] of lists.buffers.entries()) {
    const bytes = await bufferBytes(buffer, i, binary, limits, source, resolve);
    const needed = buffer['byteLength'];
    if (!isCount(needed) || bytes.length < needed) {
      throw corruptMesh(source, `${inWords(needed)} bytes of buffer ${i}`, `${bytes.length}`, source.name);
    }
    assertMeshLimit('bytes', (total += bytes.length), limits, source);
    resources[`buffer${i}.bin`] = Uint8Array.from(bytes); // aligned, and not the caller's
    buffers.push({ byteLength: needed, uri: `buffer${i}.bin` });
  }
  assertSparse(lists, (index) => resources[`buffer${index}.bin`]!, source);
  const meshes = lists.meshes.map((mesh) => ({
    ...mesh,
    primitives: entries(mesh['primitives'], 'primitives', source).map(plainPrimitive),
  }));
  assertMeaning(json, lists, source);
  const nodes = lists.nodes.map(({ mesh, children, matrix, translation, rotation, scale, skin }) =>
    withoutUndefined({ mesh, children, matrix, translation, rotation, scale, ...(skin !== undefined && { extras: { skin: true } }) }),
  );
  const used = listOfWords(json['extensionsUsed']).filter((name) => !HARMLESS.test(name));
  const rest = {
    scene: json['scene'],
    accessors: lists.accessors,
    bufferViews: lists.bufferViews,
    scenes: lists.scenes.map(({ nodes: roots }) => withoutUndefined({ nodes: roots })),
  };
  return { json: withoutUndefined({ asset: { version: '2.0', extras: { used } }, ...rest, buffers, meshes, nodes }), resources };
}

/** Extensions that change how a surface looks, not where it is. */
const HARMLESS =
  /^(?:KHR_materials_|KHR_texture_|KHR_lights_|EXT_texture_|MSFT_texture_|KHR_xmp|KHR_animation_|KHR_mesh_quantization$|EXT_lights_)/;

const plainPrimitive = ({ attributes, indices, mode, targets }: Entry): Entry =>
  withoutUndefined({
    attributes: isEntry(attributes) && attributes['POSITION'] !== undefined ? { POSITION: attributes['POSITION'] } : {},
    indices,
    mode,
    ...(targets !== undefined && { extras: { targets: true } }),
  });

async function bufferBytes(
  { uri }: Entry,
  i: number,
  binary: Uint8Array | undefined,
  limits: MeshLimits,
  source: MeshSource,
  resolve: ((uri: string) => Promise<Uint8Array>) | undefined,
): Promise<Uint8Array> {
  if (uri === undefined && i === 0 && binary !== undefined) return binary;
  if (typeof uri !== 'string') throw corruptMesh(source, `the place of buffer ${i}`, 'none', source.name);
  const [, base64, data] = /^data:[^,]{0,200}?(;base64)?,(.*)$/s.exec(uri) ?? [];
  if (data !== undefined) {
    try {
      return Uint8Array.from(base64 === undefined ? decodeURIComponent(data) : atob(data), (character) => character.charCodeAt(0));
    } catch (cause) {
      throw new NetSpaceError('CORRUPT_FILE', `${source.caller}: expected base64 in buffer ${i} of ${source.name}, got something else`, {
        cause,
      });
    }
  }
  if (resolve === undefined) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `${source.caller}: expected all data within ${source.name}, got the file ${JSON.stringify(uri.slice(0, 80))}; pass \`resolve\`, or save it as .glb`,
    );
  }
  const bytes = await resolve(uri);
  assertMeshLimit('bytes', bytes.length, limits, source);
  return bytes;
}

/** Children with two parents, or that are their own ancestors, would make a file of a few bytes endless. */
function assertForest(nodes: readonly Entry[], source: MeshSource): void {
  if (nodes.length > NODES)
    throw new NetSpaceError('LIMIT_EXCEEDED', `${source.caller}: expected at most ${NODES} nodes in ${source.name}, got ${nodes.length}`);
  const parent = new Map<number, number>();
  nodes.forEach(({ children }, i) => {
    for (const child of Array.isArray(children) ? (children as unknown[]) : []) {
      if (!isCount(child) || child >= nodes.length)
        throw corruptMesh(source, `children below ${nodes.length}`, inWords(child), `node ${i} of ${source.name}`);
      if (parent.has(child)) throw corruptMesh(source, 'one parent for each node', 'two', `node ${child} of ${source.name}`);
      parent.set(child, i);
    }
  });
  nodes.forEach((_, i) => {
    let depth = 0;
    for (let at = parent.get(i); at !== undefined; at = parent.get(at)) {
      if (++depth > NODE_DEPTH)
        throw corruptMesh(source, `nodes at most ${NODE_DEPTH} deep`, 'a circle or more', `node ${i} of ${source.name}`);
    }
  });
}

// These are Maps, because a file may say `constructor`, or have an object that cannot be turned into text.
const COMPONENT_BYTES: ReadonlyMap<unknown, number> = new Map(
  Object.entries({ 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 }).map(([type, bytes]) => [Number(type), bytes]),
);
const COMPONENTS: ReadonlyMap<unknown, number> = new Map(
  Object.entries({ SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 }),
);

function assertAccessors(
  { accessors, bufferViews, buffers }: Readonly<Record<'accessors' | 'bufferViews' | 'buffers', readonly Entry[]>>,
  limits: MeshLimits,
  source: MeshSource,
): void {
  const refuse = (i: number, expected: string, got: unknown): never => {
    throw corruptMesh(source, expected, inWords(got), `accessor ${i} of ${source.name}`);
  };
  let bytes = 0;
  accessors.forEach(({ count, type, componentType, bufferView, byteOffset = 0, sparse }, i) => {
    if (!isCount(count)) refuse(i, 'a count', count);
    const size =
      (COMPONENTS.get(type) ?? refuse(i, 'a type', type)) *
      (COMPONENT_BYTES.get(componentType) ?? refuse(i, 'a component type', componentType));
    assertMeshLimit('bytes', (bytes += (count as number) * size), limits, source); // of all accessors: views may overlap
    const check = (index: unknown, offset: unknown, items: unknown, itemSize: number) => {
      const view = isCount(index) ? bufferViews[index] : undefined;
      const buffer = isCount(view?.['buffer']) ? buffers[view['buffer']] : undefined;
      const [start, length, stride = itemSize] = [view?.['byteOffset'] ?? 0, view?.['byteLength'], view?.['byteStride']];
      if (
        !isCount(start) ||
        !isCount(length) ||
        !isCount(stride) ||
        stride < itemSize ||
        stride > 252 ||
        !isCount(buffer?.['byteLength']) ||
        start + length > buffer['byteLength']
      ) {
        return refuse(i, 'a buffer view within its buffer', view);
      }
      if (!isCount(offset) || !isCount(items) || (items > 0 && offset + (items - 1) * Math.max(stride, itemSize) + itemSize > length)) {
        return refuse(i, 'its numbers within the buffer view', `${inWords(items)} in ${length} bytes`);
      }
    };
    if (bufferView !== undefined) check(bufferView, byteOffset, count, size);
    if (sparse !== undefined) {
      if (!isEntry(sparse) || !isEntry(sparse['indices']) || !isEntry(sparse['values']))
        return refuse(i, 'sparse indices and values', 'none');
      const { indices, values } = sparse as { indices: Entry; values: Entry };
      check(indices['bufferView'], indices['byteOffset'] ?? 0, sparse['count'], COMPONENT_BYTES.get(indices['componentType']) ?? 4);
      check(values['bufferView'], values['byteOffset'] ?? 0, sparse['count'], size);
    }
  });
}

function entries(value: unknown, key: string, source: MeshSource): readonly Entry[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isEntry))
    throw corruptMesh(source, `a list of objects as ${key}`, 'something else', source.name);
  return value;
}

const listOfWords = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
const withoutUndefined = (entry: Entry): Entry => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
const unsupported = ({ caller, name }: MeshSource, expected: string, got: string): NetSpaceError =>
  new NetSpaceError('UNSUPPORTED', `${caller}: expected ${expected} in ${name}, got ${got}`);
