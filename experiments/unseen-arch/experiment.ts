import { accuracyByArchitecture, boundaryWalks, evaluateSpace } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';

import { architectureSpace } from '../shared/architecture-space.js';
import { architectureZoo, type ArchitectureZoo } from '../shared/architecture-zoo.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { imagesOf } from '../shared/images.js';
import { quickLook } from '../shared/quick-look.js';
import { configs, type UnseenArchConfig } from './config.js';
import { figures } from './figures.js';
import { unseenArchitectures } from './unseen-architectures.js';

/** Better than what the same weights give otherwise by so much: then they work. */
const MARGIN = 0.1;

/** Fig. 5, right: architectures of which the space has never seen a trained network. */
export const experiment: Experiment<UnseenArchConfig> = {
  name: 'unseen-arch',
  question: 'Do interpolated embeddings decode to working networks of architectures of which no trained network was seen?',
  configs,
  run,
};

async function run(whole: UnseenArchConfig, context: Context): Promise<Outcome> {
  const config = quickLook(whole, context);
  const images = await imagesOf(config.images);
  const test = thinDataset(images.test, config.testImages);
  const all = await architectureZoo(context, config.zoo, images);
  const zoo = boundaries(all, config.space.architectures);
  const { space, curve } = await architectureSpace(context, { name: 'unseen-arch', config: config.space, zoo, images: images.train });

  const { instances } = await evaluateSpace(space, zoo.heldOut, test, { signal: context.signal });
  const architectures = accuracyByArchitecture(space, instances);
  const walks = await boundaryWalks(space, zoo.heldOut, test, config.walks);
  const unseen = await unseenArchitectures(space, {
    ...{ ends: zoo.heldOut, trained: [...all.known, ...all.heldOut], images: test },
    ...{ pairs: config.walks.pairs, baselines: config.baselines, seed: context.seed },
  });
  space.dispose();
  return {
    results: { zoo: { known: zoo.known.length, heldOut: zoo.heldOut.length }, unseen, architectures, walks, instances, curve },
    figures: figures({ unseen, architectures, walks }),
    thresholds: unseen.flatMap(({ architecture, classIdRight, interpolated, untrained, averaged, averagedEnds }) => [
      { what: `ClassId of embeddings that should decode to ${architecture} right`, value: classIdRight, atLeast: 1 },
      {
        what: `${architecture}: accuracy above the best of untrained and averaged weights`,
        value: interpolated.mean - Math.max(untrained.mean, averaged.mean, averagedEnds.mean),
        atLeast: MARGIN,
      },
    ]),
  };
}

/** Only the networks of the smallest and the largest architecture, which the config names first and last. */
function boundaries({ known, heldOut, teacher }: ArchitectureZoo, architectures: readonly string[]): ArchitectureZoo {
  const names = [architectures.at(0), architectures.at(-1)];
  const ofBoundary = (members: ArchitectureZoo['known']) => members.filter(({ instance }) => names.includes(instance.architecture.name));
  return { known: ofBoundary(known), heldOut: ofBoundary(heldOut), teacher };
}
