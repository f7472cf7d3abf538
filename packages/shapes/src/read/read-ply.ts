import { finishMesh, type MeshFile } from './finish-mesh.js';
import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';
import { finite, strictNumber } from './mesh-text.js';
import { type ReadMeshOptions, usedReadOptions } from './read-mesh-options.js';
import { PLY_SIZES, readPlyHeader, type PlyElement, type PlyType } from './ply-header.js';
import { triangulate } from './triangulate.js';

/**
 * Reads a PLY file: text, or binary of either byte order. Its vertices' x, y, z and its faces (polygons of any number of corners) are
 * read, in double precision if the file has it. Other properties and elements are left out.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the place, if the header or a number cannot be read, a face names a vertex that does not
 * exist, or the data end early; `LIMIT_EXCEEDED` if there is more than the limits allow; `INVALID_OPTION` for options
 * that are unknown or wrong
 * @see https://paulbourke.net/dataformats/ply/
 * @example
 * ```ts
 * import { readPly } from '@netspace/shapes';
 *
 * const header = 'ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n';
 * const faces = 'element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n';
 * const { indices } = readPly(new TextEncoder().encode(header + faces));
 * console.log([...indices]); // [ 0, 1, 2 ]
 * ```
 */
export function readPly(bytes: Uint8Array, options: ReadMeshOptions = {}): MeshFile {
  const { name, placement, limits } = usedReadOptions('readPly', options, 'the PLY file');
  const source = { caller: 'readPly', name };
  assertMeshLimit('bytes', bytes.length, limits, source);
  const header = readPlyHeader(bytes, limits, source);
  const numbers = header.format === 'ascii' ? textNumbers(bytes, header, source) : binaryNumbers(bytes, header, source);
  const positions: number[] = [];
  const polygons: number[][] = [];
  for (const element of header.elements) {
    if (element.name === 'vertex') readVertices(element, numbers, positions, source);
    else if (element.name === 'face') readFaces(element, numbers, polygons, limits, source);
    else if (element.name === 'tristrips') throw corruptMesh(source, 'faces', 'triangle strips; save the file with faces', name);
    else skip(element, numbers);
  }
  const indices: number[] = [];
  let degenerateFaces = 0;
  polygons.forEach((polygon, i) => {
    const outside = polygon.find((index) => !(index >= 0 && index < positions.length / 3));
    if (outside !== undefined) {
      throw corruptMesh(source, `corners from 0 to ${positions.length / 3 - 1}`, `${outside}`, `face ${i} of ${name}`);
    }
    const triangles = triangulate(polygon, positions);
    if (triangles.length === 0) degenerateFaces++;
    for (const corner of triangles) indices.push(corner);
    assertMeshLimit('triangles', indices.length / 3, limits, source);
  });
  if (indices.length === 0) {
    throw corruptMesh(
      source,
      'faces',
      polygons.length === 0 ? 'none; a cloud of points has no inside' : `${degenerateFaces} without three different corners`,
      name,
    );
  }
  const rest = numbers.rest();
  const warnings = rest === undefined ? [] : [`${rest} after the last element of the header left out`];
  return finishMesh({ positions, indices, degenerateFaces, warnings }, placement, source);
}

/** The data of a PLY file, one number after the other. */
interface NumberSource {
  next(type: PlyType): number;
  /** The place of the next number, for messages. */
  where(): string;
  /** The rest of the file, in words. */
  rest(): string | undefined;
}

function readVertices({ count, properties }: PlyElement, numbers: NumberSource, positions: number[], source: MeshSource): void {
  const axes = properties.map(({ name, countType }) => (countType === undefined ? ['x', 'y', 'z'].indexOf(name) : -1));
  if (![0, 1, 2].every((axis) => axes.includes(axis))) {
    const names = properties.map(({ name }) => name).join(', ');
    throw corruptMesh(source, 'properties x, y and z of element vertex', names.slice(0, 80) || 'none', `the header of ${source.name}`);
  }
  const xyz = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    properties.forEach((property, k) => {
      const where = axes[k]! < 0 ? '' : numbers.where();
      const values = property.countType === undefined ? 1 : numbers.next(property.countType);
      for (let n = 0; n < values; n++) {
        const value = numbers.next(property.type);
        if (axes[k]! < 0) continue;
        if (Number.isNaN(finite(value))) throw corruptMesh(source, 'finite coordinates up to 3.4e38', `${value}`, `${where}, vertex ${i}`);
        xyz[axes[k]!] = value;
      }
    });
    positions.push(xyz[0]!, xyz[1]!, xyz[2]!);
  }
}

