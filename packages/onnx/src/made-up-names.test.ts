import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';

import { disposeInstances } from '@netspace/prep';
import { fixtureBytes } from '@netspace/testing/onnx-fixtures';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { tensorBytes } from './proto/write.js';
import { modelBytes } from './testing/model-bytes.js';
import { writeOnnx } from './write-onnx.js';

/** Two networks of one model that one program exported: their exporter counts up the names. */
const network = (number: 1 | 2): Uint8Array => readFileSync(new URL(`../fixtures/keras-twice-${number}.onnx`, import.meta.url));

describe('files of exporters that make up names', () => {
  it('are networks of one architecture where only the names differ', async () => {
    const [first, second] = [architectureFromOnnx(network(1)), architectureFromOnnx(network(2))];
    expect(first.parameters.map(({ name }) => name)).not.toEqual(second.parameters.map(({ name }) => name));
    const [other, own] = [instanceFromOnnx(first, network(2)), instanceFromOnnx(second, network(2))];
    const x = tf.randomNormal([3, 4, 4, 1], 0, 1, 'float32', 1);
    const expected = second.apply(own.parameters, x).dataSync();
    expect(first.apply(other.parameters, x).dataSync()).toEqual(expected);
    const written = await writeOnnx(other); // into the graph of the first file
    const again = instanceFromOnnx(second, written);
    expect(second.apply(again.parameters, x).dataSync()).toEqual(expected);
    disposeInstances([other, own, again]);
    tf.dispose(x);
  });

  it('are refused where the graph differs too', () => {
    const architecture = architectureFromOnnx(network(1));
    expect(() => instanceFromOnnx(architecture, fixtureBytes('keras-mlp.tf2onnx.onnx'))).toThrow(
      /expected parameter 1 of onnx-\w+ to be .*; pass a file of the same architecture/,
    );
  });

  it('have single numbers that may be learned: jax2onnx calls all alike', () => {
    const nodes = [{ name: 'scale', operator: 'Mul', inputs: ['const_0', 'x'], outputs: ['y'] }];
    const model = { nodes, initializers: [tensorBytes('const_0', [], Float32Array.of(0.5))], producer: 'jax2onnx' };
    expect(() => architectureFromOnnx(modelBytes(model))).toThrow(
      /may be either: const_0 \[\] in scale \(Mul\); name them in the option constants if they are the same in all networks, otherwise in parameters/,
    );
    expect(architectureFromOnnx(modelBytes(model), { constants: ['const_*'] }).parameters).toEqual([]);
    expect(architectureFromOnnx(modelBytes(model), { parameters: ['const_0'] }).parameters).toHaveLength(1);
  });

  it('name a way round the loops of recurrent layers', () => {
    const nodes = [{ name: 'gru/while_loop', operator: 'Loop', inputs: ['x'], outputs: ['y'] }];
    expect(() => architectureFromOnnx(modelBytes({ nodes, producer: 'tf2onnx' }))).toThrow(
      /got Loop in .*with unroll=True, or take the tf\.LayersModel/,
    );
  });
});
