import { compareAccuracies, evaluateSpace } from '@netspace/explore';
import type { TrainedSpace } from '@netspace/node';
import { disposeInstances, requiredPRepShape } from '@netspace/prep';
import { thinDataset } from '@netspace/zoo';

import type { Splits } from '../shared/data.js';
import type { Context } from '../shared/experiment.js';
import { imagesOf } from '../shared/images.js';
import { trainedSpace } from '../shared/train-space.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';
import { balanced } from './balanced.js';
import { cnn3 } from './cnn3.js';
import type { PeersConfig } from './config.js';
import { type PeerZoo, peerZoo } from './zoo.js';

export interface LearnedPeers extends TrainedSpace, PeerZoo {
  readonly splits: Splits;
}

/** Builds or loads zoo and space. The hidden units of the networks have equal scale. */
export async function learnPeers(config: PeersConfig, context: Context): Promise<LearnedPeers> {
  const splits = await imagesOf(config.data);
  const zoo = await peerZoo(context, cnn3(config.task), config.zoo, splits);
  const [known, heldOut] = [zoo.known.map(inBalance), zoo.heldOut.map(inBalance)];
  return { ...(await trainPeers(config, context, { splits, known, heldOut })), splits, known, heldOut };
}

/** Trains or loads the space. Every embedding decodes to the best network at first. */
function trainPeers(
  config: PeersConfig,
  context: Context,
  { splits, known, heldOut }: PeerZoo & { readonly splits: Splits },
): Promise<TrainedSpace> {
  const instances = known.map(({ instance }) => instance);
  const best = known.reduce((a, b) => (testAccuracyOf(b) > testAccuracyOf(a) ? b : a)).instance;
  const watched = thinDataset(splits.validation, config.watch.images);
  const { prepWidth, ...sizes } = config.space;
  const { architecture } = best;
  return trainedSpace(context, {
    name: 'peers',
    space: {
      ...{ architectures: [architecture], prepShape: requiredPRepShape(architecture, { width: prepWidth }), ...sizes, seed: context.seed },
      ...{ start: { from: 'instances', instances: [best] }, units: { of: instances } },
    },
    training: {
      ...{
        instances,
        task: { ...config.imitation, kind: 'classification', dataset: splits.train },
        ...config.training,
        seed: context.seed,
      },
      identity: { zoo: known.map(({ record }) => record.sha256), balanced: true },
    },
    watch: {
      every: config.watch.every,
      async measure(space) {
        const last = config.zoo.steps.length;
        const seen = heldOut.filter((_, i) => i % last === last - 1); // each network after its whole training
        const { instances: measured } = await evaluateSpace(space, seen, watched, { signal: context.signal });
        const { spearman, difference, agreement } = compareAccuracies(measured);
        return { heldOutSpearman: spearman, heldOutDifference: difference, heldOutAgreement: agreement };
      },
    },
  });
}

/** The member with its units in balance; its own tensors are freed. */
function inBalance(member: Member): Member {
  const instance = balanced(member.instance);
  disposeInstances([member.instance]);
  return { ...member, instance };
}
