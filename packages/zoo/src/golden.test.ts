import { readFileSync } from 'node:fs';

import { rawToFloat32, readSafetensors, type RawTensor } from '@netspace/formats';
import { tensorShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { architectureByName } from './architectures/by-name.js';

const golden = (file: string) => new URL(`../../../golden/data/${file}`, import.meta.url);
const { tensors: forward } = readSafetensors(readFileSync(golden('forward.safetensors')));
const { nets, generator } = JSON.parse(readFileSync(golden('manifest.json'), 'utf8')) as {
  nets: Record<string, { params: { name: string; shape: number[] }[]; generatorGroup: string }>;
  generator: { groups: Record<string, Record<string, { shape: number[]; seed: number; scale: number }>> };
};

const ZOO_NAMES: Record<string, string> = {
  'lenetlike-cifar10': 'lenet-like-3x32x32-10',
  'lenetlike-tin': 'lenet-like-3x64x64-200',
  'vanillacnn-cifar10': 'vanilla-cnn-3x32x32-10',
  'vanillacnn-tin': 'vanilla-cnn-3x64x64-200',
  'resnet8-cifar10': 'resnet8-3x32x32-10',
  'resnet8-tin': 'resnet8-3x64x64-200',
  'resnet32-cifar10': 'resnet32-3x32x32-10',
  'mlp-256x1': 'siren-3-256x1-1',
  'mlp-32x1': 'siren-3-32x1-1',
};

describeOnRuntimes('the zoo against the authors', (runtime) => {
  it.each(Object.entries(ZOO_NAMES))('%s has their parameters and their outputs', (key, name) => {
    const architecture = architectureByName(name);
    const net = nets[key]!;
    expect(architecture.parameters.map((spec) => ({ name: spec.name, shape: spec.shape }))).toEqual(
      net.params.map((spec) => ({ name: spec.name, shape: spec.shape })),
    );
    if (runtime === 'cpu' && /tin|resnet32/.test(key)) return; // slow there
    const group = generator.groups[net.generatorGroup]!;
    const output = tf.tidy(() => {
      const parameters = architecture.parameters.map((spec) => {
        const { seed, scale } = group[spec.name]!;
        const values = generate(tf.util.sizeFromShape([...spec.shape]), seed, scale);
        const inOrder = tf.tensor(values, [...spec.shape]);
        return spec.tensorAxes === undefined ? inOrder : tf.reshape(tf.transpose(inOrder, [...spec.tensorAxes]), tensorShape(spec));
      });
      return architecture.apply(parameters, inputOf(key));
    });
    const expected = forward.get(`${key}/gen/${key.startsWith('mlp') ? 'out' : 'logits'}`)!;
    expectClose(output.dataSync(), rawToFloat32(expected), 1e-4);
    output.dispose();
  });
});

const inputOf = (key: string): tf.Tensor => {
  if (key.startsWith('mlp')) return toTensor(forward.get('coords')!);
  return tf.transpose(toTensor(forward.get(`images-${key.split('-')[1]!}`)!), [0, 2, 3, 1]);
};

const toTensor = (raw: RawTensor): tf.Tensor => tf.tensor(rawToFloat32(raw), [...raw.shape]);

/** The procedural weights of golden/README.md. */
const generate = (count: number, seed: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * (((Math.imul(i, 0x9e3779b1) + seed) >>> 0) / 4294967296 - 0.5));
