import { elementWeights, weightsLoss } from '@netspace/losses';
import { NetSpaceError, parameterCount } from '@netspace/prep';
import { type GivenBy, objectOf, oneOf } from '@netspace/prep/internal';

import type { TaskContext, TaskRunner } from './train-task.js';

/** See {@link WeightsTask}. */
export const weightsTaskOptions = objectOf({ kind: oneOf(['weights']) });

/**
 * Predicted PReps equal their targets, number by number. This is the auto-encoder of weights with which spaces learned by behavior are
 * compared. It never runs a network, so two networks that do the same with different weights are as far apart as any others.
 */
export interface WeightsTask extends GivenBy<typeof weightsTaskOptions> {}

/**
 * Makes a weights task ready to run: `weightsLoss` of the decoded PReps and those that the encoder saw, in units of the deviation if the
 * space has units.
 *
 * @throws NetSpaceError `UNSUPPORTED` with several architectures, because this task does not train the class head
 */
export function weightsTask(_task: WeightsTask, { space }: TaskContext): TaskRunner {
  const [architecture, another] = space.architectures;
  if (architecture === undefined || another !== undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `trainNetSpace: expected a space of one architecture for a weights task, got ${space.architectures.length} architectures`,
    );
  }
  const { config, normalization } = space;
  const weights = elementWeights({
    ...{ prepShape: config.prepShape, parameterCount: parameterCount(architecture.parameters), deviation: normalization?.deviation },
  });
  return {
    terms: ['loss'],
    description: { kind: 'weights' },
    prepare: () => (batch, embeddings) => [weightsLoss(space.decode(embeddings).preps, batch.preps, weights)],
    dispose: () => weights.dispose(),
  };
}
