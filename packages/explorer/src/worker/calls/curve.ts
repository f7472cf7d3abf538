import { interpolateWeights } from '@netspace/explore';
import { disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';

import { measuredAt } from '../places/measured-at.js';
import type { CurveRequest, CurveStop, Place } from '../messages/protocol.js';
import { answersOn, spreadOver } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { turn } from '../messages/turns.js';
import { targetOf } from '../places/target-of.js';
import type { CallContext } from './call-context.js';

const MOST_STOPS = 1000;

/** Walks along a path and measures at each stop. Every part of the path, however long, takes the same share of γ. */
export async function curve(
  session: Session,
  { through, steps, images, averages }: CurveRequest,
  { signal, progress }: CallContext<CurveStop>,
): Promise<{ readonly stops: readonly CurveStop[] }> {
  if (through.length < 2 || !(steps >= 2 && steps <= MOST_STOPS)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `curve: expected two places or more and 2 to ${MOST_STOPS} steps, got ${through.length} and ${steps}; choose both ends of the walk`,
    );
  }
  const { dataset } = session;
  const indices = dataset === undefined ? [] : spreadOver(dataset, images);
  const ends = averages && dataset !== undefined ? await endsOf(session, through) : undefined;
  const stops: CurveStop[] = [];
  try {
    for (let i = 0; i < Math.floor(steps); i++) {
      await turn(signal);
      const gamma = i / (Math.floor(steps) - 1);
      const measured = await measuredAt(session, placeAlong(through, gamma), indices);
      const averageAccuracy = ends && dataset ? await averageAt(ends, gamma, (average) => answersOn(average, dataset, indices)) : undefined;
      const stop: CurveStop = { gamma, ...measured, ...(averageAccuracy !== undefined && { averageAccuracy }) };
      stops.push(stop);
      progress(stop);
    }
    return { stops };
  } finally {
    disposeInstances(ends ?? []);
  }
}

/** A place of the path at γ from 0 to 1. */
export function placeAlong(through: readonly Place[], gamma: number): Place {
  const parts = through.length - 1;
  const part = Math.min(parts - 1, Math.floor(gamma * parts));
  const within = gamma * parts - part;
  return { at: 'mix', of: [through[part]!, through[part + 1]!], weights: [1 - within, within] };
}

/** Both ends as they were trained, if their weights are here and can be averaged. */
async function endsOf(session: Session, through: readonly Place[]): Promise<readonly [Instance, Instance] | undefined> {
  const [a, b] = through;
  if (through.length !== 2 || a?.at !== 'network' || b?.at !== 'network') return undefined;
  if (!session.withWeights.has(a.name) || !session.withWeights.has(b.name)) return undefined;
  const from = await targetOf(session, a.name);
  try {
    const to = await targetOf(session, b.name);
    if (from.architecture.name === to.architecture.name) return [from, to];
    disposeInstances([from, to]);
    return undefined;
  } catch (error) {
    disposeInstances([from]);
    throw error;
  }
}

async function averageAt(
  [from, to]: readonly [Instance, Instance],
  gamma: number,
  run: (average: Instance) => Promise<{ accuracy: number }>,
) {
  const average = interpolateWeights(from, to, [gamma]);
  try {
    return (await run(average[0]!)).accuracy;
  } finally {
    disposeInstances(average);
  }
}
