import { type Instance, tensorShape } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { kerasTopology } from './keras-topology.js';

/** One of the files of a model. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A network as the two files of a TensorFlow.js model: `await tf.loadLayersModel('model.json')` opens it. It gives logits of images that are
 * normalized as the space's are.
 *
 * @param facts what else to write into it, such as names of classes
 * @throws NetSpaceError `UNSUPPORTED` as `kerasTopology`
 */
export async function kerasModel(
  { architecture, parameters }: Instance,
  facts: Readonly<Record<string, unknown>>,
): Promise<readonly ModelFile[]> {
  const modelTopology = kerasTopology(architecture);
  const weights = architecture.parameters.map((spec) => ({
    name: spec.name.replace(/\.weight$/, '/kernel').replace(/\.bias$/, '/bias'),
    shape: tensorShape(spec),
    dtype: 'float32',
  }));
  const values = await Promise.all(parameters.map((tensor) => tensor.data<'float32'>()));
  const data = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const value of values) {
    data.set(value, at);
    at += value.length;
  }
  const json = {
    format: 'layers-model',
    generatedBy: 'NetSpace',
    convertedBy: `TensorFlow.js ${tf.version_core}`,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights }],
    userDefinedMetadata: { architecture: architecture.name, ...facts },
  };
  return [
    { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) },
    { name: 'weights.bin', bytes: new Uint8Array(data.buffer) },
  ];
}
