/**
 * Joins vertices at exactly the same place (−0 is 0) with the first of them.
 *
 * @param positions x, y, z of each vertex, finite
 * @param used 1 for the vertices to look at, `[vertices]`; all if left out
 * @returns the first vertex at each vertex's place, `[vertices]`, and how many of the used ones have an earlier one
 */
export function weldVertices(
  positions: Float32Array,
  used?: Uint8Array,
): { readonly representative: Uint32Array; readonly welded: number } {
  const count = positions.length / 3;
  const representative = Uint32Array.from({ length: count }, (_, vertex) => vertex);
  const size = 2 ** Math.ceil(Math.log2(2 * count + 2));
  const table = new Int32Array(size).fill(-1); // open addressing
  const bits = new Int32Array(new Float32Array(positions.map((x) => x + 0)).buffer);
  let welded = 0;
  for (let vertex = 0; vertex < count; vertex++) {
    if (used?.[vertex] === 0) continue;
    const [x, y, z] = [bits[3 * vertex]!, bits[3 * vertex + 1]!, bits[3 * vertex + 2]!];
    let slot = mix(x, y, z) & (size - 1);
    for (;;) {
      const other = table[slot]!;
      if (other < 0) {
        table[slot] = vertex;
        break;
      }
      if (bits[3 * other] === x && bits[3 * other + 1] === y && bits[3 * other + 2] === z) {
        representative[vertex] = other;
        welded++;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return { representative, welded };
}

function mix(x: number, y: number, z: number): number {
  let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
  return (hash ^ (hash >>> 16)) >>> 0;
}
