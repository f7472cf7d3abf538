import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { architectureFromGraphFile, graphFileOf } from '@netspace/onnx/internal';
import { disposeInstances } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { Contradiction } from '../contradiction.js';
import { fixtures, type Readers } from './fuzz-reader.js';

const onnxFolder = new URL('../../../packages/onnx/fixtures/models/', import.meta.url);

/** ONNX files, and graphs of them. */
export const onnxReaders: Readers = {
  onnx: async () => ({
    seeds: await fixtures(/^(mlp|lenet|cnn-gru|preact|gpt|resizes|keras-gru|two-heads|einsum|jax-mlp)\..*\.onnx$/, onnxFolder),
    read(bytes) {
      const architecture = architectureFromOnnx(bytes, { constants: ['const_*'] });
      const instance = instanceFromOnnx(architecture, bytes);
      const wrong = instance.parameters.findIndex(
        (tensor, i) => tensor.size !== tf.util.sizeFromShape([...architecture.parameters[i]!.shape]),
      );
      disposeInstances([instance]);
      if (wrong >= 0) throw new Contradiction(`parameter ${wrong} of another size than its spec`);
    },
  }),
  'onnx-graph': async () => ({
    seeds: (await fixtures(/^(mlp|preact)\.old\.onnx$/, onnxFolder)).map((bytes) => graphFileOf(architectureFromOnnx(bytes))!.bytes),
    read: (bytes) => architectureFromGraphFile(bytes),
  }),
  // A graph that was accepted also runs, or says why not, within its limits.
  'onnx-run': async () => ({
    seeds: await fixtures(/^(mlp|pools|norms|pads|resizes|einsum|keras-gru|two-heads|highway)\..*\.onnx$/, onnxFolder),
    read(bytes) {
      const architecture = architectureFromOnnx(bytes, { limits: { valueSize: 2 ** 16, dataBytes: 2 ** 20 } });
      const { parameters } = instanceFromOnnx(architecture, bytes);
      const inputs = Object.fromEntries(architecture.inputs!.map(({ name, shape, dtype }) => [name, tf.zeros(shape.map((side) => Math.min(side ?? 2, 64)), dtype)])); // prettier-ignore
      try {
        tf.dispose(architecture.applyNamed!(parameters, inputs));
      } finally {
        tf.dispose([...parameters, ...Object.values(inputs)]);
      }
    },
  }),
};
