import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { decodeAt } from '../places/decode-at.js';
import { embeddingAt } from '../places/place.js';
import type { ShapeMesh, ShapeRequest } from '../messages/protocol.js';
import type { Session } from '../session.js';
import { surfaceNets } from '../shape/surface-nets.js';
import { turn } from '../messages/turns.js';
import type { CallContext } from './call-context.js';

/** Half the side of the cube in which shapes lie. */
const BOUNDS = 0.6;
const MOST_CELLS = 128;
/** Points at once, about as many as are evaluated within a frame. */
const BATCH = 8192;

/** The surface of the shape whose distances the network at a place knows. */
export async function shape(session: Session, { place, cells }: ShapeRequest, { signal }: CallContext<never>): Promise<ShapeMesh> {
  if (session.manifest.kind !== 'sdf') {
    throw new NetSpaceError('UNSUPPORTED', `shape: expected a space of shapes, got a ${session.manifest.kind}; run it on images instead`);
  }
  if (!(Number.isInteger(cells) && cells >= 2 && cells <= MOST_CELLS)) {
    throw new NetSpaceError('INVALID_OPTION', `shape: expected 2 to ${MOST_CELLS} cells, got ${cells}; 16 while one drags, 48 at rest`);
  }
  const started = performance.now();
  const decoded = await decodeAt(session, embeddingAt(session, place));
  const decodedAt = performance.now();
  try {
    const points = gridPoints(cells);
    const values = new Float32Array(points.length / 3);
    for (let from = 0; from < values.length; from += BATCH) {
      if (from > 0) await turn(signal);
      const batch = points.subarray(3 * from, 3 * (from + BATCH));
      const { architecture, parameters } = decoded.network;
      const distances = tf.tidy(() => architecture.apply(parameters, tf.tensor2d(batch, [batch.length / 3, 3])));
      if (distances.size !== batch.length / 3) throw noShape(architecture.name, distances.shape);
      values.set(await distances.data(), from);
      distances.dispose();
    }
    const fieldAt = performance.now();
    const surface = surfaceNets({ cells, bounds: BOUNDS, values });
    const ended = performance.now();
    return { ...surface, ms: ended - started, fieldMs: fieldAt - decodedAt, surfaceMs: ended - fieldAt };
  } finally {
    decoded.dispose();
  }
}

let grid: { readonly cells: number; readonly points: Float32Array } | undefined;

/** Corners of the cells, x fastest; kept for the next call, which mostly asks for the same. */
function gridPoints(cells: number): Float32Array {
  if (grid?.cells === cells) return grid.points;
  const side = cells + 1;
  const points = new Float32Array(3 * side ** 3);
  const at = (i: number): number => (i / cells - 0.5) * 2 * BOUNDS;
  for (let i = 0; i < side ** 3; i++) points.set([at(i % side), at(Math.floor(i / side) % side), at(Math.floor(i / side ** 2))], 3 * i);
  grid = { cells, points };
  return points;
}

const noShape = (name: string, got: readonly number[]): NetSpaceError =>
  new NetSpaceError('SHAPE_MISMATCH', `shape: expected one distance a point from ${name}, got [${got}]; is this a space of shapes?`);
