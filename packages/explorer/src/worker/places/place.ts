import { NetSpaceError } from '@netspace/prep';

import { liftFromPlane } from '../plane/principal-plane.js';
import type { Place } from '../messages/protocol.js';
import type { Session } from '../session.js';

/** Mixes of mixes: an address bar that somebody wrote by hand may ask for more than any page does. */
const DEEPEST = 8;
const MOST_PARTS = 1000;

/**
 * The embedding at a place, `[E]`.
 *
 * @throws NetSpaceError `NOT_FOUND` for a network or kept place that is not there, `INVALID_OPTION` for coordinates that are no numbers and
 *   weights that do not sum to 1
 */
export function embeddingAt(session: Session, place: Place, depth = 0): Float32Array {
  if (typeof place !== 'object' || (place as unknown) === null) throw invalid('its kind', typeof place);
  switch (place.at) {
    case 'network': {
      const row = session.rows.get(place.name);
      if (row === undefined) throw notFound('a network of the map', place.name);
      return session.embeddings.slice(row * session.size, (row + 1) * session.size);
    }
    case 'kept': {
      const kept = session.kept.get(place.id);
      if (kept === undefined) throw notFound('a place that a search found or somebody brought', place.id);
      return kept.slice();
    }
    case 'plane':
      if (!Number.isFinite(place.x) || !Number.isFinite(place.y)) throw invalid('coordinates that are numbers', `${place.x}, ${place.y}`);
      return liftFromPlane(session.plane, place.x, place.y);
    case 'mix':
      return mixAt(session, place, depth);
    default:
      throw invalid('one of network, plane, mix and kept', 'none of them');
  }
}

function mixAt(session: Session, { of, weights }: Place & { readonly at: 'mix' }, depth: number): Float32Array {
  const parts = of as readonly unknown[] | undefined; // an address that somebody wrote may lack it
  const fits = depth < DEEPEST && parts !== undefined && of.length > 0 && of.length <= MOST_PARTS && of.length === weights.length;
  if (!fits) throw invalid('places with a weight each', `${parts?.length ?? 'no'} places`);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-3)) throw invalid('weights that sum to 1', String(sum));
  const mixed = new Float32Array(session.size);
  of.forEach((part, i) => {
    const embedding = embeddingAt(session, part, depth + 1);
    for (let j = 0; j < mixed.length; j++) mixed[j]! += weights[i]! * embedding[j]!;
  });
  return mixed;
}

const invalid = (expected: string, got: string): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', `explorer: expected a place with ${expected}, got ${got}; choose a place on the map`);

const notFound = (expected: string, got: string): NetSpaceError =>
  new NetSpaceError('NOT_FOUND', `explorer: expected ${expected}, got ${got}; choose a place on the map`);
