import { finishMesh, type MeshFile } from './finish-mesh.js';
import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';
import { decodeMeshText, finite, lineOf, strictNumber } from './mesh-text.js';
import { type ReadMeshOptions, usedReadOptions } from './read-mesh-options.js';

/**
 * Reads an STL file, binary or text. Corners at the same place become one vertex; normals, colors and names are left out.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the triangle, if it is cut off or a coordinate is not finite; `LIMIT_EXCEEDED` if there is
 * more than the limits allow; `INVALID_OPTION` for options that are unknown or wrong
 * @see https://www.loc.gov/preservation/digital/formats/fdd/fdd000504.shtml
 * @example
 * ```ts
 * import { readStl } from '@netspace/shapes';
 *
 * const text = 'solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid';
 * const { positions } = readStl(new TextEncoder().encode(text));
 * console.log([...positions]); // [ 0, 0, 0, 1, 0, 0, 0, 1, 0 ]
 * ```
 */
export function readStl(bytes: Uint8Array, options: ReadMeshOptions = {}): MeshFile {
  const { name, placement, limits } = usedReadOptions('readStl', options, 'the STL file');
  const source = { caller: 'readStl', name };
  assertMeshLimit('bytes', bytes.length, limits, source);
  const { positions, warnings } = isText(bytes) ? readText(bytes, limits, source) : readBinary(bytes, limits, source);
  const indices = Array.from({ length: positions.length / 3 }, (_, i) => i);
  return finishMesh({ positions, indices, degenerateFaces: 0, warnings }, placement, source);
}

const HEADER = 84; // bytes before the first triangle: 80 of anything, and the count
const RECORD = 50; // bytes of a triangle: normal and three corners as float32, and two bytes of anything

/** Binary files may begin with "solid" too: the count at byte 80 tells them. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.length >= HEADER && bytes.length >= HEADER + RECORD * triangleCount(bytes) && triangleCount(bytes) > 0) {
    if (bytes.length === HEADER + RECORD * triangleCount(bytes)) return false;
  }
  return /^\s*solid/i.test(decodeMeshText(bytes.subarray(0, 512)).replace(/^\uFEFF/, '')) && hasFacet(bytes);
}

const hasFacet = (bytes: Uint8Array): boolean => /\b(?:facet|endsolid)\b/i.test(decodeMeshText(bytes.subarray(0, 4096)));

const triangleCount = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(80, true);

interface Corners {
  readonly positions: Float64Array;
  readonly warnings: readonly string[];
}

function readBinary(bytes: Uint8Array, limits: MeshLimits, source: MeshSource): Corners {
  if (bytes.length < HEADER)
    throw corruptMesh(source, 'a header of 84 bytes, or text that begins with solid', `${bytes.length} bytes`, source.name);
  const count = triangleCount(bytes);
  assertMeshLimit('triangles', count, limits, source);
  const needed = HEADER + RECORD * count;
  if (bytes.length < needed) {
    throw corruptMesh(
      source,
      `${needed} bytes for the ${count} triangles of the header`,
      `${bytes.length}; was the copy cut off?`,
      source.name,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const positions = new Float64Array(9 * count);
  for (let t = 0; t < count; t++) {
    for (let k = 0; k < 9; k++) {
      const x = view.getFloat32(HEADER + RECORD * t + 12 + 4 * k, true);
      if (!Number.isFinite(x)) throw corruptMesh(source, 'finite coordinates', `${x}`, `triangle ${t + 1} of ${source.name}`);
      positions[9 * t + k] = finite(x);
    }
  }
  const rest = bytes.length - needed;
  return { positions, warnings: rest === 0 ? [] : [`${rest} bytes after the last triangle left out`] };
}

function readText(bytes: Uint8Array, limits: MeshLimits, source: MeshSource): Corners {
  const text = decodeMeshText(bytes);
  const numbers: number[] = [];
  let corners = -1; // of the loop that is open; −1 for none
  for (const { 0: row, index } of text.matchAll(/\S[^\r\n]*/g)) {
    if (row.length > limits.lineLength) assertMeshLimit('lineLength', row.length, limits, source);
    const where = (): string => `line ${lineOf(text, index)} of ${source.name}`;
    for (const word of keywords(row)) {
      const [keyword = '', ...fields] = word.trim().split(/\s+/);
      switch (keyword.toLowerCase()) {
        case 'outer':
          corners = 0;
          break;
        case 'vertex': {
          const xyz = fields.slice(0, 3).map(strictNumber);
          if (xyz.length < 3 || xyz.some(Number.isNaN)) {
            throw corruptMesh(source, 'three coordinates, decimal and up to 3.4e38,', JSON.stringify(row.trim().slice(0, 80)), where());
          }
          if (corners < 0 || corners === 3) throw corruptMesh(source, 'three corners in each outer loop', 'another', where());
          corners++;
          for (const x of xyz) numbers.push(x);
          assertMeshLimit('triangles', numbers.length / 9, limits, source);
          break;
        }
        case 'endloop':
          if (corners !== 3) throw corruptMesh(source, 'three corners in each outer loop', `${Math.max(corners, 0)}`, where());
          corners = -1;
          break;
        case 'facet': // and what needs no reading
        case 'endfacet':
        case 'solid':
        case 'endsolid':
          break;
        default:
          throw corruptMesh(source, 'facet, outer loop, vertex, endloop or endfacet', JSON.stringify(keyword.slice(0, 40)), where());
      }
    }
  }
  if (corners >= 0) throw corruptMesh(source, 'endloop', 'the end of the file; was the copy cut off?', source.name);
  const whole = /\bendsolid\b/i.test(text.slice(-1024));
  return { positions: Float64Array.from(numbers), warnings: whole ? [] : ['no endsolid: the file may be cut off'] };
}

/** Some programs write a facet in one line. */
const keywords = (row: string): string[] =>
  /^\s*(?:end)?solid\b/i.test(row) ? [row] : row.split(/(?=\b(?:outer|vertex|endloop|endfacet)\b)/i).filter((part) => part.trim() !== '');
