import type { TriangleMesh } from '../mesh/triangle-mesh.js';

const triangles = ({ indices }: TriangleMesh): number[][] =>
  Array.from({ length: indices.length / 3 }, (_, t) => [...indices.subarray(3 * t, 3 * t + 3)]);
const vertex = ({ positions }: TriangleMesh, i: number): number[] => [...positions.subarray(3 * i, 3 * i + 3)];
const bytesOf = (...parts: readonly (string | ArrayBufferView)[]): Uint8Array => {
  const blocks = parts.map((part) =>
    typeof part === 'string' ? new TextEncoder().encode(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const all = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  blocks.reduce((at, block) => (all.set(block, at), at + block.length), 0);
  return all;
};

/** A mesh as a PLY file with a uint8 after each vertex, which makes the numbers after it unaligned. */
export function plyBytes(mesh: TriangleMesh, format: 'ascii' | 'binary_little_endian' | 'binary_big_endian'): Uint8Array {
  const count = mesh.positions.length / 3;
  const faces = triangles(mesh);
  const header = [
    ...['ply', `format ${format} 1.0`, `element vertex ${count}`, 'property float x', 'property float y', 'property float z'],
    ...['property uchar red', `element face ${faces.length}`, 'property list uchar int vertex_indices', 'end_header', ''],
  ].join('\n');
  const rows = Array.from({ length: count }, (_, i) => vertex(mesh, i));
  if (format === 'ascii') {
    return bytesOf(header, [...rows.map((row) => `${row.join(' ')} 255\n`), ...faces.map((face) => `3 ${face.join(' ')}\n`)].join(''));
  }
  const little = format === 'binary_little_endian';
  const data = new DataView(new ArrayBuffer(13 * count + 13 * faces.length));
  let at = 0;
  for (const row of rows) {
    row.forEach((x, k) => data.setFloat32(at + 4 * k, x, little));
    data.setUint8(at + 12, 255);
    at += 13;
  }
  for (const face of faces) {
    data.setUint8(at, 3);
    face.forEach((corner, k) => data.setInt32(at + 1 + 4 * k, corner, little));
    at += 13;
  }
  return bytesOf(header, data);
}

export const stlText = (mesh: TriangleMesh): string =>
  `solid\n${triangles(mesh)
    .map(
      (face) => `facet normal 0 0 0\nouter loop\n${face.map((i) => `vertex ${vertex(mesh, i).join(' ')}\n`).join('')}endloop\nendfacet\n`,
    )
    .join('')}endsolid\n`;

export function stlBytes(mesh: TriangleMesh, header = ''): Uint8Array {
  const faces = triangles(mesh);
  const data = new DataView(new ArrayBuffer(84 + 50 * faces.length));
  new TextEncoder().encode(header).forEach((byte, i) => data.setUint8(i, byte));
  data.setUint32(80, faces.length, true);
  faces.forEach((face, t) => face.flatMap((i) => vertex(mesh, i)).forEach((x, k) => data.setFloat32(84 + 50 * t + 12 + 4 * k, x, true)));
  return bytesOf(data);
}

/** A mesh as the JSON and the binary part of a glTF file. */
export function gltfParts(mesh: TriangleMesh): { readonly json: Record<string, unknown>; readonly binary: Uint8Array } {
  const binary = bytesOf(mesh.positions, mesh.indices);
  const views = [mesh.positions.byteLength, mesh.indices.byteLength];
  const json = {
    asset: { version: '2.0' },
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, type: 'VEC3', count: mesh.positions.length / 3 },
      { bufferView: 1, componentType: 5125, type: 'SCALAR', count: mesh.indices.length },
    ],
    bufferViews: [
      { buffer: 0, byteLength: views[0] },
      { buffer: 0, byteOffset: views[0], byteLength: views[1] },
    ],
    buffers: [{ byteLength: binary.length }],
  };
  return { json, binary };
}

/** A mesh as a `.glb` file; `change` replaces parts of its JSON. */
export function glbBytes(mesh: TriangleMesh, change: Record<string, unknown> = {}): Uint8Array {
  const { json, binary } = gltfParts(mesh);
  const text = JSON.stringify({ ...json, ...change });
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4);
  const words = (...values: number[]): Uint32Array => Uint32Array.from(values);
  return bytesOf(
    words(0x46546c67, 2, 28 + padded.length + binary.length, padded.length, 0x4e4f534a),
    padded,
    words(binary.length, 0x004e4942),
    binary,
  );
}
