import { NetSpaceError } from '@netspace/prep';

/** Limits of a mesh file, checked before memory is allocated for it. The option `limits` of each reader changes them. */
export interface MeshLimits {
  /** Bytes of a file, and characters of a text. */
  readonly bytes: number;
  readonly vertices: number;
  /** After polygons are cut into triangles. */
  readonly triangles: number;
  /** Characters of one line of a text, continuation lines included. */
  readonly lineLength: number;
  /** Corners of one polygon. The time to triangulate a concave polygon grows faster than their number. */
  readonly corners: number;
}

/**
 * The limits of all mesh readers, unless `limits` says otherwise.
 *
 * @example
 * ```ts
 * import { MESH_LIMITS, parseObj } from '@netspace/shapes';
 *
 * parseObj('v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3', { limits: { triangles: MESH_LIMITS.triangles * 2 } });
 * ```
 */
export const MESH_LIMITS: MeshLimits = {
  bytes: 200_000_000,
  vertices: 2_000_000,
  triangles: 4_000_000,
  lineLength: 1_000_000,
  corners: 4096,
};

/** Refuses a number above a limit, naming the limit and how to raise it. */
export function assertMeshLimit(limit: keyof MeshLimits, got: number, limits: MeshLimits, { caller, name }: MeshSource): void {
  if (got <= limits[limit]) return;
  throw new NetSpaceError(
    'LIMIT_EXCEEDED',
    `${caller}: expected at most ${limits[limit]} as ${LIMIT_WORDS[limit]} of ${name}, got ${got}; raise \`limits.${limit}\` if you trust the file`,
  );
}

const LIMIT_WORDS: Readonly<Record<keyof MeshLimits, string>> = {
  bytes: 'bytes',
  vertices: 'vertices',
  triangles: 'triangles',
  lineLength: 'characters of one line',
  corners: 'corners of one polygon',
};

/** The function that reads a file, and the file's name, for messages. */
export interface MeshSource {
  readonly caller: string;
  readonly name: string;
}

/** The error of a file that is not what its format says. */
export const corruptMesh = ({ caller }: MeshSource, expected: string, got: string, where: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `${caller}: expected ${expected} in ${where}, got ${got}`);
