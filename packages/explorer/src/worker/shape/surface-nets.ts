/** A field on the corners of `cells`³ cells of a cube around the origin. */
export interface SampledField {
  readonly cells: number;
  /** Half the cube's side. */
  readonly bounds: number;
  /** `(cells + 1)³` values, x fastest, then y; below zero is inside. */
  readonly values: Float32Array;
}

/** Triangles with a normal a vertex. */
export interface Surface {
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  readonly indices: Uint32Array<ArrayBuffer>;
}

/** Corners of a cell; bit 0 is x, bit 1 y, bit 2 z. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((a) => [1, 2, 4].filter((bit) => (a & bit) === 0).map((bit) => [a, a | bit] as const));

/**
 * The surface at level zero: one vertex in each cell that it crosses, one quad for each edge of the grid that it crosses. Ten times as fast as
 * manifold's mesh, and no 0.5 MB to download. Where the cube's sides cut through the shape it is closed.
 *
 * @see Gibson, "Constrained elastic surface nets", MERL TR-99-24
 */
export function surfaceNets({ cells, bounds, values: given }: SampledField): Surface {
  const side = cells + 1;
  const values = closed(given, side);
  const steps = [1, side, side * side] as const;
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => (c & 1) * steps[0] + ((c >> 1) & 1) * steps[1] + (c >> 2) * steps[2]);
  const vertexOf = new Int32Array(side ** 3).fill(-1);
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  const size = (2 * bounds) / cells;
  for (let z = 0; z < cells; z++) {
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        const at = x + y * steps[1] + z * steps[2];
        let inside = 0;
        for (let c = 0; c < 8; c++) if (values[at + corners[c]!]! < 0) inside += 1;
        if (inside === 0 || inside === 8) continue; // most cells; no list is made for them
        const cell = corners.map((offset) => values[at + offset]!);
        const place = crossing(cell);
        vertexOf[at] = positions.length / 3;
        positions.push((x + place[0]) * size - bounds, (y + place[1]) * size - bounds, (z + place[2]) * size - bounds);
        normals.push(...slope(cell));
        addQuads(at, [x, y, z]);
      }
    }
  }
  return { positions: Float32Array.from(positions), normals: Float32Array.from(normals), indices: Uint32Array.from(indices) };

  /** Of the three edges that begin at this cell's first corner: the cells around them have their vertices by now. */
  function addQuads(at: number, place: readonly [number, number, number]): void {
    for (const axis of [0, 1, 2] as const) {
      const [u, v] = [(axis + 1) % 3, (axis + 2) % 3] as [0 | 1 | 2, 0 | 1 | 2];
      const [from, to] = [values[at]! < 0, values[at + steps[axis]]! < 0];
      if (from === to || place[u] === 0 || place[v] === 0) continue;
      const quad = [at, at - steps[u], at - steps[u] - steps[v], at - steps[v]].map((cell) => vertexOf[cell]!);
      const [a, b, c, d] = (from ? quad : quad.reverse()) as [number, number, number, number];
      indices.push(a, b, c, a, c, d);
    }
  }
}

/** The mean of the places where the surface crosses the cell's edges, from 0 to 1 along each axis. */
function crossing(cell: readonly number[]): readonly [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (const [a, b] of EDGES) {
    const [from, to] = [cell[a]!, cell[b]!];
    if (from < 0 === to < 0) continue;
    const along = from / (from - to);
    for (const axis of [0, 1, 2] as const) {
      const start = (a >> axis) & 1;
      sum[axis] += start + along * (((b >> axis) & 1) - start);
    }
    count += 1;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** The direction in which the field grows, of length 1. */
function slope(cell: readonly number[]): readonly number[] {
  const gradient = [0, 1, 2].map((axis) => cell.reduce((sum, value, corner) => sum + (((corner >> axis) & 1) === 1 ? value : -value), 0));
  const length = Math.hypot(...gradient) || 1;
  return gradient.map((value) => value / length);
}

/** Everything on the cube's sides is outside. */
function closed(values: Float32Array, side: number): Float32Array {
  const copy = values.slice();
  const last = side - 1;
  for (let z = 0, i = 0; z < side; z++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const border = x === 0 || y === 0 || z === 0 || x === last || y === last || z === last;
        if (border && !(copy[i]! > 0)) copy[i] = 1e-6;
      }
    }
  }
  return copy;
}
