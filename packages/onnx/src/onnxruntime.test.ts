import '@tensorflow/tfjs';
import { disposeInstances, type Instance } from '@netspace/prep';
import { type FixtureModel, fixtureBytes, fixtureInput, fixtureModels } from '@netspace/testing/onnx-fixtures';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { architectureFromGraphFile, graphFileOf } from './graph-file.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { writeOnnx } from './write-onnx.js';

const options = { softmax: 'values', layout: 'as-exported' } as const;

/** What somebody else's program makes of a file. */
async function outputsOf(file: Uint8Array, inputs: readonly tf.Tensor[]): Promise<ArrayLike<number>[]> {
  const session = await ort.InferenceSession.create(file);
  const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, feedOf(inputs[i]!)]));
  const results = await session.run(feeds);
  const outputs = session.outputNames.map((name) => results[name]!.data as Float32Array);
  await session.release();
  return outputs;
}

const feedOf = (x: tf.Tensor): ort.Tensor =>
  x.dtype === 'int32'
    ? new ort.Tensor('int64', BigInt64Array.from([...x.dataSync<'int32'>()].map(BigInt)), x.shape)
    : new ort.Tensor('float32', x.dataSync<'float32'>(), x.shape);

describe.each(fixtureModels.filter(({ isOnnx = true }) => isOnnx))(
  '$name, written with other weights',
  ({ files, inputs, constants = [] }: FixtureModel) => {
    beforeAll(() => void (ort.env.wasm.numThreads = 1));

    it.each(files)('%s: onnxruntime computes what we compute', async (file) => {
      const bytes = fixtureBytes(file);
      const original = instanceFromOnnx(architectureFromOnnx(bytes, { ...options, constants }), bytes);
      // By the graph without weights, as a space keeps it.
      const architecture = architectureFromGraphFile(graphFileOf(original.architecture)!.bytes);
      const parameters = original.parameters.map((tensor, i) => tf.tidy(() => tf.add(tf.mul(tensor, 1.05), 0.01 * Math.sin(i))));
      const instance: Instance = { architecture, parameters };
      const given = inputs.map(fixtureInput);
      const written = await writeOnnx(instance);
      const theirs = await outputsOf(written, given);
      const named = Object.fromEntries(architecture.inputs!.map(({ name }, i) => [name, given[i]!]));
      const ours = architecture.applyNamed!(parameters, named);
      architecture.outputs!.forEach(({ name }, i) => {
        const wanted = ours[name]!.dataSync();
        const size = Math.max(1, ...wanted.map(Math.abs));
        const worst = Math.max(...wanted.map((value, at) => Math.abs(value - Number(theirs[i]![at]))));
        expect(worst / size, name).toBeLessThan(1e-5);
      });
      tf.dispose([given, ours]);
      disposeInstances([original, instance]);
    });
  },
);
