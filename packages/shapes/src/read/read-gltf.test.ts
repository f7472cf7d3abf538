import { describe, expect, it } from 'vitest';

import { meshPlausibility } from '../measure/mesh-plausibility.js';
import { boxMesh } from '../mesh/shape-meshes.js';
import { glbBytes, gltfParts } from '../testing/mesh-files.js';
import { readGltf } from './read-gltf.js';

const box = boxMesh({ size: [1, 2, 3] });
const { json, binary } = gltfParts(box);
const encode = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));
const accessors = json['accessors'] as readonly object[];
const bufferViews = json['bufferViews'] as readonly object[];
const withNodes = (...nodes: readonly object[]) => glbBytes(box, { nodes, scenes: [{ nodes: [0] }] });

describe('readGltf', () => {
  it('reads .gltf with its data in base64, or in a file that is asked for by name', async () => {
    const inline = { ...json, buffers: [{ byteLength: binary.length, uri: `data:;base64,${btoa(String.fromCharCode(...binary))}` }] };
    expect([...(await readGltf(encode(inline))).positions]).toEqual([...box.positions]);
    const beside = { ...json, buffers: [{ byteLength: binary.length, uri: 'box.bin' }] };
    const resolve = (uri: string) => Promise.resolve(uri === 'box.bin' ? binary : new Uint8Array());
    expect([...(await readGltf(encode(beside), { resolve })).indices]).toEqual([...box.indices]);
    await expect(readGltf(encode(beside), { name: 'a.gltf' })).rejects.toThrow(
      /all data within a\.gltf, got the file "box\.bin"; pass `resolve`/,
    );
    await expect(readGltf(encode(beside), { resolve: () => Promise.resolve(new Uint8Array(9)) })).rejects.toThrow(/384 bytes|got 9/);
  });

  it('puts each mesh where its nodes put it: scaled, turned, moved, twice', async () => {
    const turn = [0, 0, Math.SQRT1_2, Math.SQRT1_2]; // a quarter turn about z: x to y
    const mesh = await readGltf(
      withNodes(
        { children: [1, 2], translation: [10, 0, 0] },
        { mesh: 0, rotation: turn, scale: [2, 2, 2] },
        { mesh: 0, translation: [0, 0, 20] },
      ),
    );
    expect(meshPlausibility(mesh)).toMatchObject({ volume: expect.closeTo(54, 3) as number, components: 2, closed: true });
    const reach = [0, 1, 2].map((axis) => Math.max(...mesh.positions.filter((_, i) => i % 3 === axis)));
    expect(reach).toEqual([12, 1, 21.5].map((x) => expect.closeTo(x, 5) as number));
  });

  it('keeps outsides outside in a node that mirrors', async () => {
    expect(meshPlausibility(await readGltf(withNodes({ mesh: 0, scale: [-1, 1, 1] })))).toMatchObject({
      volume: expect.closeTo(6, 5) as number,
      cavities: 0,
    });
  });

  it('moves in double precision: a box at 4,649,776 keeps its volume', async () => {
    const mesh = await readGltf(withNodes({ mesh: 0, translation: [4649776.25, 500000, 0] }));
    expect(meshPlausibility(mesh).volume).toBeCloseTo(6, 5);
    expect(mesh.offset[0]).toBe(4649776.25);
  });

  it('reads strips and fans, and leaves out lines with a warning', async () => {
    const square = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0), indices: Uint32Array.of(0, 1, 2, 3) };
    const primitive = (mode: number) => ({ attributes: { POSITION: 0 }, indices: 1, mode });
    const area = async (...modes: number[]) => {
      const mesh = await readGltf(glbBytes(square, { meshes: [{ primitives: modes.map(primitive) }] }));
      return [mesh.indices.length / 3, mesh.report.warnings];
    };
    expect(await area(5)).toEqual([2, []]);
    expect(await area(6, 1)).toEqual([2, ['points and lines left out']]);
    await expect(area(1)).rejects.toThrow(/expected triangles in .*, got none; points and lines left out/);
  });

  it.each([
    ['compressed geometry', { extensionsRequired: ['KHR_draco_mesh_compression'] }, 'UNSUPPORTED', /save it uncompressed/],
    ['glTF 1', { asset: { version: '1.0' } }, 'UNSUPPORTED', /convert it to glTF 2\.0/],
    ['a circle of nodes', { nodes: [{ children: [1] }, { children: [0], mesh: 0 }] }, 'CORRUPT_FILE', /a circle or more/],
    ['a node of two parents', { nodes: [{ children: [1, 1] }, { mesh: 0 }] }, 'CORRUPT_FILE', /one parent/],
    [
      'an accessor of a billion',
      { accessors: [{ ...accessors[0], count: 1e9, bufferView: undefined }, accessors[1]] },
      'LIMIT_EXCEEDED',
      /limits\.bytes/,
    ],
    [
      'an accessor beyond its view',
      { accessors: [{ ...accessors[0], count: 9 }, accessors[1]] },
      'CORRUPT_FILE',
      /its numbers within the buffer view/,
    ],
    [
      'a view beyond its buffer',
      {
        bufferViews: [
          { buffer: 0, byteLength: 96 },
          { buffer: 0, byteOffset: 96, byteLength: 1e6 },
        ],
      },
      'CORRUPT_FILE',
      /a buffer view within its buffer/,
    ],
    [
      'a corner that does not exist',
      { accessors: [{ ...accessors[0], count: 7 }, accessors[1]] },
      'CORRUPT_FILE',
      /corners below 7, .* got 7/,
    ],
    ['no mesh', { nodes: [{}] }, 'CORRUPT_FILE', /expected triangles .* got none/],
    [
      'types that turn into no text', // the fuzzer's gltf/1/189 and its like
      { accessors: [{ bufferView: 0, componentType: { toString: 1 }, type: 'VEC3', count: 8 }] },
      'CORRUPT_FILE',
      /a component type .* got \{"toString":1\}/,
    ],
    [
      'types that every object has',
      { accessors: [{ bufferView: 0, componentType: 5126, type: 'constructor', count: 8 }] },
      'CORRUPT_FILE',
      /a type .* got "constructor"/,
    ],
    ['children that turn into no text', { nodes: [{ children: [{ toString: 1 }] }] }, 'CORRUPT_FILE', /children below 1/],
    ['lists that are none', { nodes: 7 }, 'CORRUPT_FILE', /a list of objects as nodes/],
    ['a mesh that does not exist', { nodes: [{ mesh: 5 }] }, 'CORRUPT_FILE', /expected/],
  ])('refuses %s', async (_, change, code, message) => {
    await expect(readGltf(glbBytes(box, change))).rejects.toThrow(expect.objectContaining({ code }));
    await expect(readGltf(glbBytes(box, change))).rejects.toThrow(message);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a turn that would scale', { nodes: [{ mesh: 0, rotation: [0, 0, 2, 2] }] }, /a rotation of length 1 in node 0 .* \[0,0,2,2\]/],
    ['no turn at all', { nodes: [{ mesh: 0, rotation: [0, 0, 0, 0] }] }, /a rotation of length 1/],
    ['half a matrix', { nodes: [{ mesh: 0, matrix: [1, 0, 0, 0, 0, 1, 0, 0] }] }, /16 numbers as matrix/],
    ['a scale of words', { nodes: [{ mesh: 0, scale: ['1', '1', '1'] }] }, /3 numbers as scale/],
    ['positions in a plane', { accessors: [{ ...accessors[0], type: 'VEC2' }, accessors[1]] }, /three floats .* in mesh 0 .*VEC2/],
    [
      'positions of bytes',
      { accessors: [{ ...accessors[0], componentType: 5120, normalized: true }, accessors[1]] },
      /three floats .*5120/,
    ],
    ['indices that are floats', { accessors: [accessors[0], { ...accessors[1], componentType: 5126 }] }, /whole numbers as indices/],
    ['a mode that there is not', { meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, mode: 7 }] }] }, /a mode below 7/],
    ['35 corners', { accessors: [accessors[0], { ...accessors[1], count: 35 }] }, /three corners for each triangle .*35/],
    ['a scene that there is not', { scene: 7 }, /a scene below 1 .*got 7/],
    [
      'a stride smaller than a vertex',
      { bufferViews: bufferViews.map((view, i) => (i === 0 ? { ...view, byteStride: 8 } : view)) },
      /buffer view/,
    ],
    [
      'a sparse number beyond the end',
      {
        accessors: [
          {
            ...accessors[0],
            sparse: { count: 1, indices: { bufferView: 1, byteOffset: 0, componentType: 5125 }, values: { bufferView: 0 } },
            count: 0,
          },
          accessors[1],
        ],
      },
      /rising sparse indices below 0 in accessor 0/,
    ],
  ])('refuses what a reader would take for something else: %s', async (_, change, message) => {
    await expect(readGltf(glbBytes(box, change))).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
    await expect(readGltf(glbBytes(box, change))).rejects.toThrow(message);
  });

  it('says which extension it left out', async () => {
    const { report } = await readGltf(glbBytes(box, { extensionsUsed: ['KHR_materials_unlit', 'EXT_mesh_gpu_instancing'] }));
    expect(report.warnings).toEqual(['extension EXT_mesh_gpu_instancing left out']);
  });

  it('refuses NaN, a cut off file, and one mesh placed more often than the limits allow', async () => {
    const nan = { ...box, positions: box.positions.map((x, i) => (i === 4 ? NaN : x)) };
    await expect(readGltf(glbBytes(nan))).rejects.toThrow(/finite coordinates .* in vertex 1 of a mesh/);
    await expect(readGltf(glbBytes(box).slice(0, -1))).rejects.toThrow(/was the copy cut off/);
    const nodes = Array.from({ length: 1000 }, () => ({ mesh: 0 }));
    const many = glbBytes(box, { nodes, scenes: [{ nodes: nodes.map((_, i) => i) }] });
    await expect(readGltf(many, { limits: { triangles: 1000 } })).rejects.toThrow(/limits\.triangles/);
  });
});
