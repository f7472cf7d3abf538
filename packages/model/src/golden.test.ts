import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { rawToFloat32, readSafetensors } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { decode } from './decoder.js';
import { encode } from './encoder.js';
import type { NamedTensors } from './named-tensors.js';
import { decoderSpecs, encoderSpecs } from './specs.js';
import { resolveConfig } from './config.js';

interface Manifest {
  generator: { groups: Record<string, Record<string, { shape: number[]; seed: number; scale: number }>> };
}

const data = (file: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../golden/data/${file}`, import.meta.url))));
const manifest = JSON.parse(new TextDecoder().decode(data('manifest.json'))) as Manifest;
const { tensors } = readSafetensors(data('encdec.safetensors'));
const stored = (name: string) => {
  const raw = tensors.get(name)!;
  return tf.tensor(rawToFloat32(raw), [...raw.shape]);
};
/** PyTorch's order → TensorFlow's. */
const reorder = (x: tf.Tensor, axes: readonly number[] | undefined) => (axes === undefined ? x : tf.transpose(x, [...axes]));

function generated(group: string): NamedTensors {
  return Object.fromEntries(
    Object.entries(manifest.generator.groups[group]!).map(([name, { shape, seed, scale }]) => {
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => {
        return scale * (((Math.imul(i, 0x9e3779b1) + seed) >>> 0) / 4294967296 - 0.5);
      });
      const x = tf.tensor(values, shape);
      return [name, shape.length === 4 ? tf.transpose(x, [2, 3, 1, 0]) : name === 'arch_classifier.weight' ? tf.transpose(x) : x];
    }),
  );
}

function expectChecksum(name: string, got: tf.Tensor): void {
  const values = tf.transpose(got, [0, 3, 1, 2]); // stored channels first
  expect(values.shape).toEqual([...rawToFloat32(tensors.get(`${name}#shape`)!)]);
  const [mean, std] = rawToFloat32(tensors.get(`${name}#stats`)!);
  const rms = Math.hypot(mean!, std!);
  const all = values.dataSync();
  const expected = rawToFloat32(tensors.get(`${name}#val`)!);
  rawToFloat32(tensors.get(`${name}#idx`)!).forEach((index, i) => {
    expect(Math.abs(all[index]! - expected[i]!)).toBeLessThanOrEqual(1e-4 * (Math.abs(expected[i]!) + rms));
  });
}

describeOnRuntimes('the golden encoder', (runtime) => {
  it.each(['a', 'b', 'c'])('64 wide, input %s', (input) => {
    tf.tidy(() => {
      const config = { embeddingSize: 64, encoderWidth: 2 };
      const weights = Object.fromEntries(
        encoderSpecs(config).map(({ name, tensorAxes }) => [name, reorder(stored(`encoder64/w/${name}`), tensorAxes)]),
      );
      const embedding = encode(weights, tf.squeeze(stored(`encoder64/${input}/prep`), [1]), config);
      expectClose(embedding.dataSync(), rawToFloat32(tensors.get(`encoder64/${input}/embedding`)!));
    });
  });

  it.runIf(runtime !== 'cpu')('4096 wide, 8×512', () => {
    tf.tidy(() => {
      const preps = tf.squeeze(stored('encoder4096/8x512/prep'), [1]) as tf.Tensor3D;
      const weights = generated('encoder4096');
      const config = { embeddingSize: 4096, encoderWidth: 128 };
      const observed: string[] = [];
      const observe = (layer: string, output: tf.Tensor4D) => {
        observed.push(layer);
        expectChecksum(`encoder4096/8x512/${layer}`, output);
      };
      const expected = rawToFloat32(tensors.get('encoder4096/8x512/embedding')!);
      expectClose(encode(weights, preps, config).dataSync(), expected);
      expectClose(encode(weights, preps, config, { observe }).dataSync(), expected);
      expect(observed).toEqual(['conv1', 'conv2', 'conv3', 'conv4']);
    });
  });
});

describeOnRuntimes('the golden decoder', (runtime) => {
  const cases = [
    { name: '4x8', group: 'decoder4096-4x8', shape: [4, 8], embeddingSize: 4096, classes: 4, input: 'embedding-a' },
    { name: '8x512', group: 'decoder4096-8x512', shape: [8, 512], embeddingSize: 4096, classes: 4, input: 'embedding-a' },
    { name: '12x40-emb8192', group: 'decoder8192-12x40', shape: [12, 40], embeddingSize: 8192, classes: 1, input: 'embedding-b' },
  ] as const;
  it.each(runtime === 'cpu' ? cases.slice(0, 1) : cases)('$name', ({ name, group, shape, embeddingSize, classes, input }) => {
    tf.tidy(() => {
      const config = resolveConfig({ prepShape: shape, embeddingSize, classes });
      const weights = generated(group);
      expect(Object.keys(weights)).toEqual(decoderSpecs(config).map((spec) => spec.name));
      const embeddings = tf.reshape(stored(input), [-1, embeddingSize]) as tf.Tensor2D;
      const observe = (layer: string, output: tf.Tensor4D) => {
        if (tensors.has(`decoder/${name}/${layer}#shape`)) expectChecksum(`decoder/${name}/${layer}`, output);
      };
      const { preps, classLogits } = decode(weights, embeddings, config, { observe });
      expectClose(preps.dataSync(), rawToFloat32(tensors.get(`decoder/${name}/prep`)!));
      if (classes > 1) expectClose(classLogits!.dataSync(), rawToFloat32(tensors.get(`decoder/${name}/arch-logits`)!));
      else expect(classLogits).toBeUndefined();
    });
  });
});
