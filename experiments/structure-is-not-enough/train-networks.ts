import { eachCrossEntropy } from '@netspace/losses/internal';
import type { Architecture, Instance, StepProgress } from '@netspace/prep';
import {
  fitRows,
  rowsOfNew,
  rowsOptimizer,
  type RowsOptimizer,
  shuffledBatches,
  tensorsOfRow,
  tensorsOfRows,
} from '@netspace/train/internal';
import { type ImageDataset, trainableForm } from '@netspace/zoo';
import { wideImageBatch } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { type Init, initialValues } from './initial-values.js';

/** What is one network's own. */
export interface NetworkSettings {
  readonly init: Init;
  readonly learningRate: number;
  /** Added to the gradient as this factor of the weights, as PyTorch's Adam has it. */
  readonly weightDecay: number;
  readonly seed: number;
}

/** A network after some of its training; whoever gets it disposes of it. */
export interface Snapshot {
  /** Its place in the list of networks. */
  readonly network: number;
  readonly step: number;
  readonly instance: Instance;
}

/**
 * Trains networks at once with Adam at constant rates, and gives each after every length. The library's own `trainInstances` has neither these
 * initial values nor Adam with weight decay.
 *
 * @param stops steps after which the networks are given, ascending
 */
export async function* trainNetworks(
  architecture: Architecture,
  networks: readonly NetworkSettings[],
  options: {
    readonly train: ImageDataset;
    readonly batchSize: number;
    readonly stops: readonly number[];
    readonly signal: AbortSignal;
    onStep?(step: number): void;
  },
): AsyncGenerator<Snapshot, void> {
  const { train, batchSize, stops, signal, onStep } = options;
  const { parameters: specs, applyMany } = trainableForm(architecture);
  const name = 'trainNetworks';
  const start = rowsOfNew(networks.map(({ init, seed }) => initialValues(architecture, init, seed)));
  const runs = networks.map(({ learningRate }) => ({ optimizer: { kind: 'adam', learningRate } as const, length: stops.at(-1)! }));
  const batches = networks.map(({ seed }) =>
    shuffledBatches({ count: train.count, size: batchSize, seed, stream: 'images', caller: name, option: 'batchSize' }),
  );
  const fit = fitRows({
    ...{ name, start, specs, signal, onStep: onStep && (({ step }: StepProgress) => onStep(step)) },
    stops: networks.map(() => stops),
    optimizer: decayed(
      rowsOptimizer(name, runs, 1),
      networks.map(({ weightDecay }) => weightDecay),
    ),
    losses(rows, step, left) {
      const { images, labels } = wideImageBatch(
        train,
        left.map((network) => batches[network]!(step)),
      );
      return eachCrossEntropy(applyMany(tensorsOfRows(rows, specs), [], images).output as tf.Tensor3D, labels);
    },
    onDiverged(_, error) {
      throw error; // none of the settings should
    },
  });
  try {
    for await (const { step, rows, stopped } of fit) {
      for (const { network, place } of stopped)
        yield { network, step, instance: { architecture, parameters: tensorsOfRow(rows, place, specs) } };
    }
  } finally {
    start.dispose();
  }
}

/** An optimizer whose gradients have weight decay in them. */
export function decayed(inner: RowsOptimizer, decays: readonly number[]): RowsOptimizer {
  let left = decays;
  return {
    ...inner,
    apply: (rows, gradient) => inner.apply(rows, tf.add(gradient, tf.mul(rows, tf.tensor2d(left.map((decay) => [decay]))))),
    keep(places) {
      left = places.map((place) => left[place]!);
      inner.keep(places);
    },
    restore(state, places) {
      left = places.map((place) => left[place]!);
      inner.restore(state, places);
    },
  };
}
