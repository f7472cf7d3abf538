import { thinDataset } from '@netspace/zoo';
import { architectureAccuracies } from '../shared/architecture-accuracy.js';
import { architectureSpace } from '../shared/architecture-space.js';
import { architectureWalks } from '../shared/architecture-walks.js';
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

  const { instances, architectures } = await architectureAccuracies(context, space, zoo.heldOut, test);
  const walks = await architectureWalks(space, zoo.heldOut, { ...config.walks, images: test });
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
