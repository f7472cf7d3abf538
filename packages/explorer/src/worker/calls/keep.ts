import { NetSpaceError } from '@netspace/prep';

import { onPlane } from '../plane/principal-plane.js';
import type { Calls } from '../messages/protocol.js';
import type { Session } from '../session.js';

/** A page that keeps more fills the memory of its tab. */
const MOST_KEPT = 2000;

/**
 * Keeps an embedding that somebody's link brought.
 *
 * @throws NetSpaceError `INVALID_OPTION` if it is not of this space, or holds what is no number; `LIMIT_EXCEEDED` for too many
 */
export function keep({ kept, size, plane }: Session, { id, embedding }: Calls['keep']['request']): Calls['keep']['answer'] {
  if (embedding.length !== size || !embedding.every(Number.isFinite)) {
    const remedy = 'open the link with the space that it was made of';
    throw new NetSpaceError('INVALID_OPTION', `explorer: expected ${size} numbers of a place, got ${embedding.length}; ${remedy}`);
  }
  if (kept.size >= MOST_KEPT && !kept.has(id)) {
    throw new NetSpaceError('LIMIT_EXCEEDED', `explorer: expected at most ${MOST_KEPT} places, got more; load the page again`);
  }
  kept.set(id, Float32Array.from(embedding));
  const [x, y] = onPlane(plane, embedding);
  return { x, y };
}
