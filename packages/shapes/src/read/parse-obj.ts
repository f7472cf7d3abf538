import { finishMesh, type MeshFile } from './finish-mesh.js';
import { assertMeshLimit, corruptMesh, type MeshLimits, type MeshSource } from './mesh-limits.js';
import { decodeMeshText, lineEnd, lineOf, nextLine, strictNumber } from './mesh-text.js';
import { type ReadMeshOptions, usedReadOptions } from './read-mesh-options.js';
import { triangulate } from './triangulate.js';

/**
 * Reads the geometry of a Wavefront OBJ file: vertices and faces. Polygons become triangles; texture coordinates, normals, colors,
 * materials, groups, lines and points are left out. Statements that OBJ does not have are skipped with a warning.
 *
 * Vertices stay shared between faces as in the file, those at the same place are joined, and unused ones dropped: a closed file gives a
 * closed mesh (three's `OBJLoader` gives every corner a vertex of its own).
 *
 * @param text the file, or its bytes in UTF-8 or UTF-16
 * @throws NetSpaceError `CORRUPT_FILE`, naming the line, if a vertex or face cannot be read, or a face names a vertex that does not come
 * before it; `LIMIT_EXCEEDED` if there is more than the limits allow; `INVALID_OPTION` for options that are unknown or wrong
 * @see http://paulbourke.net/dataformats/obj/
 * @example
 * ```ts
 * import { parseObj } from '@netspace/shapes';
 *
 * const { indices } = parseObj('v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4'); // a square
 * console.log(indices.length / 3); // 2
 * ```
 */
export function parseObj(text: string | Uint8Array, options: ReadMeshOptions = {}): MeshFile {
  const { name, placement, limits } = usedReadOptions('parseObj', options, 'the OBJ file');
  const source = { caller: 'parseObj', name };
  assertMeshLimit('bytes', text.length, limits, source);
  const positions: number[] = [];
  const indices: number[] = [];
  const unknown: { count: number; first: string } = { count: 0, first: '' };
  let degenerateFaces = 0;
  const content = typeof text === 'string' ? text : decodeMeshText(text);
  for (const { statement, place } of statements(content, limits, source)) {
    const keyword = /^\S+/.exec(statement)![0];
    const where = (): string => `line ${lineOf(content, place)} of ${name}`;
    if (keyword === 'v') {
      const [x, y, z] = readVertex(statement.split(/\s+/, 4), where, source);
      positions.push(x, y, z);
      assertMeshLimit('vertices', positions.length / 3, limits, source);
    } else if (keyword === 'f') {
      const fields = statement.split(/\s+/).slice(1);
      assertMeshLimit('corners', fields.length, limits, source);
      const triangles = triangulate(readFace(fields, positions.length / 3, where, source), positions);
      if (triangles.length === 0) degenerateFaces++;
      for (const corner of triangles) indices.push(corner);
      assertMeshLimit('triangles', indices.length / 3, limits, source);
    } else if (!IGNORED.has(keyword)) {
      if (unknown.count++ === 0) unknown.first = `${quote(keyword.slice(0, 40))} in ${where()}`;
      if (unknown.count === GIVE_UP && positions.length === 0) break; // whatever this is, it is not OBJ
    }
  }
  const skipped = unknown.count === 0 ? [] : [`statements that are not read skipped (${unknown.count}), the first ${unknown.first}`];
  if (indices.length === 0) {
    const got = degenerateFaces > 0 ? `${degenerateFaces} without three different corners` : 'none';
    throw corruptMesh(source, 'faces', [got, ...skipped].join('; '), name);
  }
  return finishMesh({ positions, indices, degenerateFaces, warnings: skipped }, placement, source);
}

/** A file is refused if this many unknown statements come before its first vertex. */
const GIVE_UP = 10_000;

/** Statements with free text. A backslash at their end does not continue the line. */
const FREE_TEXT = new Set(['o', 'g', 'usemtl', 'mtllib', 'usemap', 'maplib', 'shadow_obj', 'trace_obj', 'call', 'csh']);
/** `call` is not among them: the file that it names may hold more of the shape. */
const IGNORED = new Set([
  ...[...FREE_TEXT].filter((keyword) => keyword !== 'call'),
  'vt',
  'vn',
  'vp',
  's',
  'p',
  'l',
  'd',
  'mg',
  'lod',
  'bevel',
  'c_interp',
  'd_interp',
]);

/** The statements that are not empty, with the place where each starts. Continuation lines are joined and comments cut off. */
function* statements(text: string, limits: MeshLimits, source: MeshSource): Generator<{ statement: string; place: number }> {
  const blank = /\s+/y; // at the engine's speed: a file may be all line ends
  for (let at = 0; at < text.length;) {
    blank.lastIndex = at;
    if (blank.test(text)) at = blank.lastIndex;
    const place = at;
    const parts: string[] = [];
    for (let continued = true; continued && at < text.length;) {
      const end = lineEnd(text, at, limits.lineLength - (at - place));
      if (end < 0) {
        assertMeshLimit('lineLength', limits.lineLength + 1, limits, { ...source, name: `line ${lineOf(text, place)} of ${source.name}` });
      }
      const part = withoutComment(text.slice(at, end), () => `line ${lineOf(text, place)} of ${source.name}`, source);
      at = nextLine(text, end);
      continued = part.endsWith('\\') && !FREE_TEXT.has(/\S*/.exec(parts[0] ?? part)![0]);
      parts.push(continued ? part.slice(0, -1) : part);
    }
    const statement = parts.join(' ').trim();
    if (statement !== '') yield { statement, place };
  }
}

/** A line up to its `#`. In `1.#IND` and `1.#INF`, which MSVC writes for NaN and infinity, `#` begins no comment. */
function withoutComment(line: string, where: () => string, source: MeshSource): string {
  const hash = line.indexOf('#');
  if (hash < 0) return line.trim();
  if (/^\s*v\s.*\d\.#(?:IND|INF|QNAN|SNAN|NAN)/i.test(line)) throw corruptMesh(source, 'three coordinates', quote(line.trim()), where());
  return line.slice(0, hash).trim();
}

function readVertex([, ...words]: readonly string[], where: () => string, source: MeshSource): [x: number, y: number, z: number] {
  const [x = NaN, y = NaN, z = NaN] = words.map(strictNumber); // a weight or a color may follow
  if (Number.isNaN(x) || Number.isNaN(y) || Number.isNaN(z)) {
    throw corruptMesh(source, 'three coordinates, decimal and up to 3.4e38,', quote(words.join(' ')), where());
  }
  return [x, y, z];
}

/** A corner is `v`, `v/vt`, `v//vn` or `v/vt/vn`; numbers count from 1, negative ones from the last vertex read. */
function readFace(fields: readonly string[], vertices: number, where: () => string, source: MeshSource): number[] {
  return fields.map((field) => {
    const [, digits] = CORNER.exec(field) ?? [];
    if (digits === undefined) throw corruptMesh(source, 'a corner such as 7 or 7/1/2', quote(field), where());
    const number = Number(digits);
    const index = number < 0 ? vertices + number : number - 1;
    if (index < 0 || index >= vertices)
      throw corruptMesh(source, `one of the ${vertices} vertices before it`, digits.slice(0, 40), where());
    return index;
  });
}

const CORNER = /^([+-]?\d+)(?:\/[+-]?\d*(?:\/[+-]?\d*)?)?$/;

const quote = (text: string): string => JSON.stringify(text.slice(0, 80));
