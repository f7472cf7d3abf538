import * as tf from '@tensorflow/tfjs-core';

import type { MetricsSink } from '@netspace/train';

/** The result of `tf.node.summaryFileWriter(folder)` of tfjs-node. */
export interface SummaryWriter {
  scalar(name: string, value: number, step: number): void;
  flush(): void;
}

/**
 * Sends measurements to TensorBoard, through the writer of a runtime that has one.
 *
 * @param writer `tf.node.summaryFileWriter(folder)` of `@tensorflow/tfjs-node`
 * @example
 * ```ts
 * import { tensorBoard } from '@netspace/node';
 *
 * const scalars: string[] = [];
 * const writer = {
 *   scalar: (name: string, value: number, step: number) => void scalars.push(`${name} ${value} at ${step}`),
 *   flush: () => undefined,
 * };
 * await tensorBoard(writer).write({ step: 1, loss: 0.5 });
 * console.log(scalars); // [ 'loss 0.5 at 1' ]
 * ```
 */
export const tensorBoard = (writer: SummaryWriter): MetricsSink => ({
  startAfter: () => Promise.resolve(), // TensorBoard itself hides what a restart wrote before
  write(record) {
    for (const [name, value] of Object.entries(record)) {
      if (name !== 'step' && typeof value === 'number') writer.scalar(name, value, record.step);
    }
    writer.flush();
    return Promise.resolve();
  },
});

/**
 * A TensorBoard writer for a folder, if the current runtime has one: tfjs-node's `tensorflow` backends do, others do not.
 *
 * @returns undefined if it has none
 * @example
 * ```ts no-run
 * import { selectRuntime, summaryWriter, tensorBoard } from '@netspace/node';
 *
 * await selectRuntime({ prefer: 'tensorflow' });
 * const writer = summaryWriter('my-run');
 * if (writer !== undefined) await tensorBoard(writer).write({ step: 1, loss: 0.3 });
 * ```
 */
export function summaryWriter(folder: string): SummaryWriter | undefined {
  const backend: unknown = tf.backend();
  if (!hasSummaries(backend)) return undefined;
  const resource = backend.summaryWriter(folder);
  backend.createSummaryFileWriter(resource, folder, 10, 120_000, '.v2'); // tfjs-node's own defaults
  return {
    scalar: (name, value, step) => backend.writeScalarSummary(resource, step, name, value),
    flush: () => backend.flushSummaryWriter(resource),
  };
}

/** The part of tfjs-node's backend behind `tf.node.summaryFileWriter`. */
interface SummaryBackend {
  summaryWriter(name: string): tf.Tensor;
  createSummaryFileWriter(resource: tf.Tensor, folder: string, queue: number, flushMillis: number, suffix: string): void;
  writeScalarSummary(resource: tf.Tensor, step: number, name: string, value: number): void;
  flushSummaryWriter(resource: tf.Tensor): void;
}

const hasSummaries = (backend: unknown): backend is SummaryBackend =>
  typeof backend === 'object' &&
  backend !== null &&
  ['summaryWriter', 'createSummaryFileWriter', 'writeScalarSummary', 'flushSummaryWriter'].every((method) => method in backend);

/**
 * One sink that passes its measurements on to several.
 *
 * @example
 * ```ts
 * import { allSinks, type MetricsSink } from '@netspace/node';
 *
 * const seen: number[] = [];
 * const sink: MetricsSink = { startAfter: async () => undefined, write: async ({ step }) => void seen.push(step) };
 * await allSinks(sink, sink).write({ step: 3 });
 * console.log(seen); // [ 3, 3 ]
 * ```
 */
export const allSinks = (...sinks: readonly MetricsSink[]): MetricsSink => ({
  async startAfter(step) {
    for (const sink of sinks) await sink.startAfter(step);
  },
  async write(record) {
    for (const sink of sinks) await sink.write(record);
  },
});
