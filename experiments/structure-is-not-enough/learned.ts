import { join } from 'node:path';

import { compareAccuracies, evaluateSpace } from '@netspace/explore';
import { checkpointFile, type TrainedSpace } from '@netspace/node';
import { disposeInstances, requiredPRepShape } from '@netspace/prep';
import { trainedEmbeddings } from '@netspace/train';
import { thinDataset } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import type { Splits } from '../shared/data.js';
import type { Context } from '../shared/experiment.js';
import { imagesOf } from '../shared/images.js';
import { trainedSpace } from '../shared/train-space.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';
import { balanced } from './balanced.js';
import { cnn3 } from './cnn3.js';
import type { PeersConfig, PeerSpaceConfig } from './config.js';
import { type PeerZoo, peerZoo, wholeOf } from './zoo.js';

/** The zoo, and the images that it learned from. */
export interface Peers extends PeerZoo {
  readonly splits: Splits;
}

/** Builds or loads the zoo. The hidden units of the networks have equal scale. */
export async function peers(config: PeersConfig, context: Context): Promise<Peers> {
  const splits = await imagesOf(config.data);
  const zoo = await peerZoo(context, cnn3(config.task), config.zoo, splits);
  const [known, heldOut] = [zoo.known.map(inBalance), zoo.heldOut.map(inBalance)];
  return { splits, known, heldOut };
}

export interface LearnedPeers extends Omit<TrainedSpace, 'folder'> {
  /** Of the known networks, `[N, E]`: those that they learned with, or what the encoder says where they had none. The caller disposes of them. */
  readonly embeddings: tf.Tensor2D;
}

/** Trains or loads a space. Every embedding decodes to the best network at first. */
export async function learnPeers(
  { sizes: { prepWidth, ...sizes }, imitation, training }: PeerSpaceConfig,
  { watch }: Pick<PeersConfig, 'watch'>,
  context: Context,
  { splits, known, heldOut }: Peers,
): Promise<LearnedPeers> {
  const instances = known.map(({ instance }) => instance);
  const best = known.reduce((a, b) => (testAccuracyOf(b) > testAccuracyOf(a) ? b : a)).instance;
  const watched = thinDataset(splits.validation, watch.images);
  const { architecture } = best;
  const { space, curve, folder } = await trainedSpace(context, {
    name: 'peers',
    space: {
      ...{ architectures: [architecture], prepShape: requiredPRepShape(architecture, { width: prepWidth }), ...sizes, seed: context.seed },
      ...{ start: { from: 'instances', instances: [best] }, units: { of: instances } },
    },
    training: {
      ...{ instances, task: { ...imitation, kind: 'classification', dataset: splits.train }, ...training, seed: context.seed },
      identity: { zoo: known.map(({ record }) => record.sha256), balanced: true },
    },
    watch: {
      every: watch.every,
      async measure(learning) {
        const { instances: measured } = await evaluateSpace(learning, wholeOf(heldOut), watched, { signal: context.signal });
        const { spearman, difference, agreement } = compareAccuracies(measured);
        return { heldOutSpearman: spearman, heldOutDifference: difference, heldOutAgreement: agreement };
      },
    },
  });
  const free = training.embeddings === 'free';
  const embeddings = free ? await trainedEmbeddings(checkpointFile(join(folder, 'checkpoint.safetensors'))) : space.encode(instances);
  return { space, curve, embeddings };
}

/** The member with its units in balance; its own tensors are freed. */
function inBalance(member: Member): Member {
  const instance = balanced(member.instance);
  disposeInstances([member.instance]);
  return { ...member, instance };
}
