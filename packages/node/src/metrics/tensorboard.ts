import type { MetricsSink } from './metrics-file.js';

/** What `tf.node.summaryFileWriter(folder)` of tfjs-node gives. */
export interface SummaryWriter {
  scalar(name: string, value: number, step: number): void;
  flush(): void;
}

/**
 * Sends measurements to TensorBoard, through the writer of a runtime that has one.
 *
 * @param writer `tf.node.summaryFileWriter(folder)` of `@tensorflow/tfjs-node`
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

/** One sink that feeds several. */
export const allSinks = (...sinks: readonly MetricsSink[]): MetricsSink => ({
  async startAfter(step) {
    for (const sink of sinks) await sink.startAfter(step);
  },
  async write(record) {
    for (const sink of sinks) await sink.write(record);
  },
});
