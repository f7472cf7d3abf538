import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { rawToFloat32, readSafetensors, type RawTensor } from '@netspace/formats';
import { unpackPRep, type ParameterSpec } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { resolveConfig } from './config.js';
import { decode } from './decoder/decoder.js';
import { encode } from './encoder/encoder.js';
import type { NamedTensors } from './weights/named-tensors.js';
import { decoderSpecs, encoderSpecs } from './weights/specs.js';

// The small cases of golden/README.md's groups encdec and grads; `npm run golden` checks all of them, and what their convolutions give.

interface Manifest {
  generator: { groups: Record<string, Record<string, { shape: number[]; seed: number; scale: number }>> };
  nets: Record<string, { params: { name: string; shape: number[] }[] }>;
}
type Stored = ReadonlyMap<string, RawTensor>;

const bytes = (file: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../golden/data/${file}`, import.meta.url))));
const manifest = JSON.parse(new TextDecoder().decode(bytes('manifest.json'))) as Manifest;
const encdec = readSafetensors(bytes('encdec.safetensors')).tensors;
const grads = readSafetensors(bytes('grads.safetensors')).tensors;

const stored = (from: Stored, name: string) => {
  const raw = from.get(name)!;
  return tf.tensor(rawToFloat32(raw), [...raw.shape]);
};
const storedPReps = (name: string, from = encdec) => tf.squeeze(stored(from, name), [1]) as tf.Tensor3D;
const values = (from: Stored, name: string) => rawToFloat32(from.get(name)!);

/** How PyTorch's axes lie in TensorFlow; only weights have more than one axis that is not a place in the PRep. */
const tensorAxes = (name: string, rank: number) => (rank === 4 ? [2, 3, 1, 0] : rank === 2 && name.endsWith('weight') ? [1, 0] : undefined);

function generated(group: string): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(manifest.generator.groups[group]!).map(([name, { shape, seed, scale }]) => {
      const numbers = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => {
        return scale * (((Math.imul(i, 0x9e3779b1) + seed) >>> 0) / 4294967296 - 0.5);
      });
      return [name, tf.transpose(tf.tensor(numbers, shape), tensorAxes(name, shape.length) ?? shape.map((_, i) => i))];
    }),
  );
}

/** Compares with the stored sample of a tensor too large to store; `got` in PyTorch's axis order. */
function expectChecksum(from: Stored, name: string, got: tf.Tensor, tolerance: number): void {
  const [mean, std] = values(from, `${name}#stats`);
  const rms = Math.hypot(mean!, std!);
  const numbers = got.dataSync();
  expect(got.size).toBe(tf.util.sizeFromShape([...values(from, `${name}#shape`)]));
  let sum = 0;
  for (const value of numbers) sum += value;
  expect(Math.abs(sum / got.size - mean!)).toBeLessThanOrEqual(tolerance * rms);
  const expected = values(from, `${name}#val`);
  const indices = from.get(`${name}#idx`)!.data as BigInt64Array;
  indices.forEach((index, i) => {
    const difference = Math.abs(numbers[Number(index)]! - expected[i]!);
    if (!(difference <= tolerance * (Math.abs(expected[i]!) + rms))) expect.fail(`${name}[${index}]: off by ${difference}`);
  });
}

describeOnRuntimes('the golden encoder', (runtime) => {
  it.each(['a', 'b', 'c'])('64 wide, input %s', (input) => {
    tf.tidy(() => {
      const config = { embeddingSize: 64, encoderWidth: 2 };
      const weights = Object.fromEntries(
        encoderSpecs(config).map(({ name, shape }) => {
          const weight = stored(encdec, `encoder64/w/${name}`);
          return [name, shape.length === 4 ? tf.transpose(weight, [2, 3, 1, 0]) : weight];
        }),
      );
      const embedding = encode(weights, storedPReps(`encoder64/${input}/prep`), config);
      expectClose(embedding.dataSync(), values(encdec, `encoder64/${input}/embedding`));
    });
  });

  // tfjs's own cpu backend would take minutes.
  if (runtime === 'cpu') return;
  it('4096 wide, 8×512', () => {
    tf.tidy(() => {
      const preps = storedPReps('encoder4096/8x512/prep');
      const weights = generated('encoder4096');
      const config = { embeddingSize: 4096, encoderWidth: 128 };
      expectClose(encode(weights, preps, config).dataSync(), values(encdec, 'encoder4096/8x512/embedding'));
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
      const embeddings = tf.reshape(stored(encdec, input), [-1, embeddingSize]) as tf.Tensor2D;
      const { preps, classLogits } = decode(weights, embeddings, config);
      expectClose(preps.dataSync(), values(encdec, `decoder/${name}/prep`));
      if (classes > 1) expectClose(classLogits!.dataSync(), values(encdec, `decoder/${name}/arch-logits`));
      else expect(classLogits).toBeUndefined();
    });
  });
});