function readFaces(element: PlyElement, numbers: NumberSource, polygons: number[][], limits: MeshLimits, source: MeshSource): void {
  const isCorners = ({ name, countType }: PlyElement['properties'][number]): boolean =>
    countType !== undefined && /^vertex_ind(?:ices|ex)$/.test(name);
  if (element.count > 0 && !element.properties.some(isCorners)) {
    throw corruptMesh(source, 'a list vertex_indices of element face', 'none', `the header of ${source.name}`);
  }
  for (let i = 0; i < element.count; i++) {
    for (const property of element.properties) {
      const values = property.countType === undefined ? 1 : numbers.next(property.countType);
      const corners = isCorners(property);
      if (!(Number.isInteger(values) && values >= 0)) throw corruptMesh(source, 'a length of a list', `${values}`, numbers.where());
      if (corners) assertMeshLimit('corners', values, limits, source);
      const polygon: number[] = [];
      for (let n = 0; n < values; n++) {
        const value = numbers.next(property.type);
        if (corners) polygon.push(value);
      }
      if (corners) {
        if (!polygon.every(Number.isInteger))
          throw corruptMesh(source, 'whole numbers as corners', `[${polygon.slice(0, 8)}]`, numbers.where());
        polygons.push(polygon);
      }
    }
  }
}

function skip({ count, properties }: PlyElement, numbers: NumberSource): void {
  if (properties.length === 0) return;
  for (let i = 0; i < count; i++) {
    for (const { type, countType } of properties) {
      for (let n = countType === undefined ? 1 : numbers.next(countType); n > 0; n--) numbers.next(type);
    }
  }
}

function textNumbers(bytes: Uint8Array, header: { readonly length: number; readonly lines: number }, source: MeshSource): NumberSource {
  let at = header.length;
  let line = header.lines + 1;
  const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
  const where = (): string => `line ${line} of ${source.name}`;
  const next = (): number => {
    for (; at < bytes.length && isSpace(bytes[at]!); at++) {
      if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) line++;
    }
    if (at >= bytes.length) throw corruptMesh(source, 'another number', 'the end of the file; was the copy cut off?', where());
    let word = '';
    for (; at < bytes.length && !isSpace(bytes[at]!) && word.length < 64; at++) word += String.fromCharCode(bytes[at]!);
    const value = strictNumber(word);
    if (Number.isNaN(value)) throw corruptMesh(source, 'a decimal number up to 3.4e38', JSON.stringify(word), where());
    return value;
  };
  const rest = (): string | undefined => {
    while (at < bytes.length && isSpace(bytes[at]!)) at++;
    return at < bytes.length ? `${bytes.length - at} characters` : undefined;
  };
  return { next, where, rest };
}

function binaryNumbers(bytes: Uint8Array, header: { readonly length: number; readonly format: string }, source: MeshSource): NumberSource {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = header.format === 'binary_little_endian';
  let at = header.length;
  const where = (): string => `byte ${at} of ${source.name}`;
  const next = (type: PlyType): number => {
    const from = at;
    at += PLY_SIZES[type];
    if (at > bytes.length) throw corruptMesh(source, 'another number', 'the end of the file; was the copy cut off?', where());
    switch (type) {
      case 'int8':
        return view.getInt8(from);
      case 'uint8':
        return view.getUint8(from);
      case 'int16':
        return view.getInt16(from, little);
      case 'uint16':
        return view.getUint16(from, little);
      case 'int32':
        return view.getInt32(from, little);
      case 'uint32':
        return view.getUint32(from, little);
      case 'float32':
        return view.getFloat32(from, little);
      case 'float64':
        return view.getFloat64(from, little);
    }
  };
  return { next, where, rest: () => (at < bytes.length ? `${bytes.length - at} bytes` : undefined) };
}
