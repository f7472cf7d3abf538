import { compareAccuracies, evaluateSpace, type EvaluatedInstance, spread } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';

import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { testAccuracyOf } from '../shared/zoo-stage.js';
import { CONFIGS, type PeersConfig } from './config.js';
import { figures } from './figures.js';
import { generatedKinds, type Kind } from './generated.js';
import { learnPeers } from './learned.js';
import { readOuts } from './read-outs.js';
import { gapOf, initOf, peerZooParts } from './zoo.js';

/** The protocol of "Structure is not enough", arXiv:2503.17138, with fewer networks, images and epochs. */
export const experiment: Experiment<PeersConfig> = {
  name: 'structure-is-not-enough',
  question:
    'On the networks of "Structure is not enough": do reconstructed networks agree with their targets at a smaller latent, and do generated networks stay diverse?',
  configs: CONFIGS,
  parts: (config) => [peerZooParts(config)],
  run,
};

/** What the paper reports for CIFAR-10, with contrastive, structural and behavioral loss. */
const THEIRS = { agreement: 0.596, latent: 5952 } as const;

/** A network that gives nearly the same answer for every image is right this often at most. */
const CHANCE = 0.2;

async function run(config: PeersConfig, context: Context): Promise<Outcome> {
  const { space, splits, known, heldOut, curve } = await learnPeers(config, context);
  const { seed, signal, stepsLimit } = context;
  const proof = stepsLimit !== undefined;
  const test = thinDataset(splits.test, proof ? 16 : Math.min(config.testImages, splits.test.count));
  const refine = { ...config.refine, steps: Math.min(config.refine.steps, stepsLimit ?? Infinity), inputs: splits.train, seed };
  context.log(`${known.length} known networks, ${heldOut.length} held out; embeddings of ${space.config.embeddingSize} numbers`);
  const progress = context.progress('reconstruct', heldOut.length);
  const { instances } = await evaluateSpace(space, heldOut, test, { signal, onStep: ({ step }) => progress.update(step) });
  const last = heldOut.filter(({ record }) => record.epochs === Math.max(...heldOut.map((one) => one.record.epochs)));
  const refining = context.progress('refine', last.length);
  const both = await evaluateSpace(space, last, test, { signal, refine, onStep: ({ step }) => refining.update(step) });
  const refined = both.refined!.instances;
  const seconds = { encode: meanOf(refined, (one) => one.encodeSeconds), refine: meanOf(refined, (one) => one.refineSeconds) };
  const reconstruction = {
    encoded: reconstructed(instances),
    // Of each network after its whole training.
    last: { encoded: reconstructed(both.instances), refined: reconstructed(refined), seconds },
  };
  const outs = await readOuts(space, known, heldOut);
  const best = Math.max(...known.map(testAccuracyOf));
  const anchors = known.filter((one) => testAccuracyOf(one) >= config.generated.floor * best);
  const log = (line: string): void => context.log(line);
  const generated = await generatedKinds(space, anchors.map(({ instance }) => instance), test, { config: config.generated, seed, log }); // prettier-ignore
  const latent = space.config.embeddingSize;
  space.dispose();
  const out = (quantity: string, features: string): number =>
    outs.find((one) => one.quantity === quantity && one.features === features)!.r2;
  const of = (kind: string): Kind => generated.find((one) => one.kind === kind)!;
  const [zoo, gaussian] = [of('zoo'), of('Gaussian')];
  return {
    results: {
      zoo: zooFacts([...known, ...heldOut], known.length, heldOut.length),
      ...{ latent, reconstruction, readOuts: outs },
      ...{ anchors: anchors.length, generated, curve: curve.filter((point) => 'heldOutAgreement' in point) },
      ...{ instances, refined },
    },
    thresholds: [
      { what: 'numbers of an embedding (theirs: 5,952)', value: latent, atMost: THEIRS.latent / 4 },
      {
        what: 'mean agreement, held-out networks, encoded and decoded',
        value: reconstruction.encoded.agreement,
        atLeast: THEIRS.agreement,
      },
      { what: 'the same, after their whole training', value: reconstruction.last.encoded.agreement },
      { what: 'the same, after their whole training, refined', value: reconstruction.last.refined.agreement, atLeast: THEIRS.agreement },
      { what: 'best accuracy, zoo', value: spread([...known, ...heldOut].map(testAccuracyOf)).max },
      { what: 'best accuracy, held-out networks, encoded and decoded', value: reconstruction.encoded.predicted.max },
      { what: 'best accuracy, generated (Gaussian)', value: gaussian.accuracy.max },
      { what: 'mean accuracy, generated (Gaussian), as a share of that of the networks that they come from', value: gaussian.accuracy.mean / zoo.accuracy.mean }, // prettier-ignore
      { what: 'structural distance of generated networks (Gaussian), as a share of that of the zoo', value: gaussian.distance / zoo.distance, atLeast: 0.5 }, // prettier-ignore
      { what: 'the same with channels aligned', value: gaussian.aligned / zoo.aligned, atLeast: 0.5 },
      { what: 'R² of accuracy from the embedding, held out', value: out('accuracy', 'embedding') },
      { what: 'R² of accuracy from weight statistics, held out', value: out('accuracy', 'weight statistics') },
      { what: 'R² of the generalization gap from the embedding, held out', value: out('generalization gap', 'embedding') },
      { what: 'R² of the generalization gap from weight statistics, held out', value: out('generalization gap', 'weight statistics') },
    ],
    figures: figures(instances, refined, generated),
  };
}

const meanOf = <T>(items: readonly T[], of: (item: T) => number): number => spread(items.map(of)).mean;

/** Over all networks, over those that are better than chance, and by initial values. */
function reconstructed(instances: readonly EvaluatedInstance[]) {
  const better = instances.filter(({ targetAccuracy }) => targetAccuracy >= CHANCE);
  const inits = [...new Set(instances.map(initOf))].map((init) => {
    const own = instances.filter((one) => initOf(one) === init);
    return { init, count: own.length, agreement: meanOf(own, (one) => one.agreement), target: meanOf(own, (one) => one.targetAccuracy), predicted: meanOf(own, (one) => one.predictedAccuracy) }; // prettier-ignore
  });
  return {
    ...compareAccuracies(instances),
    agreements: spread(instances.map(({ agreement }) => agreement)),
    ...(better.length > 0 && { betterThanChance: { count: better.length, ...compareAccuracies(better) } }),
    inits,
  };
}

/** What the zoo is like. */
function zooFacts(all: Parameters<typeof gapOf>[0][], known: number, heldOut: number) {
  const inits = [...new Set(all.map(initOf))].map((init) => {
    const own = all.filter((one) => initOf(one) === init);
    return { init, accuracy: spread(own.map(testAccuracyOf)), gap: spread(own.map(gapOf)) };
  });
  return { known, heldOut, accuracy: spread(all.map(testAccuracyOf)), gap: spread(all.map(gapOf)), inits };
}
