import { NetSpaceError } from '@netspace/prep';

import type { TriangleMesh } from '../mesh/triangle-mesh.js';

export interface ParseObjOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Refusals while reading, before the mesh is built. */
  readonly limits?: {
    readonly characters?: number;
    readonly vertices?: number;
    readonly triangles?: number;
  };
}

/**
 * Reads the geometry of a Wavefront OBJ file: vertices and faces. Polygons become fans of triangles; texture coordinates, normals,
 * materials, groups, lines and points are left out.
 *
 * Vertices stay shared between faces as in the file, so a closed file gives a closed mesh (three's `OBJLoader` gives every corner a
 * vertex of its own).
 *
 * @throws NetSpaceError `CORRUPT_FILE`, naming the line, if a vertex or face cannot be read or a face names a vertex that does not stand
 * before it; `LIMIT_EXCEEDED` if there is more than the limits allow
 * @see http://paulbourke.net/dataformats/obj/
 */
export function parseObj(text: string, { name = 'the OBJ file', limits = {} }: ParseObjOptions = {}): TriangleMesh {
  const { characters = 200_000_000, vertices: maxVertices = 2_000_000, triangles: maxTriangles = 4_000_000 } = limits;
  assertLimit('characters', text.length, characters, name);
  const positions: number[] = [];
  const indices: number[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const [keyword = '', ...fields] = line.trim().split(/\s+/);
    const where = `line ${i + 1} of ${name}`;
    if (keyword === 'v') {
      positions.push(...readVertex(fields, where));
      assertLimit('vertices', positions.length / 3, maxVertices, name);
    } else if (keyword === 'f') {
      const corners = readFace(fields, positions.length / 3, where);
      for (let k = 2; k < corners.length; k++) indices.push(corners[0]!, corners[k - 1]!, corners[k]!);
      assertLimit('triangles', indices.length / 3, maxTriangles, name);
    } else if (!IGNORED.test(keyword)) {
      throw corrupt('a statement of the OBJ format', JSON.stringify(keyword.slice(0, 40)), where);
    }
  }
  if (indices.length === 0) throw corrupt('faces', 'none', name);
  return { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) };
}

const IGNORED = /^(#.*|v[tnp]|[ogsplfd]|mg|usemtl|mtllib|usemap|maplib|)$/;

function readVertex(fields: readonly string[], where: string): number[] {
  const numbers = fields.slice(0, 3).map(Number); // a weight or a color may follow
  if (numbers.length < 3 || !numbers.every(Number.isFinite)) throw corrupt('three coordinates', `"${fields.join(' ')}"`, where);
  return numbers;
}

/** A corner is `v`, `v/vt`, `v//vn` or `v/vt/vn`; numbers count from 1, negative ones from the last vertex read. */
function readFace(fields: readonly string[], vertices: number, where: string): number[] {
  if (fields.length < 3) throw corrupt('at least three corners', `${fields.length}`, where);
  return fields.map((field) => {
    const [, digits] = CORNER.exec(field) ?? [];
    if (digits === undefined) throw corrupt('a corner such as 7 or 7/1/2', JSON.stringify(field.slice(0, 40)), where);
    const number = Number(digits);
    const index = number < 0 ? vertices + number : number - 1;
    if (index < 0 || index >= vertices) throw corrupt(`one of the ${vertices} vertices before it`, digits, where);
    return index;
  });
}

const CORNER = /^(-?\d+)(?:\/-?\d*(?:\/-?\d*)?)?$/;

const corrupt = (expected: string, got: string, where: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `parseObj: expected ${expected} in ${where}, got ${got}`);

function assertLimit(limit: string, got: number, allowed: number, name: string): void {
  if (got > allowed) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `parseObj: expected at most ${allowed} ${limit} in ${name}, got ${got}; raise \`limits.${limit}\``,
    );
  }
}
