import { NetSpaceError } from '@netspace/prep';

import { measuredAt } from '../places/measured-at.js';
import type { Calls, MeasuredPlace } from '../messages/protocol.js';
import { spreadOver } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { turn } from '../messages/turns.js';
import type { CallContext } from './call-context.js';

const MOST_PLACES = 1000;

/** Measures the networks at some places, one after the other. */
export async function survey(
  session: Session,
  { places, images }: Calls['survey']['request'],
  { signal, progress }: CallContext<Calls['survey']['progress']>,
): Promise<readonly MeasuredPlace[]> {
  if (places.length > MOST_PLACES) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `survey: expected at most ${MOST_PLACES} places, got ${places.length}; ask for them in parts`,
    );
  }
  const indices = session.dataset === undefined ? [] : spreadOver(session.dataset, images);
  const measured: MeasuredPlace[] = [];
  for (const place of places) {
    await turn(signal);
    measured.push(await measuredAt(session, place, indices));
    progress({ done: measured.length / places.length });
  }
  return measured;
}
