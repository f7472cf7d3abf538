import { learnMultiArch } from '../multi-arch/learned.js';
import type { MultiArchConfig } from '../multi-arch/config.js';
import type { Context } from '../shared/experiment.js';
import { readOut, type Rows } from '../shared/results/regression.js';
import type { Member } from '../shared/zoo-stage.js';
import { embeddingsOf } from './embeddings-of.js';
import { allWeights, statisticsOf } from './weight-statistics.js';

/** How often a linear regression to each architecture's indicator is greatest for the right one, of held-out networks. */
export interface ArchitectureReadout {
  readonly features: string;
  readonly right: number;
}

/** Reads the architecture off the embeddings of the space of several, and off statistics of all weights of a network together. */
export async function architectureReadouts(config: MultiArchConfig, context: Context): Promise<readonly ArchitectureReadout[]> {
  const { zoo, trained } = await learnMultiArch(config, context);
  const { space } = trained;
  const features: Readonly<Record<string, (members: readonly Member[]) => Promise<Rows>>> = {
    embedding: (members) => embeddingsOf(space, members),
    'weight statistics': (members) => Promise.all(members.map(async ({ instance }) => statisticsOf(await allWeights(instance)))),
  };
  const names = space.architectures.map(({ name }) => name);
  const readouts: ArchitectureReadout[] = [];
  for (const [name, rows] of Object.entries(features)) {
    const [known, heldOut] = [await rows(zoo.known), await rows(zoo.heldOut)];
    const scores = names.map((architecture) => {
      const indicator = (members: readonly Member[]) => members.map(({ instance }) => Number(instance.architecture.name === architecture));
      return readOut({ x: known, y: indicator(zoo.known) }, { x: heldOut, y: indicator(zoo.heldOut) }).predicted;
    });
    const right = zoo.heldOut.filter(({ instance }, i) => {
      const own = scores.map((score) => score[i]!);
      return names[own.indexOf(Math.max(...own))] === instance.architecture.name;
    });
    readouts.push({ features: name, right: right.length / zoo.heldOut.length });
  }
  space.dispose();
  return readouts;
}