describeOnRuntimes(
  'golden gradients through encoder and decoder',
  () => {
    const specsOf = (net: string): ParameterSpec[] =>
      manifest.nets[net]!.params.map(({ name, shape }) => {
        const axes = tensorAxes(name, shape.length);
        return axes === undefined ? { name, shape } : { name, shape, tensorAxes: axes };
      });
    const dense = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias);

    /** Encodes, decodes and differentiates a loss of what comes out in all weights and the embedding. */
    function check(group: 'sdf' | 'kd', classes: number, lossOf: (preps: tf.Tensor3D, classLogits: tf.Tensor2D | undefined) => tf.Scalar) {
      tf.tidy(() => {
        const encoder = generated(`grads-${group}-encoder`);
        const decoder = generated(`grads-${group}-decoder`);
        const input = group === 'sdf' ? storedPReps('sdf/preps', grads) : kdInput();
        const [, height, width] = input.shape;
        const config = resolveConfig({ prepShape: [height, width], classes });
        const names = [Object.keys(encoder), Object.keys(decoder)] as const;
        const zip = (keys: readonly string[], tensors: readonly tf.Tensor[]): NamedTensors =>
          Object.fromEntries(keys.map((key, i) => [key, tensors[i]!]));
        const shift = tf.zeros([2, 4096]); // its gradient is the embedding's
        const weights = [...Object.values(encoder), ...Object.values(decoder)];
        const loss = (...inputs: tf.Tensor[]) => {
          const [offset, ...tensors] = inputs;
          const embedding = tf.add(encode(zip(names[0], tensors), input, config), offset!) as tf.Tensor2D;
          const { preps, classLogits } = decode(zip(names[1], tensors.slice(names[0].length)), embedding, config);
          return lossOf(preps, classLogits);
        };
        const { value, grads: gradients } = tf.valueAndGrads(loss)([shift, ...weights]);
        expectClose(value.dataSync(), values(grads, `${group}/loss`));
        expectClose(gradients[0]!.dataSync(), values(grads, `${group}/grad-embedding`), 1e-3);
        const all = [...names[0].map((name) => ['encoder', name] as const), ...names[1].map((name) => ['decoder', name] as const)];
        all.forEach(([part, name], i) => {
          const gradient = gradients[i + 1]!;
          const torch = gradient.rank === 4 ? [3, 2, 0, 1] : tensorAxes(name, gradient.rank);
          expectChecksum(grads, `${group}/grad/${part}/${name}`, tf.transpose(gradient, torch ?? gradient.shape.map((_, k) => k)), 1e-3);
        });
      });
    }

    it('of a SIREN regression', () => {
      const siren = (prep: tf.Tensor, points: tf.Tensor) => {
        const [w0, b0, w1, b1, w2, b2] = unpackPRep(prep as tf.Tensor2D, { name: 'mlp-32x1', parameters: specsOf('mlp-32x1') });
        const first = tf.sin(tf.mul(30, dense(points, w0!, b0!)));
        return dense(tf.sin(tf.mul(30, dense(first, w1!, b1!))), w2!, b2!);
      };
      check('sdf', 1, (preps) => {
        const points = tf.unstack(stored(grads, 'sdf/coords'));
        const run = (batch: tf.Tensor3D) => tf.stack(tf.unstack(batch).map((prep, i) => siren(prep, points[i]!)));
        return tf.mean(tf.squaredDifference(run(preps), run(storedPReps('sdf/preps', grads)))) as tf.Scalar;
      });
    });

    const kdInput = (): tf.Tensor3D => {
      const nets = readSafetensors(bytes('nets.safetensors')).tensors;
      const layout = manifest.nets['lenetlike-cifar10']!.params;
      const own = generated('net:lenetlike-cifar10');
      const flat = (tensors: readonly tf.Tensor[]) => {
        const numbers = tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
        return tf.reshape(tf.pad(numbers as tf.Tensor1D, [[0, 8 * 7752 - numbers.size]]), [8, 7752]);
      };
      const torch = (tensor: tf.Tensor) => (tensor.rank === 4 ? tf.transpose(tensor, [3, 2, 0, 1]) : tf.transpose(tensor));
      const first = flat(layout.map(({ name }) => stored(nets, `lenetlike-cifar10/${name}`)));
      return tf.stack([first, flat(layout.map(({ name }) => torch(own[name]!)))]) as tf.Tensor3D;
    };

    it('of distillation with a class head', () => {
      const parameters = specsOf('lenetlike-cifar10');
      const images = tf.transpose(stored(grads, 'kd/images'), [0, 2, 3, 1]) as tf.Tensor4D;
      const lenet = (prep: tf.Tensor) => {
        const [c1, b1, c2, b2, f1, d1, f2, d2, f3, d3] = unpackPRep(prep as tf.Tensor2D, { name: 'lenet', parameters });
        const leaky = (x: tf.Tensor) => tf.leakyRelu(x, 0.01);
        const conv = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
          leaky(tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'valid'), b));
        const features = conv(conv(images, c1!, b1!), c2!, b2!);
        const flat = tf.reshape(tf.transpose(features, [0, 3, 1, 2]), [images.shape[0], -1]);
        return dense(leaky(dense(leaky(dense(flat, f1!, d1!)), f2!, d2!)), f3!, d3!);
      };
      const crossEntropy = (logits: tf.Tensor, labels: readonly number[]) =>
        tf.neg(tf.sum(tf.mul(tf.oneHot([...labels], logits.shape[1]!), tf.logSoftmax(logits))));
      check('kd', 4, (preps, classLogits) => {
        const labels = Array.from(values(grads, 'kd/labels'));
        const teacher = tf.logSoftmax(tf.div(stored(grads, 'kd/teacher'), 4));
        const each = tf.unstack(preps).map((prep) => {
          const student = lenet(prep);
          const kl = tf.sum(tf.mul(tf.exp(teacher), tf.sub(teacher, tf.logSoftmax(tf.div(student, 4)))));
          return tf.add(tf.mul(0.9 * (16 / 4), kl), tf.mul(0.1 / 4, crossEntropy(student, labels)));
        });
        return tf.addN([...each, crossEntropy(classLogits!, [0, 2])]) as tf.Scalar;
      });
    });
  },
  { runtimes: ['wasm'] },
);
