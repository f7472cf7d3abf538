import { NetSpace } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import { accuracyAxis, chartFile } from '../shared/results/charts.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { gradedSpace } from '../shared/graded/graded-space.js';
import { readOut, type Readout, type Rows } from '../shared/results/regression.js';
import { testAccuracyOf, type Member } from '../shared/zoo-stage.js';
import { architectureReadouts } from './architecture-readout.js';
import { CONFIGS, type EmbeddingConfig } from './config.js';
import { embeddingsOf } from './embeddings-of.js';
import { mapOf } from './map.js';
import { allWeights, weightStatistics } from './weight-statistics.js';

/** What the embedding knows of a network. */
export const experiment: Experiment<EmbeddingConfig> = {
  name: 'embedding',
  question:
    "Can a network's accuracy, the length of its training and its architecture be read off its embedding, better than off statistics of its weights?",
  configs: CONFIGS,
  run,
};

interface NamedReadout extends Readout {
  readonly quantity: string;
  readonly features: string;
  /** Of the held-out networks. */
  readonly truth: readonly number[];
}

async function run({ space: config, several, neighbors }: EmbeddingConfig, context: Context): Promise<Outcome> {
  const { space, zoo } = await gradedSpace(context, config, { name: 'single-arch-0', seed: context.seed });
  const { architectures } = space;
  const untrained = new NetSpace({ ...space.config, architectures, seed: context.seed + 1 });
  const features: Readonly<Record<string, (members: readonly Member[]) => Promise<Rows>>> = {
    embedding: (members) => embeddingsOf(space, members),
    'weight statistics': (members) => Promise.all(members.map(({ instance }) => weightStatistics(instance))),
    weights: (members) => Promise.all(members.map(({ instance }) => allWeights(instance))),
    'embedding of an untrained space': (members) => embeddingsOf(untrained, members),
  };
  const quantities: Readonly<Record<string, (member: Member) => number>> = {
    accuracy: testAccuracyOf,
    'log epochs': ({ record }) => Math.log(record.epochs),
  };
  const readouts: NamedReadout[] = [];
  for (const [name, rows] of Object.entries(features)) {
    const [known, heldOut] = [await rows(zoo.known), await rows(zoo.heldOut)];
    for (const [quantity, of] of Object.entries(quantities)) {
      const readout = readOut({ x: known, y: zoo.known.map(of) }, { x: heldOut, y: zoo.heldOut.map(of) });
      context.log(`${quantity} from ${name}: R² ${readout.r2.toFixed(3)}, cross-validated ${readout.crossValidated.toFixed(3)}`);
      readouts.push({ quantity, features: name, ...readout, truth: zoo.heldOut.map(of) });
    }
  }
  const all = [...zoo.known, ...zoo.heldOut];
  const places = mapOf(await embeddingsOf(space, all), { neighbors, seed: context.seed });
  tf.dispose([space.variables, untrained.variables]);
  const architectureFrom = await architectureReadouts(several, context);
  const find = (quantity: string, name: string) => readouts.find((one) => one.quantity === quantity && one.features === name)!;
  const [ours, theirs] = [find('accuracy', 'embedding'), find('accuracy', 'weight statistics')];
  return {
    results: {
      readouts,
      architectures: architectureFrom,
      map: all.map((member, i) => ({ name: member.name, place: places[i], accuracy: quantities['accuracy']!(member) })),
    },
    thresholds: [
      { what: 'R² of accuracy from the embedding, held-out', value: ours.r2, atLeast: 0.8 },
      { what: 'R² of accuracy from weight statistics, held-out', value: theirs.r2 },
      { what: 'R² of log epochs from the embedding, held-out', value: find('log epochs', 'embedding').r2, atLeast: 0.8 },
      { what: 'R² of log epochs from weight statistics, held-out', value: find('log epochs', 'weight statistics').r2 },
      ...architectureFrom.map(({ features: name, right }) => ({
        ...{ what: `architecture of held-out networks read right from ${name}`, value: right },
        ...(name === 'embedding' && { atLeast: 1 }),
      })),
    ],
    figures: [
      chartFile('accuracy', {
        ...{ chart: 'scatter', title: 'Accuracy of held-out networks, read off by linear regression', diagonal: true },
        ...{ x: accuracyAxis('accuracy'), y: accuracyAxis('accuracy as read off') },
        series: [ours, theirs].map((one) => ({
          name: one.features,
          points: one.predicted.map((value, i) => [one.truth[i]!, value] as const),
        })),
      }),
      chartFile('map', {
        ...{ chart: 'scatter', title: 'Embeddings of the zoo, by accuracy (UMAP)', x: { label: '' }, y: { label: '' } },
        series: byAccuracy(all).map(({ name, indices }) => ({ name, points: indices.map((i) => places[i]!) })),
      }),
    ],
  };
}

/** Four groups from poor to good, of equal width. */
function byAccuracy(members: readonly Member[]) {
  const values = members.map(testAccuracyOf);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const edge = (i: number): number => low + ((high - low) * i) / 4;
  const percent = (value: number): string => `${Math.round(100 * value)} %`;
  const group = (value: number): number => Math.min(3, Math.floor((4 * (value - low)) / (high - low)));
  return Array.from({ length: 4 }, (_, i) => ({
    name: `${percent(edge(i))} to ${percent(edge(i + 1))}`,
    indices: [...values.keys()].filter((k) => group(values[k]!) === i),
  }));
}
