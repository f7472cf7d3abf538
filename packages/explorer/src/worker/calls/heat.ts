import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { decodeAt, type DecodedNetwork } from '../places/decode-at.js';
import { isRunnable } from '../places/is-runnable.js';
import { boundsOfPoints } from '../plane/bounds.js';
import { liftFromPlane } from '../plane/principal-plane.js';
import type { Calls, HeatLevel } from '../messages/protocol.js';
import { answersOn, spreadOver } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { backgroundTurn } from '../messages/turns.js';
import type { CallContext } from './call-context.js';

/** Places along a side of the first level; each further level has one more between any two. */
const COARSEST = 5;
const FINEST = 129;
/** How often an unfinished level is shown, in milliseconds. */
const SHOWN_EVERY = 400;
/** Points along a side of the cube in which a shape's volume is counted. */
const VOLUME_POINTS = 13;

/**
 * What the networks of the plane can do, coarse to fine: accuracy on the sample, or of a shape the share of the cube that it fills. The corners
 * of the grid lie on the extent's edges; a finer level computes only the places that the coarser one has not.
 */
export async function heat(
  session: Session,
  { images, finest }: Calls['heat']['request'],
  { signal, progress }: CallContext<HeatLevel>,
): Promise<HeatLevel> {
  if (!(finest >= 2 && finest <= FINEST)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `heat: expected finest from 2 to ${FINEST}, got ${finest}; 33 takes about a thousand decodes`,
    );
  }
  const measure = measureOf(session, images);
  const extent = extentOf(session.points);
  let level = emptyLevel(extent, Math.min(COARSEST, Math.floor(finest)));
  let shown = performance.now();
  for (;;) {
    for (let i = 0; i < level.values.length; i++) {
      if (level.known[i] === 1) continue;
      await backgroundTurn(signal);
      const [x, y] = placeOf(level, i);
      const decoded = await decodeAt(session, liftFromPlane(session.plane, x, y));
      try {
        level.values[i] = await measure(decoded);
        level.classIds[i] = decoded.classId;
        level.known[i] = 1;
      } finally {
        decoded.dispose();
      }
      if (performance.now() - shown > SHOWN_EVERY) {
        progress(copied(level, false));
        shown = performance.now();
      }
    }
    const next = 2 * level.columns - 1;
    if (next > finest) return copied(level, true);
    progress(copied(level, false));
    level = refined(level, next);
  }
}

/** What is measured of a network; NaN where there is nothing to measure it on. */
function measureOf({ manifest, dataset }: Session, images: number): (decoded: DecodedNetwork) => Promise<number> {
  if (manifest.kind === 'sdf') return volumeOf;
  const indices = dataset && spreadOver(dataset, images);
  return async ({ network }) =>
    dataset === undefined || !isRunnable(network.architecture) ? NaN : (await answersOn(network, dataset, indices!)).accuracy;
}

let cube: Float32Array | undefined;

async function volumeOf({ network: { architecture, parameters } }: DecodedNetwork): Promise<number> {
  const side = VOLUME_POINTS;
  cube ??= Float32Array.from({ length: 3 * side ** 3 }, (_, i) => {
    const [point, axis] = [Math.floor(i / 3), i % 3];
    return ((Math.floor(point / side ** axis) % side) / (side - 1) - 0.5) * 1.2;
  });
  const share = tf.tidy(() => tf.mean(tf.cast(tf.less(architecture.apply(parameters, tf.tensor2d(cube!, [side ** 3, 3])), 0), 'float32')));
  const [value] = await share.data();
  share.dispose();
  return value!;
}

/** A little more than what all networks take up. */
function extentOf(points: Float32Array): HeatLevel['extent'] {
  const bounds = boundsOfPoints(points);
  if (bounds === undefined) return [-1, 1, -1, 1];
  const [left, right, bottom, top] = bounds;
  const margin = 0.15 * Math.max(right - left, top - bottom) || 1;
  return [left - margin, right + margin, bottom - margin, top + margin];
}

const emptyLevel = (extent: HeatLevel['extent'], side: number): HeatLevel => ({
  ...{ extent, columns: side, rows: side, done: false },
  values: new Float32Array(side * side).fill(NaN),
  classIds: new Uint8Array(side * side),
  known: new Uint8Array(side * side),
});

function placeOf({ extent: [left, right, bottom, top], columns, rows }: HeatLevel, i: number): readonly [x: number, y: number] {
  const [column, row] = [i % columns, Math.floor(i / columns)];
  return [left + ((right - left) * column) / (columns - 1), bottom + ((top - bottom) * row) / (rows - 1)];
}

/** The next level, with what is known of it. */
function refined(level: HeatLevel, side: number): HeatLevel {
  const next = emptyLevel(level.extent, side);
  level.values.forEach((value, i) => {
    const at = 2 * Math.floor(i / level.columns) * side + 2 * (i % level.columns);
    next.values[at] = value;
    next.classIds[at] = level.classIds[i]!;
    next.known[at] = 1;
  });
  return next;
}

const copied = (level: HeatLevel, done: boolean): HeatLevel => ({
  ...level,
  ...{ values: level.values.slice(), classIds: level.classIds.slice(), known: level.known.slice(), done },
});
