import type { Divergence, NetSpaceError } from '@netspace/prep';
import { diverged } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { type RunState, setRun, stateOf, type TrainingRun } from './training-run.js';
import type { MetricsSink } from '../metrics/metrics.js';

/** More rewinds would make the learning rate smaller than 1/256 of the given one. Then something else is wrong. */
const MAX_REWINDS = 8;

/** The state that a run goes back to when it diverges; none if it is not to be rewound. */
export interface WayBack {
  readonly back: RunState | undefined;
  /** From now on the run goes back to its present state. */
  startHere(): void;
  /**
   * Puts the run back, with half its learning rate.
   *
   * @throws NetSpaceError `DIVERGED` if it is not to be rewound, or has been too often
   */
  goBack(divergence: Divergence, checkpoint: string | undefined): Promise<void>;
  dispose(): void;
}

export function wayBack(
  run: TrainingRun,
  {
    onDivergence,
    metrics,
    start,
  }: { readonly onDivergence: 'stop' | 'rewind'; readonly metrics: MetricsSink | undefined; readonly start: RunState | undefined },
): WayBack {
  const rewinding = onDivergence === 'rewind';
  let back = rewinding ? (start ?? stateOf(run)) : undefined;
  if (!rewinding) tf.dispose(start?.tensors);
  return {
    get back() {
      return back;
    },
    startHere() {
      tf.dispose(back?.tensors);
      back = rewinding ? stateOf(run) : undefined;
    },
    async goBack(divergence, checkpoint) {
      if (back === undefined || run.rewinds.length >= MAX_REWINDS) throw gaveUp(divergence, run.rewinds.length, checkpoint);
      await setRun({ name: 'memory' }, run, back);
      run.rewinds.push({ from: divergence.step, to: back.step, term: divergence.term });
      await metrics?.startAfter(back.step);
    },
    dispose: () => tf.dispose(back?.tensors),
  };
}

function gaveUp(divergence: Divergence, rewinds: number, checkpoint: string | undefined): NetSpaceError {
  const tried = rewinds > 0 ? `${rewinds} times back and with half the learning rate each time did not help; ` : '';
  const kept = checkpoint === undefined ? '' : `; the last good checkpoint is in ${checkpoint}`;
  const remedy = rewinds > 0 ? 'take a smaller learning rate' : "take a smaller learning rate, or onDivergence 'rewind'";
  return diverged('trainNetSpace', divergence, `${tried}${remedy}${kept}`);
}
