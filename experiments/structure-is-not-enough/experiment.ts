import { spread } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { testAccuracyOf } from '../shared/zoo-stage.js';
import { summary } from './compared.js';
import { CONFIGS, type PeersConfig } from './config.js';
import { figures } from './figures.js';
import { generatedKinds, type Kind, zooKinds } from './generated.js';
import { learnPeers, peers } from './learned.js';
import { featuresOf, featuresOfWeights, type ReadOut, readOuts } from './read-outs.js';
import { encodedAndDecoded, imitated, lookedUp, refinedAndDecoded, refinedAroundKnown, type Reconstructed } from './reconstructions.js';
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

async function run(config: PeersConfig, context: Context): Promise<Outcome> {
  const { log, seed, stepsLimit } = context;
  const zoo = await peers(config, context);
  const { known, heldOut } = zoo;
  const test = thinDataset(zoo.splits.test, stepsLimit === undefined ? Math.min(config.testImages, zoo.splits.test.count) : 16);
  log(`${known.length} known networks, ${heldOut.length} held out`);
  const given = await imitated(zoo, config, test, context);
  const summed = (what: string, { instances, secondsEach }: Reconstructed) => {
    const all = summary(instances);
    log(`${what}: agreement ${(100 * all.agreement).toFixed(1)} %, ${secondsEach.toFixed(2)} s each`);
    return { ...all, secondsEach };
  };
  const { space, embeddings, curve } = await learnPeers(config.space, config, context, zoo);
  const latent = space.config.embeddingSize;
  log(`embeddings of ${latent} numbers`);
  const encoded = await encodedAndDecoded(space, heldOut, test);
  const refined = await refinedAndDecoded({ space, embeddings }, config.space.refine, given);
  const around = await refinedAroundKnown(space, config.around, given);
  const whole = new Set(given.targets.map(({ name }) => name));
  const reconstruction = {
    encoded: summed('encoded', encoded),
    // Of each network after its whole training.
    whole: {
      encoded: summed('encoded, after whole trainings', { ...encoded, instances: encoded.instances.filter(({ name }) => whole.has(name)) }),
      refined: summed('refined', refined),
      around: summed('directions around the most alike known network', around),
      lookedUp: summed('that network itself', await lookedUp(given)),
    },
  };
  const [inside, outside] = [known, heldOut].map((members) => space.encode(members.map(({ instance }) => instance))) as [tf.Tensor2D, tf.Tensor2D]; // prettier-ignore
  const outs = readOuts([await featuresOf('encoding', inside, outside), ...(await featuresOfWeights(zoo))], zoo);
  const best = Math.max(...known.map(testAccuracyOf));
  const anchors = [...known.keys()].filter((i) => testAccuracyOf(known[i]!) >= config.generated.floor * best);
  const own = tf.gather(embeddings, anchors) as tf.Tensor2D;
  const measuring = { config: config.generated, test, seed, log };
  const generated = [
    ...(await zooKinds(anchors.map((i) => known[i]!.instance), measuring)), // prettier-ignore
    ...(await generatedKinds(space, own, measuring)),
  ];
  tf.dispose([inside, outside, own, refined.embeddings, around.embeddings, embeddings]);
  space.dispose();
  const facts = zooFacts([...known, ...heldOut], known.length, heldOut.length);
  const rows = { encoded: encoded.instances, refined: refined.instances, around: around.instances };
  return {
    results: {
      ...{ zoo: facts, latent, reconstruction, readOuts: outs, anchors: anchors.length, generated },
      ...{ curve: curve.filter((point) => 'heldOutAgreement' in point), instances: rows },
    },
    thresholds: thresholds({ latent, reconstruction, readOuts: outs, generated, best: facts.accuracy.max }),
    figures: figures(rows, generated),
  };
}

interface Found {
  readonly latent: number;
  readonly reconstruction: {
    readonly encoded: ReturnType<typeof summary>;
    readonly whole: Readonly<Record<'encoded' | 'refined' | 'around' | 'lookedUp', ReturnType<typeof summary>>>;
  };
  readonly readOuts: readonly ReadOut[];
  readonly generated: readonly Kind[];
  /** Best accuracy of the zoo. */
  readonly best: number;
}

function thresholds({ latent, reconstruction, readOuts: outs, generated, best }: Found): Outcome['thresholds'] {
  const { encoded, whole } = reconstruction;
  const out = (quantity: string, features: string): number =>
    outs.find((one) => one.quantity === quantity && one.features === features)!.r2;
  const of = (kind: string): Kind => generated.find((one) => one.kind === kind)!;
  const [zoo, gaussian] = [of('zoo'), of('Gaussian')];
  return [
    { what: 'numbers of an embedding (theirs: 5,952)', value: latent, atMost: THEIRS.latent / 4 },
    { what: 'mean agreement, held-out networks, encoded and decoded', value: encoded.agreement },
    { what: 'the same, after their whole training', value: whole.encoded.agreement },
    { what: 'the same, after their whole training, refined', value: whole.refined.agreement, atLeast: THEIRS.agreement },
    { what: 'the same without a space, by as many random directions around the most alike known network', value: whole.around.agreement },
    { what: 'the same of the most alike known network itself', value: whole.lookedUp.agreement },
    { what: 'best accuracy, zoo', value: best },
    { what: 'best accuracy, held-out networks, refined', value: whole.refined.predicted.max },
    { what: 'best accuracy, generated (Gaussian)', value: gaussian.accuracy.max },
    { what: 'mean accuracy, generated (Gaussian), as a share of that of the networks that they come from', value: gaussian.accuracy.mean / zoo.accuracy.mean }, // prettier-ignore
    { what: 'structural distance of generated networks (Gaussian), as a share of that of the zoo', value: gaussian.distance / zoo.distance, atLeast: 0.5 }, // prettier-ignore
    { what: 'the same with channels aligned', value: gaussian.aligned / zoo.aligned, atLeast: 0.5 },
    { what: 'images on which generated networks (Gaussian) disagree, as a share of those of the zoo', value: gaussian.disagreement / zoo.disagreement }, // prettier-ignore
    ...['accuracy', 'generalization gap'].flatMap((quantity) => [
      { what: `R² of ${quantity} from encodings, held out`, value: out(quantity, 'encoding') },
      { what: `R² of ${quantity} from weight statistics, held out`, value: out(quantity, 'weight statistics') },
    ]),
  ];
}

/** What the zoo is like. */
function zooFacts(all: Parameters<typeof gapOf>[0][], known: number, heldOut: number) {
  const inits = [...new Set(all.map(initOf))].map((init) => {
    const own = all.filter((one) => initOf(one) === init);
    return { init, accuracy: spread(own.map(testAccuracyOf)), gap: spread(own.map(gapOf)) };
  });
  return { known, heldOut, accuracy: spread(all.map(testAccuracyOf)), gap: spread(all.map(gapOf)), inits };
}
